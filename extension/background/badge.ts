import type { Intent } from 'tuppence/core';
import { browser } from 'wxt/browser';

const GREEN = '#1b6e4b';
const AMBER = '#9a5b00';

/** A tick when a payment of the tab has settled, an exclamation mark when one has not; the popup says why. */
export async function showOnBadge({ state }: Intent, tabId: number): Promise<void> {
  const settled = state === 'settled';
  try {
    await browser.action.setBadgeBackgroundColor({ tabId, color: settled ? GREEN : AMBER });
    await browser.action.setBadgeText({ tabId, text: settled ? '✓' : '!' });
  } catch {
    // The tab is gone, and its badge with it.
  }
}

export async function showUnpaid(tabId: number): Promise<void> {
  try {
    await browser.action.setBadgeBackgroundColor({ tabId, color: AMBER });
    await browser.action.setBadgeText({ tabId, text: '!' });
  } catch {
    // The tab is gone, and its badge with it.
  }
}
