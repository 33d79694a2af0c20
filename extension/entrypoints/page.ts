import type { UnlistedScriptDefinition } from 'wxt';
import { connectToBridge } from '../messaging/page-channel.ts';
import { payingFetch } from '../page/paying-fetch.ts';
import { payingXhr } from '../page/paying-xhr.ts';
import { announceProvider } from '../page/provider.ts';

/**
 * Runs in the page's own world before any of its scripts: `fetch` and XHR go on by themselves after a 402 was paid.
 * The manifest's entry for it, and what starts it, are in wxt.config.ts, and no helper of WXT's makes this object: they
 * would be code in every page.
 */
export function main(): void {
  const nativeFetch = window.fetch;
  const ask = connectToBridge();
  const fetch = payingFetch(nativeFetch, ask);
  window.fetch = fetch;
  window.XMLHttpRequest = payingXhr(window.XMLHttpRequest, ask);
  // Bound: called as methods of the provider, they would refuse their `this`.
  announceProvider({ quote: nativeFetch.bind(window), fetch: fetch.bind(window) });
}

export default { main } satisfies UnlistedScriptDefinition;
