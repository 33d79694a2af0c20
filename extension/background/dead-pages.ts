import { asBoolean, asObject, asString } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import { changeEncounter, encountersOfTab } from './encounters.ts';
import { putNewest } from './newest.ts';
import { reload } from './repeating.ts';
import { withoutFragment } from './request-url.ts';

/*
 * A page that was loaded again with a header of ours and brought no content, such as the `{}` that v2 servers answer to
 * a payment that they do not take. The tab is loaded once more without the header, so that the site's own page stands
 * in it. What was paid for is not tried again there by itself.
 */

/** A tab whose page brought no content. */
type Failure = {
  /** What the tab shows, without a fragment. */
  readonly url: string;
  /** What was asked for: another address where the answer was a redirect. Without a fragment. */
  readonly asked: string;
  /** Whether it carried no payment, but a sign-in or a payment that has settled: the next way may follow by itself. */
  readonly wasFree: boolean;
  /** The tab is loading again without the header. */
  readonly isUndone: boolean;
};

/** The reader, the page or a download has ended the navigation: the tab shows what it showed before. */
export const ABORTED = 'net::ERR_ABORTED';

const failures = new Map<number, Failure>();
const keyOf = (tabId: number) => `failure:${tabId}`;

type Answered = Pick<
  Browser.webRequest.OnHeadersReceivedDetails,
  'requestId' | 'tabId' | 'type' | 'method' | 'url'
> & {
  readonly statusCode?: number;
  readonly error?: string;
};

/** Navigations with a header of ours that were answered with a redirect, by request. */
const ledOn = new Map<string, Pick<Failure, 'asked' | 'wasFree'>>();
/** Most of them that are remembered: what breaks off unseen is never answered. */
const MOST = 100;

/**
 * Notes how a request with a header of ours has ended, before its document is reported as shown. A redirect leads on
 * to another answer, and a form is never sent once more for nothing.
 *
 * @returns whether its page will be loaded again without the header, once the tab shows it.
 */
export function noteFailure(details: Answered, wasFree: boolean): boolean {
  const { requestId, type, method, url } = details;
  if (type !== 'main_frame' || method !== 'GET') return false;
  const asked = withoutFragment(url);
  if (isRedirect(details)) putNewest(ledOn, requestId, { asked, wasFree }, MOST);
  else if (isEmptyHanded(details)) void keep(details.tabId, { url: asked, asked, wasFree, isUndone: false });
  else return false;
  return !isRedirect(details);
}

/** The same for the answer at the end of a redirect. It may be a 402 of its own, which is looked at like any other. */
export function noteLedOn(details: Answered): void {
  const { requestId, tabId, statusCode } = details;
  const led = ledOn.get(requestId);
  if (led === undefined || isRedirect(details)) return;
  ledOn.delete(requestId);
  const url = withoutFragment(details.url);
  const isOwnPage = statusCode === UNPAID && url === led.asked;
  if (isOwnPage) void markUndone(tabId, led.asked);
  if (isOwnPage || (isEmptyHanded(details) && statusCode !== UNPAID))
    void keep(tabId, { url, ...led, isUndone: isOwnPage });
}

const UNPAID = 402;

function isRedirect({ statusCode = 0 }: Answered): boolean {
  return [301, 302, 303, 307, 308].includes(statusCode);
}

function isEmptyHanded({ statusCode = 0, error }: Answered): boolean {
  return error === undefined ? statusCode >= 400 : error !== ABORTED;
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
  if (await isLeft(tabId)) return;
  const { url, asked, wasFree } = failure;
  if (!wasFree) await markUndone(tabId, asked);
  await keep(tabId, { ...failure, url: asked, isUndone: true });
  if (await isLeft(tabId)) return; // Writing takes its time, and nobody is taken back from where they go.
  await (url === asked ? reload(tabId) : goBackTo(tabId, asked));
}

/** Whether a tab is on its way elsewhere, or gone. */
async function isLeft(tabId: number): Promise<boolean> {
  const tab = await browser.tabs.get(tabId).catch(() => null);
  return tab === null || tab.pendingUrl !== undefined;
}

/** In place of what the tab shows; only the browser's own error page, where no script runs, stays in the history. */
async function goBackTo(tabId: number, url: string): Promise<void> {
  const func = (address: string) => location.replace(address);
  await browser.scripting
    .executeScript({ target: { tabId }, injectImmediately: true, func, args: [url] })
    .catch(() => browser.tabs.update(tabId, { url }));
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
    asked: asString(stored['asked'], 'failure.asked', 65_536),
    wasFree: asBoolean(stored['wasFree'], 'failure.wasFree'),
    isUndone: asBoolean(stored['isUndone'], 'failure.isUndone'),
  };
}
