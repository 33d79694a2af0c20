import { pageStore } from './page-store.ts';

/** Import this before a module that looks for the page's `localStorage` when it is loaded. */
Object.defineProperty(globalThis, 'localStorage', { configurable: true, value: pageStore() });
