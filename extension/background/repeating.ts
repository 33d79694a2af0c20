import { type Browser, browser } from 'wxt/browser';
import { type LoadAgain, type LoadedAgain, parseLoadedAgain } from '../messaging/page-messages.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { withoutFragment } from './request-url.ts';

type Place = Pick<EncounterRecord, 'tabId' | 'documentId' | 'kind' | 'frameId' | 'url' | 'redirectedFrom'>;

/**
 * Makes a request happen once more, now that its header is armed. One that a page's script makes is made by that
 * script, once it is told; one that takes a whole page of other things along is left to the caller.
 */
export async function repeat({ again, ...place }: Place & Pick<EncounterRecord, 'again'>): Promise<void> {
  if (place.kind === 'navigation') await reload(place.tabId);
  else if (again === 'element') await askDocument(place, 'load');
}

/** Tabs that are loading again because of us. */
const reloading = new Set<number>();

/** Loads what a tab shows again, past the cache: a 402 that was kept would answer the paid request too. */
export async function reload(tabId: number): Promise<void> {
  reloading.add(tabId);
  await browser.tabs.reload(tabId, { bypassCache: true });
}

/** Whether the document that a tab has come to show is the one before, loaded again by us. Told once. */
export function wasReloaded({
  tabId,
  transitionType,
}: Browser.webNavigation.WebNavigationTransitionCallbackDetails): boolean {
  return reloading.delete(tabId) && transitionType === 'reload';
}

/** Milliseconds that a frame has to show its answer: one of another site waits for a process of its own. */
const SHOWN_WITHIN = 10_000;

/** Whether some element of the document can ask for `url` again: the bridge looks, and changes nothing. */
export async function canLoadAgain(place: Place): Promise<LoadedAgain> {
  // A frame that is told to load what it is about to show does not.
  if (place.kind === 'frame') await shown(place);
  return askDocument(place, 'look');
}

/** Whether an element of the document shows the price of `url` itself, beside a button. */
export async function isPriced(place: Place): Promise<boolean> {
  return (await askDocument(place, 'price')) === 'priced';
}

/** Whether loading `url` again takes a whole style sheet along, and with it all that it names. */
export async function isOfSheet(encounter: EncounterRecord): Promise<boolean> {
  const { again, kind } = encounter;
  return again === 'element' && kind !== 'frame' && (await askDocument(encounter, 'look')) === 'sheet';
}

/** Whether the element that a payment is for is still there; whoever else asks is looked for elsewhere. */
export async function stillAsks({
  again,
  ...place
}: Place & Pick<EncounterRecord, 'again'>): Promise<boolean> {
  return again !== 'element' || (await askDocument(place, 'look')) !== 'no';
}

/** Waits until a frame shows what it has got, or something else, or nothing for too long. */
async function shown({ tabId, frameId, url }: Place): Promise<void> {
  const { getFrame, onCommitted, onErrorOccurred } = browser.webNavigation;
  let look = (_: { readonly tabId: number; readonly frameId: number }) => {};
  const change = new Promise<void>((resolve) => {
    look = (details) => details.tabId === tabId && details.frameId === frameId && resolve();
    setTimeout(resolve, SHOWN_WITHIN);
  });
  onCommitted.addListener(look);
  onErrorOccurred.addListener(look); // The browser's own page stands where the answer has no body.
  const frame = await getFrame({ tabId, frameId });
  if (withoutFragment(frame?.url ?? '') !== url) await change;
  onCommitted.removeListener(look);
  onErrorOccurred.removeListener(look);
}

/**
 * A frame that shows its own 402 page loads itself again, wherever it has gone since; else the document it is in
 * does that for it.
 */
async function askDocument(place: Place, task: LoadAgain['task']) {
  const { tabId, documentId, kind, frameId, url, redirectedFrom } = place;
  const message: LoadAgain = { kind: 'load-again', task, url: redirectedFrom ?? url };
  if (kind === 'frame') {
    const own = await say(tabId, message, { frameId });
    if (own !== 'no') return own;
  }
  return documentId === null ? 'no' : say(tabId, message, { documentId });
}

/** A document, or whatever a frame shows. */
type To = { readonly frameId: number } | { readonly documentId: string };

async function say(tabId: number, message: LoadAgain, to: To): Promise<LoadedAgain> {
  const ask = async () => parseLoadedAgain(await browser.tabs.sendMessage(tabId, message, to));
  try {
    // What loads again is told once: the answer may be lost with the document that has done so.
    return await (message.task === 'load' ? ask() : ask().catch(() => whenParsed(tabId, to).then(ask)));
  } catch {
    return 'no'; // No script of ours runs there: the document is gone, or is the browser's own.
  }
}

/**
 * Waits until our script is in a document: browsers fetch ahead of the parser, and a 402 may come before the first
 * script runs.
 */
async function whenParsed(tabId: number, to: To): Promise<void> {
  const target =
    'frameId' in to ? { tabId, frameIds: [to.frameId] } : { tabId, documentIds: [to.documentId] };
  await browser.scripting.executeScript({ target, injectImmediately: false, func: () => null });
}
