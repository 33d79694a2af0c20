import { browser } from 'wxt/browser';

/** Origin in the address bar of a tab; null when it shows nothing that has one. */
export async function siteOf(tabId: number): Promise<string | null> {
  const top = await browser.webNavigation.getFrame({ tabId, frameId: 0 });
  const url = top?.url ?? '';
  return /^https?:/.test(url) ? new URL(url).origin : null;
}

/** Whether a tab shows a document, in whichever frame: nothing is paid for a page that is gone, or not there yet. */
export async function isThere(tabId: number, documentId: string): Promise<boolean> {
  const frame = await browser.webNavigation.getFrame({ documentId }).catch(() => null);
  return frame?.documentLifecycle === 'active' && (await browser.tabs.get(tabId).catch(() => null)) !== null;
}
