import { browser } from 'wxt/browser';
import { documentStatus } from '../messaging/document-status.ts';
import { hasSeenPage } from './detections.ts';
import { reload } from './repeating.ts';

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
  if (top !== null && top !== undefined && !hasSeenPage(tabId, top.url)) await reload(tabId);
}
