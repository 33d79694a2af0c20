import { asBoolean, asObject, asString } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import { changeEncounter, encountersOfTab } from './encounters.ts';
import { reload } from './repeating.ts';
import { withoutFragment } from './request-url.ts';

/*
 * A page that was loaded again with a header of ours and brought no content, such as the `{}` that v2 servers answer to
 * a payment that they do not take. The tab is loaded once more without the header, so that the site's own page stands
 * in it. What was paid for is not tried again there by itself.
 */

/** A tab whose page brought no content. */
type Failure = {
  /** Without a fragment. */
  readonly url: string;
  /** Whether it carried no payment, but a sign-in or a payment that has settled: the next way may follow by itself. */
  readonly wasFree: boolean;
  /** The tab is loading again without the header. */
  readonly isUndone: boolean;
};

/** The reader, the page or a download has ended the navigation: the tab shows what it showed before. */
export const ABORTED = 'net::ERR_ABORTED';

const failures = new Map<number, Failure>();
const keyOf = (tabId: number) => `failure:${tabId}`;

type Answered = Pick<Browser.webRequest.OnHeadersReceivedDetails, 'tabId' | 'type' | 'method' | 'url'> & {
  readonly statusCode?: number;
  readonly error?: string;
};

/**
 * Notes how a request with a header of ours has ended, before its document is reported as shown. A redirect leads on,
 * and a form is never sent once more for nothing.
 *
 * @returns whether its page will be loaded again without the header, once the tab shows it.
 */
export function noteFailure({ tabId, type, method, url, statusCode, error }: Answered, wasFree: boolean) {
  const isContent = error === undefined ? (statusCode ?? 0) < 400 : error === ABORTED;
  if (type !== 'main_frame' || method !== 'GET' || isContent) return false;
  void keep(tabId, { url: withoutFragment(url), wasFree, isUndone: false });
  return true;
}

/** A tab begins another navigation: what has failed there before is not what it will show. */
export function forgetFailure({
  tabId,
  frameId,
  documentLifecycle,
}: Pick<
  Browser.webNavigation.WebNavigationFramedCallbackDetails,
  'tabId' | 'frameId' | 'documentLifecycle'
>) {
  if (frameId !== 0 || documentLifecycle === 'prerender') return;
  if (failures.get(tabId)?.isUndone !== false) return;
  failures.delete(tabId);
  void browser.storage.session.remove(keyOf(tabId));
}

/** What has failed in a tab that has come to show `url`, told once; null when nothing has, or the tab is elsewhere. */
export async function takeFailure(tabId: number, url: string): Promise<Failure | null> {
  const known = failures.get(tabId);
  failures.delete(tabId);
  const key = keyOf(tabId);
  const stored: unknown = known ?? (await browser.storage.session.get(key))[key];
  if (stored === undefined) return null;
  await browser.storage.session.remove(key);
  const failure = known ?? asFailure(stored);
  return failure.url === withoutFragment(url) ? failure : null;
}

/** Loads the site's own page again, in the same entry of the history, unless the reader is on the way elsewhere. */
export async function undo(tabId: number, failure: Failure): Promise<void> {
  const tab = await browser.tabs.get(tabId).catch(() => null);
  if (tab === null || tab.pendingUrl !== undefined) return;
  if (!failure.wasFree) await markUndone(tabId, failure.url);
  await keep(tabId, { ...failure, isUndone: true });
  await reload(tabId);
}

/** For the popup, which has the payment's own state beside it. */
async function markUndone(tabId: number, url: string): Promise<void> {
  const paid = (await encountersOfTab(tabId)).findLast((one) => one.url === url && one.intentId !== null);
  if (paid !== undefined) await changeEncounter(paid.id, { isUndone: true });
}

/** In the browser's session as well: the background may be stopped before the tab shows it. */
async function keep(tabId: number, failure: Failure): Promise<void> {
  failures.set(tabId, failure);
  await browser.storage.session.set({ [keyOf(tabId)]: failure });
}

/** @throws {MalformedError} */
function asFailure(value: unknown): Failure {
  const stored = asObject(value, 'failure');
  return {
    url: asString(stored['url'], 'failure.url', 65_536),
    wasFree: asBoolean(stored['wasFree'], 'failure.wasFree'),
    isUndone: asBoolean(stored['isUndone'], 'failure.isUndone'),
  };
}
