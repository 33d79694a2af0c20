import type { Browser } from 'wxt/browser';
import type { OtherWay } from '../storage/other-way-record.ts';
import type { RequestKind } from '../storage/request-kind.ts';
import { putNewest } from './newest.ts';
import { otherWayOf } from './other-ways.ts';
import { isPaidByPage } from './own-payers.ts';
import { type Redirect, takeRedirect } from './redirects.ts';
import { withoutFragment } from './request-url.ts';
import { kindOf } from './resource-types.ts';
import { isThere } from './sites.ts';
import {
  addUnclaimed,
  claim,
  isNamed,
  navigationName,
  newestNamed,
  scriptName,
  takeNamed,
  untilNamed,
  workerName,
} from './unclaimed.ts';

/** A 402 that the browser itself showed us: what a page says about its requests is never needed. */
export type Detection = {
  readonly requestId: string;
  /** -1 when `isTabless`. */
  readonly tabId: number;
  readonly frameId: number;
  /** Of the document that made the request, or that the frame is in; null for a navigation, and when `isTabless`. */
  readonly documentId: string | null;
  readonly kind: RequestKind;
  readonly url: string;
  readonly method: string;
  /** Origin of the document that made the request; null for a navigation, and for a frame, which may make its own. */
  readonly initiator: string | null;
  /** Origin of whoever began the request, as the browser has it: `"null"` for one without. Null for a navigation. */
  readonly askedBy: string | null;
  /** Value of `PAYMENT-REQUIRED`, which `webRequest` sees even where CORS hides it from the page. */
  readonly terms: string | null;
  /** Value of `X-PAYMENT-REQUIRED`, which no specification names and some servers send. */
  readonly unspecifiedTerms: string | null;
  /** A way to pay that its headers name and that is not x402; null when they name none. */
  readonly otherWay: OtherWay | null;
  /** The request has asked for HTML, which v1 servers answer without terms. */
  readonly wantsHtml: boolean;
  /** Where a redirect began that has led to `url`; null without one, and for what shows its own address. */
  readonly redirect: Redirect | null;
  /**
   * Made by a service worker or a shared worker. The browser names no tab for it, and calls it a fetch whatever it was
   * for: a page that a service worker controls gets its very documents that way.
   */
  readonly isTabless: boolean;
};

/** Milliseconds that a page's word may be ahead of the browser's event. */
const EVENT_DELAY = 2_000;
/** Requests of each kind that are noted while they are under way: those that break off are never answered. */
const MOST_NOTED = 1_000;

/** Address of the newest 402 that a tab went to, by tab. */
const pages = new Map<number, string>();
const speculative = new Map<string, true>();
const forHtml = new Map<string, true>();

/**
 * Speculative loads (prefetch, prerender) look exactly like the reader's own navigation but for these headers.
 * The main guard is that a navigation counts only once its 402 is what the tab shows; this is the second.
 */
export function noteSpeculation({
  requestId,
  requestHeaders,
}: Browser.webRequest.OnSendHeadersDetails): void {
  if (requestHeaders?.some(({ name }) => /^(sec-)?purpose$/i.test(name)))
    putNewest(speculative, requestId, true, MOST_NOTED);
}

/** Notes a request that asks for HTML, of whatever kind it is. */
export function noteAccept({ requestId, requestHeaders }: Browser.webRequest.OnSendHeadersDetails): void {
  if (requestHeaders?.some(({ name, value = '' }) => /^accept$/i.test(name) && value.includes('text/html')))
    putNewest(forHtml, requestId, true, MOST_NOTED);
}

/**
 * A 402 (or a 412 with terms) as the browser showed it to us; null when the answer is none, or is one to a payment of
 * the page's own, or is a page that was only loaded ahead. What a prerendered page asks for says that it is speculative too, and becomes the reader's when the
 * page is shown.
 */
