import type { Intent } from 'tuppence/core';
import { browser } from 'wxt/browser';

const GREEN = '#1b6e4b';
const AMBER = '#9a5b00';

/**
 * How many paid things of the tab wait in the popup; else a tick when a payment of the tab has settled, an
 * exclamation mark when one has not: the popup says why.
 *
 * @param listed how many wait.
 */
export async function showOnBadge(intent: Intent, tabId: number, listed: number): Promise<void> {
  if (listed > 0) return showListed(tabId, listed);
  concluded.set(tabId, intent);
  await showEnd(intent, tabId);
}

/** Payments that have ended while their tab was on its way to their page: the browser clears a badge with each page. */
const concluded = new Map<number, Intent>();

/** A tab is on its way to another page, or is gone: what has ended before is not that page's. */
export function forgetEnd(tabId: number): void {
  concluded.delete(tabId);
}

/** The tab shows a page whose payment may have ended already. */
export async function showEndOf(tabId: number, url: string): Promise<void> {
  const intent = concluded.get(tabId);
  if (intent !== undefined && intent.purchase.url === url) await showEnd(intent, tabId);
}

async function showEnd({ state }: Intent, tabId: number): Promise<void> {
  const settled = state === 'settled';
  await show(tabId, settled ? '✓' : '!', settled ? GREEN : AMBER);
}

export async function showUnpaid(tabId: number): Promise<void> {
  await show(tabId, '!', AMBER);
}

/** The number of paid things that wait in the popup. */
export async function showListed(tabId: number, count: number): Promise<void> {
  await show(tabId, count === 0 ? '' : String(count), AMBER);
}

async function show(tabId: number, text: string, color: string): Promise<void> {
  try {
    await browser.action.setBadgeBackgroundColor({ tabId, color });
    await browser.action.setBadgeText({ tabId, text });
  } catch {
    // The tab is gone, and its badge with it.
  }
}
