import type { Browser } from 'wxt/browser';
import { withoutFragment } from './request-url.ts';

/** A 402 that the browser itself showed us: what a page says about its requests is never needed. */
export type Detection = {
  readonly requestId: string;
  readonly tabId: number;
  readonly frameId: number;
  /** Of the document that made the request; null for a navigation. */
  readonly documentId: string | null;
  readonly kind: 'navigation' | 'fetch';
  readonly url: string;
  readonly method: string;
  /** Origin of the document that made the request; null for a navigation. */
  readonly initiator: string | null;
  /** Value of `PAYMENT-REQUIRED`, which `webRequest` sees even where CORS hides it from the page. */
  readonly terms: string | null;
};

/** Milliseconds that a page's word may be ahead of the browser's event, and that an unclaimed 402 is kept. */
const EVENT_DELAY = 500;
const KEPT = 30_000;

const seen = new Set<Detection>();
const speculative = new Set<string>();
const arrivals = new EventTarget();

/**
 * Speculative loads (prefetch, prerender) look exactly like the reader's own navigation but for these headers.
 * The main guard is that a navigation counts only once its 402 is what the tab shows; this is the second.
 */
export function noteSpeculation({
  requestId,
  requestHeaders,
}: Browser.webRequest.OnSendHeadersDetails): void {
  const names = requestHeaders?.map(({ name }) => name.toLowerCase()) ?? [];
  if (names.includes('sec-purpose') || names.includes('purpose')) speculative.add(requestId);
}

/** Keeps a 402 (or a 412 with terms) until the page asks about it, or its document shows. */
export function observe(details: Browser.webRequest.OnHeadersReceivedDetails): void {
  const terms = headerOf(details, 'payment-required');
  const payable = details.statusCode === 402 || (details.statusCode === 412 && terms !== null);
  if (!payable || details.tabId < 0 || speculative.delete(details.requestId)) return;
  const navigation = details.type === 'main_frame';
  const detection: Detection = {
    requestId: details.requestId,
    tabId: details.tabId,
    frameId: details.frameId,
    documentId: navigation ? null : (details.documentId ?? null),
    kind: navigation ? 'navigation' : 'fetch',
    url: withoutFragment(details.url),
    method: details.method,
    initiator: details.initiator ?? null,
    terms,
  };
  seen.add(detection);
  setTimeout(() => seen.delete(detection), KEPT);
  arrivals.dispatchEvent(new Event('arrival'));
}

/** The newest 402 of this tab and URL, taken so that it is acted on once; null when there is none. */
export function takeNavigation(tabId: number, url: string): Detection | null {
  return take((one) => one.kind === 'navigation' && one.tabId === tabId && one.url === withoutFragment(url));
}

/** The newest 402 that answered this document's request, waited for a moment: events are asynchronous. */
export async function takeFetch(documentId: string, method: string, url: string): Promise<Detection | null> {
  const matches = (one: Detection) =>
    one.documentId === documentId && one.method === method && one.url === withoutFragment(url);
  const now = take(matches);
  if (now !== null) return now;
  await new Promise<void>((resolve) => {
    const stop = AbortSignal.timeout(EVENT_DELAY);
    stop.addEventListener('abort', () => resolve());
    arrivals.addEventListener('arrival', () => [...seen].some(matches) && resolve(), { signal: stop });
  });
  return take(matches);
}

/** A response header's value by its lower-case name, or null. */
export function headerOf(
  { responseHeaders }: Pick<Browser.webRequest.OnHeadersReceivedDetails, 'responseHeaders'>,
  name: string,
): string | null {
  return responseHeaders?.find((header) => header.name.toLowerCase() === name)?.value ?? null;
}

function take(matches: (one: Detection) => boolean): Detection | null {
  const found = [...seen].reverse().find(matches) ?? null;
  if (found !== null) seen.delete(found);
  return found;
}