export function detectionIn(details: Browser.webRequest.OnHeadersReceivedDetails): Detection | null {
  const { requestId, statusCode } = details;
  const isSpeculative = speculative.delete(requestId);
  const wantsHtml = forHtml.delete(requestId);
  const redirect = takeRedirect(requestId);
  const kind = kindOf(details.type);
  if (isPrerendered(details) ? kind === 'navigation' : isSpeculative) return null;
  if ((statusCode !== 402 && statusCode !== 412) || isPaidByPage(requestId)) return null;
  if (details.method === 'HEAD') return null; // It gets no content, paid or not.
  const terms = headerOf(details, 'payment-required');
  if (statusCode === 412 && terms === null) return null;
  const initiator = details.initiator ?? null;
  const isTabless = details.tabId < 0;
  if (kind === null || (isTabless && (kind !== 'fetch' || initiator === null))) return null;
  return {
    requestId,
    tabId: details.tabId,
    frameId: Math.max(0, details.frameId),
    documentId: kind === 'navigation' ? null : (details.documentId ?? details.parentDocumentId ?? null),
    kind,
    url: withoutFragment(details.url),
    method: details.method,
    initiator: kind === 'navigation' || kind === 'frame' ? null : initiator,
    askedBy: kind === 'navigation' ? null : (initiator ?? 'null'),
    terms,
    unspecifiedTerms: headerOf(details, 'x-payment-required'),
    otherWay: otherWayOf(headerOf(details, 'www-authenticate'), headerOf(details, 'crawler-price')),
    wantsHtml,
    redirect: kind === 'navigation' || kind === 'frame' ? null : redirect,
    isTabless,
  };
}

/** Whether it is of a page that the browser has made ready, and that nobody has gone to yet. */
export function isPrerendered({
  documentLifecycle,
}: Pick<Browser.webRequest.OnHeadersReceivedDetails, 'documentLifecycle'>): boolean {
  return documentLifecycle === 'prerender';
}

/** Keeps it until the page asks about it, or its document shows. */
export function observe(detection: Detection): void {
  if (detection.kind === 'navigation') pages.set(detection.tabId, detection.url);
  addUnclaimed(detection);
}

/** The newest 402 of this tab and URL, taken so that it is acted on once; null when there is none. */
export function takeNavigation(tabId: number, url: string): Detection | null {
  const exact = withoutFragment(url);
  const own = takeNamed([navigationName(tabId, exact)]);
  if (own !== null || !URL.canParse(exact)) return own;
  // A service worker fetched it for the tab. Loaded past that worker, it is a navigation like any other.
  const fetched = takeNamed([workerName(new URL(exact).origin, exact)]);
  if (fetched === null) return null;
  pages.set(tabId, exact);
  return {
    ...fetched,
    tabId,
    frameId: 0,
    kind: 'navigation',
    initiator: null,
    askedBy: null,
    isTabless: false,
  };
}

/** A document that asks about a request of its own. */
type Asker = {
  readonly id: string;
  readonly origin: string;
  /** The tab of an empty frame, whose requests the browser takes for those of the document that made it; else null. */
  readonly blankIn: number | null;
};

/** Whether the newest 402 that the tab went to, since the background has started, was that of `url`. */
export function hasSeenPage(tabId: number, url: string): boolean {
  return pages.get(tabId) === withoutFragment(url);
}

/** Whether the browser has shown a 402 to this document's request that nobody has taken. */
export function hasFetch(document: Asker, method: string, url: string): boolean {
  return isNamed(namesFor(document, method, url));
}

/** The newest 402 that answered this document's request, taken; null when there is none so far. */
export function takeFetch(document: Asker, method: string, url: string): Detection | null {
  return takeNamed(namesFor(document, method, url));
}

/** The same, waited for a moment: events are asynchronous. */
export async function awaitFetch(document: Asker, method: string, url: string): Promise<Detection | null> {
  const names = namesFor(document, method, url);
  await untilNamed(names, EVENT_DELAY);
  return takeNamed(names);
}

/**
 * One of this tab and origin that was reported under the name of a document that is gone: a frame's first requests may
 * be, since that a document is there, and what it asks for, reach the browser on different ways.
 */
export async function takeOrphan(
  { tabId, origin }: { readonly tabId: number; readonly origin: string },
  method: string,
  url: string,
): Promise<Detection | null> {
  const found = newestNamed(scriptName(tabId, method, withoutFragment(url), origin));
  if (found === null || found.documentId === null || (await isThere(tabId, found.documentId))) return null;
  return claim(found) ? found : null;
}

function namesFor({ id, origin, blankIn }: Asker, method: string, url: string): readonly string[] {
  const exact = withoutFragment(url);
  return [
    scriptName(id, method, exact),
    scriptName('worker', method, exact, origin),
    ...(blankIn === null ? [] : [scriptName(blankIn, method, exact, origin)]),
  ];
}

/** A response header's value by its lower-case name, or null. Several of a name are joined, as `fetch` has them. */
export function headerOf(
  { responseHeaders }: Pick<Browser.webRequest.OnHeadersReceivedDetails, 'responseHeaders'>,
  name: string,
): string | null {
  const found = responseHeaders?.filter((header) => header.name.toLowerCase() === name) ?? [];
  return found.length === 0 ? null : found.map(({ value = '' }) => value).join(', ');
}
