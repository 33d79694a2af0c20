import { defineContentScript } from 'wxt/utils/define-content-script';
import { connectToBridge } from '../messaging/page-channel.ts';
import { payingFetch } from '../page/paying-fetch.ts';
import { announceProvider } from '../page/provider.ts';

/** Runs in the page's own world before any of its scripts: `fetch` goes on by itself after a 402 was paid. */
export default defineContentScript({
  matches: ['http://*/*', 'https://*/*'],
  runAt: 'document_start',
  world: 'MAIN',
  main() {
    const nativeFetch = window.fetch;
    const fetch = payingFetch(nativeFetch, connectToBridge());
    window.fetch = fetch;
    // Arrow functions: called as methods of the provider, `fetch` itself would refuse its `this`.
    announceProvider({
      quote: (input, init) => nativeFetch(input, init),
      fetch: (input, init) => fetch(input, init),
    });
  },
});
