import { mount } from 'svelte';
import Article from './svelte.svelte';

mount(Article, { target: document.querySelector('#app') });
