import type { Overview } from '../messaging/own-messages.ts';
import { MAX_METHOD, MAX_URL } from '../storage/encounter-record.ts';
import type { Detection } from './detections.ts';
import { putNewest } from './newest.ts';

/*
 * What one page can make the background do is bounded, so that no page slows another or fills the disk. A page is what
 * a tab shows, with all of its frames, until the tab shows another. Whatever is beyond a bound gets no answer but its
 * 402: nothing is asked for, written or waited for. All of this is in memory.
 */

/** Why a 402 is left alone before anything is written. */
type LeftAlone = NonNullable<Overview['leftAlone']>;

/** 402s of a page that are looked at in its life. Those that are paid are not counted: budgets bound them. */
const MOST = 200;
/** How many of them may be those of frames, so that no frame uses up what its page has. */
const MOST_OF_FRAMES = 120;
/** How many are dealt with at a time, of the page itself and of its frames. */
const AT_A_TIME = 8;
/** Requests that a page asks about before the browser has shown their 402. */
const MOST_AWAITED = 32;
/** Characters of terms that may wait for the reader, of one page in its life. */
const MOST_TERMS = 4_000_000;
/** 402s of a tab, or of a site's workers, whatever pages come and go: so many at once, and so many more each second. */
const BURST = 400;
const EACH_SECOND = 2;
/** Sites whose workers are remembered. */
const MOST_SOURCES = 500;

type Part = { looked: number; running: number; readonly queue: ((isThere: boolean) => void)[] };
type Page = {
  readonly own: Part;
  readonly frames: Part;
  awaited: number;
  terms: number;
  left: LeftAlone | null;
};
type Where = { readonly tabId: number; readonly frameId: number };

const pages = new Map<number, Page>();
/** By tab, or by origin of workers: how many are allowed at once now, and since when. */
const sources = new Map<number | string, { readonly allowed: number; readonly at: number }>();

/**
 * Counts a 402 that the browser has shown.
 *
 * @returns why it is left alone, or null when it is looked at.
 */
export function admit(detection: Detection): LeftAlone | null {
  const { tabId, kind, isTabless } = detection;
  const why = outOfBounds(detection) ?? (isTooMany(detection) ? 'too-many' : null);
  if (why === null) draw(sourceOf(detection));
  if (isTabless) return why; // It is of a page only once it is known which tab may show it.
  const page = pageOf(tabId);
  if (why !== null) page.left = why;
  else if (kind !== 'navigation') partOf(page, detection.frameId).looked += 1;
  return why;
}

/** A 402 that could not be read back is not written. */
function outOfBounds({ method, url }: Detection): LeftAlone | null {
  if (method.length > MAX_METHOD) return 'method-too-long';
  return url.length > MAX_URL ? 'address-too-long' : null;
}

function isTooMany(detection: Detection): boolean {
  const { kind, isTabless } = detection;
  if (allowanceOf(sourceOf(detection)) < 1) return true;
  return kind !== 'navigation' && !isTabless && isFull(detection);
}

function sourceOf({ tabId, isTabless, initiator }: Detection): number | string {
  return isTabless ? (initiator ?? '') : tabId;
}

/** Whether nothing more of this frame of a tab, 0 for the page itself, is looked at. */
export function isFull({ tabId, frameId }: Where): boolean {
  return isUsedUp(pageOf(tabId), frameId);
}

/** A 402 that was paid is one that the page may have more of. */
export function giveBack({ tabId, frameId }: Where): void {
  const part = partOf(pageOf(tabId), frameId);
  part.looked = Math.max(0, part.looked - 1);
}

/** Why something of the page that a tab shows was left alone last; null when nothing was. */
export function leftAloneOn(tabId: number): LeftAlone | null {
  return pages.get(tabId)?.left ?? null;
}

/** Counts terms that are to wait for the reader. @returns whether they may. */
export function mayKeepTerms(tabId: number, length: number): boolean {
  const page = pageOf(tabId);
  if (page.terms + length > MOST_TERMS) {
    page.left = 'too-much-text';
    return false;
  }
  page.terms += length;
  return true;
}

/**
 * Waits for the 402 of a request that a page asks about. One that has none counts as one that was looked at.
 *
 * @returns null at once when the page waits for too many.
 */
export async function awaited<T>(where: Where, wait: () => Promise<T | null>): Promise<T | null> {
  const page = pageOf(where.tabId);
  if (isUsedUp(page, where.frameId) || page.awaited >= MOST_AWAITED) return null;
  page.awaited += 1;
  try {
    const found = await wait();
    if (found === null) partOf(page, where.frameId).looked += 1;
    return found;
  } finally {
    page.awaited -= 1;
  }
}

/**
 * Deals with a 402 of a page when its turn has come: a few at a time.
 *
 * @returns null when the page is gone by then.
 */
export async function inTurn<T>({ tabId, frameId }: Where, work: () => Promise<T>): Promise<T | null> {
  const part = partOf(pageOf(tabId), frameId);
  if (part.running < AT_A_TIME) part.running += 1;
  else if (!(await new Promise<boolean>((resolve) => part.queue.push(resolve)))) return null;
  try {
    return await work();
  } finally {
    const next = part.queue.shift();
    if (next === undefined) part.running -= 1;
    else next(true); // It goes on in the place of this one.
  }
}

/** The tab shows another page, or is gone: what has waited for its turn is over. */
export function onPageLeft(tabId: number): void {
  const page = pages.get(tabId);
  pages.delete(tabId);
  for (const part of page === undefined ? [] : [page.own, page.frames])
    for (const resolve of part.queue.splice(0)) resolve(false);
}

function pageOf(tabId: number): Page {
  const page = pages.get(tabId) ?? { own: newPart(), frames: newPart(), awaited: 0, terms: 0, left: null };
  pages.set(tabId, page);
  return page;
}

function newPart(): Part {
  return { looked: 0, running: 0, queue: [] };
}

function partOf({ own, frames }: Page, frameId: number): Part {
  return frameId > 0 ? frames : own;
}

function isUsedUp({ own, frames }: Page, frameId: number): boolean {
  return own.looked + frames.looked >= MOST || (frameId > 0 && frames.looked >= MOST_OF_FRAMES);
}

/** By a clock that only goes forward: one that is set back must not shut a page out. */
function allowanceOf(source: number | string): number {
  const { allowed, at } = sources.get(source) ?? { allowed: BURST, at: 0 };
  return Math.min(BURST, allowed + ((performance.now() - at) / 1_000) * EACH_SECOND);
}

function draw(source: number | string): void {
  putNewest(sources, source, { allowed: allowanceOf(source) - 1, at: performance.now() }, MOST_SOURCES);
}
