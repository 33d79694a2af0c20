import { browser } from 'wxt/browser';
import { type Detection, observe } from './detections.ts';
import { encountersOfRequest } from './encounters.ts';
import { keepUnlessSeen } from './out-of-sight.ts';
import { giveBack, inTurn } from './page-limits.ts';
import { type Answer, handle, leaveAlone, type Manner } from './payments.ts';
import { wasReadersAct } from './reader-act.ts';
import { canLoadAgain, isPriced } from './repeating.ts';
import { documentIn, isThere, placeOf, shownIn } from './sites.ts';
import { afterOthers } from './style-sheets.ts';
import { isUnclaimed } from './unclaimed.ts';

/** Milliseconds that the script of a page has to speak for one of its own requests; pages can be busy. */
const CLAIMED_WITHIN = 3_000;

const BY_PART = 'It was paid, and the site wants to be paid again for the rest of it. That is not done.';

type Tab = { readonly id: number; readonly documentId: string | null };

/** What is being looked at now, so that an image that stands on a page ten times is looked at once. */
const underWay = new Set<string>();

/** A 402 for something that a page asked for by itself: never a question in a window, whatever it costs. */
export async function noteItem(detection: Detection): Promise<void> {
  if (detection.kind === 'navigation') return;
  if (detection.kind === 'fetch') {
    await new Promise((resolve) => setTimeout(resolve, CLAIMED_WITHIN));
    if (!isUnclaimed(detection)) return; // Its page has asked, or it was a navigation through a service worker.
  }
  const tab = await tabOf(detection);
  if (tab === null) return;
  const item = { ...detection, tabId: tab.id, documentId: detection.documentId ?? tab.documentId };
  if (!(await keepUnlessSeen(tab.id, item))) await lookAt(item);
}

/**
 * What prerendered pages have asked for is looked at now, where the page is the one that the tab has come to show.
 *
 * @param documentId of that page.
 */
export async function onPrerenderedShown(ahead: readonly Detection[], documentId: string): Promise<void> {
  for (const item of ahead) {
    const own = await ownOf(item, documentId);
    if (own === null) continue;
    observe(own);
    void noteItem(own);
  }
}

/**
 * The first requests of a prerendered page may be reported before the page is, under another document's name: what the
 * page can load again, or its script may ask about, is its own.
 */
async function ownOf(item: Detection, documentId: string): Promise<Detection | null> {
  if (item.documentId !== null && (await isThere(item.tabId, item.documentId))) return item;
  const adopted = { ...item, documentId };
  return item.kind === 'fetch' || (await canLoadAgain(placeIn(adopted))) !== 'no' ? adopted : null;
}

/**
 * The document that has taken the place of the one that an item is said to be of, where the item is its own; else null.
 * A frame's first requests may be reported under the name of the empty document before it: that a document is there,
 * and what it asks for, reach the browser on different ways.
 */
async function successorOf(item: Detection): Promise<string | null> {
  const { tabId, frameId, kind, initiator } = item;
  if (kind === 'frame' || kind === 'fetch') return null;
  const shown = await documentIn(tabId, frameId);
  if (shown === null || (shown.origin ?? initiator) !== initiator) return null;
  const adopted = { ...item, documentId: shown.documentId };
  return (await canLoadAgain(placeIn(adopted))) === 'no' ? null : shown.documentId;
}

/** Where the document names it: by the address at which a redirect began. */
function placeIn(item: Detection) {
  return { ...item, redirectedFrom: item.redirect?.from ?? null };
}

/** The reader looks at their tab now. */
export async function onItemsSeen(items: readonly Detection[]): Promise<void> {
  for (const item of items) await lookAt(item);
}

async function lookAt(item: Detection): Promise<void> {
  const { documentId, url, tabId, kind, isTabless } = item;
  if (documentId === null) return;
  const key = `${documentId} ${item.method} ${url}`;
  if (underWay.has(key)) return;
  underWay.add(key);
  try {
    const place = await placeOf(tabId, documentId);
    if (place === null) {
      const successor = await successorOf(item);
      return successor === null ? undefined : await lookAt({ ...item, documentId: successor });
    }
    const isOwnFetch = kind === 'fetch' && !isTabless;
    // A paywall's look at its price is no part of the page: its button is what pays.
    if (isOwnFetch && (await isPriced(placeIn(item)))) return giveBack(item);
    const unprompted = !(await wasReadersAct(tabId));
    const manner = { ...place, asks: 'popup', aside: true, unprompted, bodyHash: null, said: null } as const;
    const earlier = await encountersOfRequest(documentId, url);
    if (earlier.some(({ state, freeWay }) => state !== 'paid' && freeWay === null)) return;
    if (earlier.some(({ state }) => state === 'paid') && kind === 'media')
      return leaveAlone(item, { ...manner, again: 'page' }, { sentence: BY_PART });
    // Which element a worker's fetch was for, if any, only the page can tell.
    const found = isOwnFetch ? 'no' : await canLoadAgain(placeIn(item));
    if (found === 'browser' || !(await isThere(tabId, documentId))) return;
    const pay = () => payInTurn(item, { ...manner, again: found === 'no' ? 'page' : 'element' });
    if (found === 'sheet') await afterOthers({ documentId, url }, pay);
    else await pay();
  } finally {
    underWay.delete(key);
  }
}

async function payInTurn(item: Detection, manner: Manner): Promise<Answer> {
  const done = await inTurn(item, () => handle(item, manner));
  if (done?.answer === 'retry') giveBack(item);
  return done?.answer ?? 'leave';
}

/** The tab that a request belongs to. A worker's belongs to any tab of its site, best to the one in front. */
async function tabOf({ tabId, isTabless, initiator }: Detection): Promise<Tab | null> {
  if (!isTabless) return { id: tabId, documentId: (await shownIn(tabId))?.topDocumentId ?? null };
  const tabs = await browser.tabs.query({ url: `${initiator}/*` });
  const tab = tabs.find(({ active }) => active) ?? tabs[0];
  if (tab?.id === undefined) return null;
  const shown = await shownIn(tab.id);
  return shown?.site === initiator ? { id: tab.id, documentId: shown.topDocumentId } : null;
}
