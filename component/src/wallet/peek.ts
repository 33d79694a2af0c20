import { PAYER_EVENTS } from './extension.ts';

/** Asks without paying. */
type Ask = (url: string, init: RequestInit) => Promise<Response>;

let heard: Ask | null = null;
let isListening = false;

/**
 * How the extension that pays in this browser is asked for a price, or null when there is none. A page's own `fetch`
 * would have it pay. The whole of the provider is looked at only when it is to pay. Browser only.
 */
export function quoteByExtension(): Ask | null {
  if (!isListening) addEventListener(PAYER_EVENTS.announce, (event) => hear(event));
  isListening = true;
  if (heard === null) dispatchEvent(new Event(PAYER_EVENTS.request));
  return heard;
}

/** Any script of the page may announce: what has not the right shape is not heard. */
function hear(event: Event): void {
  const provider = field(field(event, 'detail'), 'provider');
  const quote = field(provider, 'quote');
  if (typeof quote === 'function') heard ??= async (url, init) => quote.call(provider, url, init);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
}
