import type { Browser } from 'wxt/browser';
import { putNewest } from './newest.ts';
import { withoutFragment } from './request-url.ts';

/** Milliseconds for which a request counts, and how many are remembered at most. */
const REMEMBERED = 60_000;
const MOST = 2_000;

/** When an origin was last answered 402, by tab, address and origin; oldest first. */
const asked = new Map<string, number>();

/** Notes who was answered 402 for an address: those that keep asking could take the header that is meant for another. */
export function noteAsker({
  tabId,
  url,
  initiator,
}: Pick<Browser.webRequest.OnHeadersReceivedDetails, 'tabId' | 'url' | 'initiator'>): void {
  if (initiator === undefined) return;
  putNewest(asked, keyOf(tabId, withoutFragment(url), initiator), Date.now(), MOST);
}

/** Whether one of `origins` was answered 402 for this address in this tab lately. @param url without a fragment. */
export function hasAsked(tabId: number, url: string, origins: readonly string[]): boolean {
  const since = Date.now() - REMEMBERED;
  return origins.some((origin) => (asked.get(keyOf(tabId, url, origin)) ?? 0) >= since);
}

function keyOf(tabId: number, url: string, origin: string): string {
  return `${tabId} ${origin} ${url}`;
}
