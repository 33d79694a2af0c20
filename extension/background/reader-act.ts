import { type Browser, browser } from 'wxt/browser';
import { isPrerendered } from './detections.ts';

/*
 * Whether the reader went by their own hand to what a tab shows: by the address bar, a bookmark, a reload, or a press in
 * the page that was left. The browser itself says so with every navigation that it sends over a connection that can be
 * trusted (https://www.w3.org/TR/fetch-metadata/#sec-fetch-user-header); no page can make it say so.
 */

/** Shown to extensions with `extraHeaders` alone. */
const USER_HEADER = 'sec-fetch-user';

type Arrival = Pick<Browser.webNavigation.WebNavigationFramedErrorCallbackDetails, 'tabId'> &
  Partial<
    Pick<
      Browser.webNavigation.WebNavigationTransitionCallbackDetails,
      'transitionType' | 'transitionQualifiers'
    >
  >;

/** Whether the navigation that a tab is making now is the reader's. */
const under = new Map<number, { readonly isReaders: boolean; readonly at: number }>();
const arrived = new Map<number, boolean>();

/**
 * A tab begins a navigation; one that a service worker answers makes no request. Of a new window the browser tells the
 * beginning after the request, with the earlier time.
 */
export function noteStart(
  details: Pick<
    Browser.webNavigation.WebNavigationFramedCallbackDetails,
    'tabId' | 'frameId' | 'documentLifecycle' | 'timeStamp'
  >,
): void {
  const { tabId, frameId, timeStamp } = details;
  if (frameId !== 0 || isPrerendered(details)) return;
  if ((under.get(tabId)?.at ?? timeStamp) <= timeStamp) under.delete(tabId);
}

/** The request of a navigation, or of a redirect of it. */
export function noteUser(details: Browser.webRequest.OnSendHeadersDetails): void {
  const { tabId, initiator, requestHeaders = [] } = details;
  if (isPrerendered(details) || requestHeaders.some(({ name }) => /^(sec-)?purpose$/i.test(name))) return;
  const hasHeader = requestHeaders.some(({ name }) => name.toLowerCase() === USER_HEADER);
  under.set(tabId, { isReaders: hasHeader || initiator === undefined, at: details.timeStamp });
}

/** A tab shows a new document. An error page in place of an empty 402 has no transition. */
export async function noteArrival({
  tabId,
  transitionType,
  transitionQualifiers = [],
}: Arrival): Promise<void> {
  const isSentOn = transitionQualifiers.some((one) => one === 'client_redirect' || one === 'forward_back');
  const isTyped = transitionType !== undefined && !['link', 'form_submit'].includes(transitionType);
  const isReaders = !isSentOn && (under.get(tabId)?.isReaders ?? isTyped);
  under.delete(tabId);
  arrived.set(tabId, isReaders);
  await browser.storage.session.set({ [keyOf(tabId)]: isReaders });
}

export async function forgetArrival(tabId: number): Promise<void> {
  under.delete(tabId);
  arrived.delete(tabId);
  await browser.storage.session.remove(keyOf(tabId));
}

/**
 * Whether it was the reader who went to what this tab shows. What is not known is not; a background that has ended
 * meanwhile has it from the browser's session.
 */
export async function wasReadersAct(tabId: number): Promise<boolean> {
  const key = keyOf(tabId);
  return arrived.get(tabId) ?? (await browser.storage.session.get(key))[key] === true;
}

const keyOf = (tabId: number) => `arrived:${tabId}`;
