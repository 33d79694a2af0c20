import { browser } from 'wxt/browser';
import { documentStatus } from '../messaging/document-status.ts';
import { encountersOfTab } from './encounters.ts';
import { keptPage } from './out-of-sight.ts';
import { reload } from './repeating.ts';
import { withoutFragment } from './request-url.ts';

/** Milliseconds after a start in which a page that commits may have been answered before we listened. */
const STARTING = 15_000;
const UNPAID = 402;

let startedAt: number | null = null;

/**
 * The browser has started, or the extension has been installed: tabs may show a 402 that was answered before anybody
 * listened. Each is loaded again, which costs nothing, and then seen like any other.
 */
export async function onStarted(): Promise<void> {
  startedAt = Date.now();
  const tabs = await browser.tabs.query({ discarded: false });
  await Promise.all(tabs.map(({ id }) => id === undefined || lookFor(id)));
}

/** A document that no 402 was seen for. */
export async function onUnremarkable(tabId: number): Promise<void> {
  if (startedAt !== null && Date.now() - startedAt < STARTING) await lookFor(tabId);
}

async function lookFor(tabId: number): Promise<void> {
  if ((await documentStatus(tabId)) !== UNPAID) return;
  const top = await browser.webNavigation.getFrame({ tabId, frameId: 0 });
  const url = withoutFragment(top?.url ?? '');
  // Numbers of tabs are used again: what an earlier session of the browser saw is no news of this one.
  const seen = (await encountersOfTab(tabId)).filter(({ at }) => at >= performance.timeOrigin);
  const isKnown = seen.some((one) => one.url === url) || (await keptPage(tabId))?.url === url;
  if (!isKnown) await reload(tabId);
}
