import { createApp } from 'vue';
import Article from './vue.vue';

createApp(Article).mount('#app');
