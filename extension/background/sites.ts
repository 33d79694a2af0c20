import { type Browser, browser } from 'wxt/browser';
import { ownUrl } from '../messaging/own-url.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { withoutFragment } from './request-url.ts';

/** Where a request was made: the document in the address bar, and the origin of that document. */
export type Place = { readonly site: string; readonly topDocumentId: string };

/** The one who asks for a payment, as far as the browser has to be asked whether they are still there. */
export type Asker = Pick<EncounterRecord, 'tabId' | 'documentId' | 'topDocumentId' | 'kind' | 'url'>;

/** The document that a tab shows now; null when it is none of the web. */
export async function shownIn(tabId: number): Promise<Place | null> {
  const top = await frameOf({ tabId, frameId: 0 });
  if (top === null || !/^https?:/.test(top.url)) return null;
  return { site: new URL(top.url).origin, topDocumentId: top.documentId };
}

/**
 * The place of a document, in whichever frame of a tab; null when the tab does not show it, or does not show it any
 * more. Documents are compared by their ids: another page may have come to the same tab, frame or address.
 */
export async function placeOf(tabId: number, documentId: string): Promise<Place | null> {
  const shown = await shownIn(tabId);
  return shown !== null && (await topOf(documentId)) === shown.topDocumentId ? shown : null;
}

/** What a frame of a tab shows now; null when that is nothing. The origin is null where only its parent has it. */
export async function documentIn(
  tabId: number,
  frameId: number,
): Promise<{ readonly documentId: string; readonly origin: string | null } | null> {
  const frame = await frameOf({ tabId, frameId });
  if (frame === null) return null;
  return {
    documentId: frame.documentId,
    origin: /^https?:/.test(frame.url) ? new URL(frame.url).origin : null,
  };
}

/** Whether a tab shows a document, in whichever frame: nothing is paid for a page that is gone, or not there yet. */
export async function isThere(tabId: number, documentId: string): Promise<boolean> {
  return (await placeOf(tabId, documentId)) !== null;
}

/** Whether the one who asked is where they were when they asked. */
export async function isStanding({ tabId, documentId, topDocumentId, kind, url }: Asker): Promise<boolean> {
  if (kind !== 'navigation') {
    const place = documentId === null ? await shownIn(tabId) : await placeOf(tabId, documentId);
    return place !== null && place.topDocumentId === topDocumentId;
  }
  const top = await frameOf({ tabId, frameId: 0 });
  // The tab may be on its way elsewhere: loading it again would take the reader back.
  const { pendingUrl } = await browser.tabs.get(tabId).catch(() => ({ pendingUrl: '' }));
  return top?.documentId === topDocumentId && withoutFragment(top.url) === url && pendingUrl === undefined;
}

/**
 * Whether the reader looks at a tab: it is the one that its window shows, and the window is not minimised and has the
 * focus. The window that had it last counts as well while its page can be seen: our own question, or another program
 * beside it, may have the focus for the moment. A window that was opened behind others never had it.
 */
export async function isLookedAt(tabId: number): Promise<boolean> {
  const tab = await browser.tabs.get(tabId).catch(() => null);
  if (tab?.active !== true) return false;
  const window = await browser.windows.get(tab.windowId).catch(() => null);
  if (window === null || window.state === 'minimized') return false;
  if (window.focused) return true;
  return (await lastLookedAt())?.id === window.id && isVisible(tabId);
}

/** The window that had the focus last, but for our own questions. */
async function lastLookedAt(): Promise<Browser.windows.Window | null> {
  const last = await browser.windows.getLastFocused({ populate: true }).catch(() => null);
  const isQuestion = last?.tabs?.every(({ url, pendingUrl }) => (url || pendingUrl)?.startsWith(ownUrl('')));
  if (last?.type !== 'popup' || isQuestion !== true) return last;
  return browser.windows.getLastFocused({ windowTypes: ['normal'] }).catch(() => null);
}

/** Not so when other windows cover it whole. The browser's own pages can't be asked. */
async function isVisible(tabId: number): Promise<boolean> {
  const func = () => document.visibilityState;
  const [shown] = await browser.scripting
    .executeScript({ target: { tabId }, injectImmediately: true, func })
    .catch(() => []);
  return shown?.result === 'visible';
}

/** A signal that aborts once the tab has come to show something else than the one who asked, until `stop`. */
export function whileStanding(asker: Asker): { readonly signal: AbortSignal; stop(): void } {
  const gone = new AbortController();
  const look = async () => {
    if (!(await isStanding(asker))) gone.abort();
  };
  const { onCommitted } = browser.webNavigation;
  onCommitted.addListener(look);
  return { signal: gone.signal, stop: () => onCommitted.removeListener(look) };
}

/** The outermost document around an active one; null when it, or one around it, is not active. */
async function topOf(documentId: string): Promise<string | null> {
  let at = documentId;
  for (;;) {
    const frame = await frameOf({ documentId: at });
    if (frame === null) return null;
    if (frame.parentDocumentId === undefined) return at;
    at = frame.parentDocumentId;
  }
}

type Frame = Browser.webNavigation.GetFrameResultDetails;

/** Null when there is none, or another page stands in its place that the reader can go back from. */
async function frameOf(which: Browser.webNavigation.GetFrameDetails): Promise<Frame | null> {
  const frame = (await browser.webNavigation.getFrame(which).catch(() => null)) ?? null;
  return frame?.documentLifecycle === 'active' ? frame : null;
}
