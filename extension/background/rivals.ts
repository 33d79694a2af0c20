import type { Browser } from 'wxt/browser';
import { putNewest } from './newest.ts';
import { withoutFragment } from './request-url.ts';

/** What the browser gives as the tab of requests of service workers and shared workers. */
export const NO_TAB = -1;

/** Milliseconds for which a request counts, and how many are remembered at most. */
const REMEMBERED = 60_000;
const MOST = 2_000;

type Asked = { readonly tabId: number; readonly url: string; readonly origin: string; readonly at: number };

/** Who was last answered 402 for what, by tab, origin and address; oldest first. */
const asked = new Map<string, Asked>();

/** Notes who was answered 402 for an address: those that keep asking could take the header that is meant for another. */
export function noteAsker({
  tabId,
  url,
  initiator,
}: Pick<Browser.webRequest.OnHeadersReceivedDetails, 'tabId' | 'url' | 'initiator'>): void {
  if (initiator === undefined) return;
  const one = { tabId, url: withoutFragment(url), origin: initiator, at: Date.now() };
  putNewest(asked, keyOf(one), one, MOST);
}

/** Whether `origin` was answered 402 for this address in this tab lately. @param url without a fragment. */
export function hasAsked(tabId: number, url: string, origin: string): boolean {
  const one = asked.get(keyOf({ tabId, url, origin }));
  return one !== undefined && isRecent(one);
}

/** The origins whose service workers or shared workers were answered 402 for this address lately. */
export function workersOf(url: string): readonly string[] {
  return [...asked.values()].flatMap((one) =>
    one.tabId === NO_TAB && one.url === url && one.origin !== 'null' && isRecent(one) ? [one.origin] : [],
  );
}

function isRecent({ at }: Asked): boolean {
  return at >= Date.now() - REMEMBERED;
}

function keyOf({ tabId, url, origin }: Pick<Asked, 'tabId' | 'url' | 'origin'>): string {
  return `${tabId} ${origin} ${url}`;
}
