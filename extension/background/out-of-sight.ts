import {
  asBoolean,
  asInteger,
  asObject,
  asOneOf,
  asString,
  asTextOrNull,
  MalformedError,
} from 'tuppence/core';
import { database } from '../storage/database.ts';
import { MAX_METHOD, MAX_URL } from '../storage/encounter-record.ts';
import { asOtherWay } from '../storage/other-way-record.ts';
import { REQUEST_KINDS } from '../storage/request-kind.ts';
import { MAX_TERMS } from '../storage/terms-record.ts';
import { showUnpaid } from './badge.ts';
import { browserSession } from './browser-session.ts';
import type { Detection } from './detections.ts';
import type { Redirect } from './redirects.ts';
import { reload } from './repeating.ts';
import { isLookedAt, isThere } from './sites.ts';

/*
 * 402s that the reader does not see: of tabs behind others, and of pages that are prerendered. They are dealt with
 * when the tab comes forward, or the page is shown. That may be long after, when the background has stopped and
 * started again, so they are kept on disk, for this session of the browser. Each is a row of its own, written and
 * taken by itself: no tab waits for another, or takes the room of another.
 */

type Place = 'behind' | 'ahead';
type Row = { readonly session: string; readonly detection: Detection };

/** Most that is kept of one tab, in each place. */
const MOST = 200;
/** Characters of terms that are kept for a part of a page. Longer ones are asked for again. */
const MAX_KEPT_TERMS = 8_192;

/** Tabs that show a 402 that could not be kept: the disk is full, or fails. */
const lost = new Set<number>();

/**
 * Keeps a 402 until its tab comes forward, unless it is in front already, or comes forward in this very moment. A
 * navigation takes the place of all that was kept of the tab.
 *
 * @returns whether it was kept; if not, it is the caller's to deal with now.
 */
export async function keepUnlessSeen(tabId: number, detection: Detection): Promise<boolean> {
  if (await isLookedAt(tabId)) return false;
  try {
    if (detection.kind === 'navigation') await forgetKept(tabId);
    const key = await keep('behind', tabId, detection);
    return !(await isLookedAt(tabId)) || !(await takeBack(key));
  } catch (error) {
    await lose(tabId, detection, error);
    return true;
  }
}

/**
 * What was kept of a tab, which is then kept no more: it is acted on once. A page whose 402 could not be kept is loaded
 * again instead, now that the reader looks at it.
 */
export async function takeKept(tabId: number): Promise<readonly Detection[]> {
  if (lost.delete(tabId)) await reload(tabId);
  return take('behind', tabId);
}

/**
 * Keeps what a prerendered page of a tab has asked for, unless the page is shown by now: the browser says of a request
 * what its page was when it began.
 *
 * @returns whether it was kept; if not, it is the caller's to deal with now.
 */
export async function keepAhead(detection: Detection): Promise<boolean> {
  const { tabId, documentId } = detection;
  try {
    const key = await keep('ahead', tabId, detection);
    return documentId === null || !(await isThere(tabId, documentId)) || !(await takeBack(key));
  } catch (error) {
    console.error('A 402 of a prerendered page was lost.', error);
    return true;
  }
}

/** What prerendered pages of a tab have asked for, kept no more. */
export function takeAhead(tabId: number): Promise<readonly Detection[]> {
  return unlessBroken(take('ahead', tabId));
}

/** What can't be read or removed must not keep the page that is shown now from being dealt with. */
function unlessBroken(taken: Promise<readonly Detection[]>): Promise<readonly Detection[]> {
  return taken.catch((error: unknown) => {
    console.error('402s that were kept could not be taken.', error);
    return [];
  });
}

/** The tab shows another page, or is gone. */
export async function forgetKept(tabId: number): Promise<void> {
  lost.delete(tabId);
  await unlessBroken(take('behind', tabId));
}

/** Rows of another session of the browser name tabs that this one has given to others. */
export async function forgetOtherSessions(): Promise<void> {
  const session = await browserSession();
  const { store, done } = (await database()).transaction('outOfSight', 'readwrite');
  for (let at = await store.openCursor(); at !== null; at = await at.continue())
    if (rowOf(at.value)?.session !== session) await at.delete();
  await done;
}

/** Not on disk, so it has to be loaded again to be seen again; until then the badge says that something waits. */
async function lose(tabId: number, { kind }: Detection, error: unknown): Promise<void> {
  console.error('A 402 of a tab behind others could not be kept.', error);
  if (kind === 'navigation') lost.add(tabId);
  await showUnpaid(tabId);
}

/** @returns its key, or null when as much is kept of the tab as may be. */
async function keep(place: Place, tabId: number, detection: Detection): Promise<number | null> {
  const session = await browserSession();
  const { store, done } = (await database()).transaction('outOfSight', 'readwrite');
  const count = await store.index('place').count([place, tabId]);
  const key = count < MOST ? await store.add({ place, tabId, session, detection: brief(detection) }) : null;
  await done;
  return key;
}

async function take(place: Place, tabId: number): Promise<readonly Detection[]> {
  const session = await browserSession();
  const { store, done } = (await database()).transaction('outOfSight', 'readwrite');
  const rows: (Row | null)[] = [];
  const range: [Place, number] = [place, tabId];
  const index = store.index('place');
  for (let at = await index.openCursor(range); at !== null; at = await at.continue()) {
    rows.push(rowOf(at.value));
    await at.delete();
  }
  await done;
  return rows.flatMap((row) => (row?.session === session ? [row.detection] : []));
}

/** @returns whether it was still there. */
async function takeBack(key: number | null): Promise<boolean> {
  if (key === null) return false;
  const { store, done } = (await database()).transaction('outOfSight', 'readwrite');
  const isThere = (await store.count(key)) > 0;
  await store.delete(key);
  await done;
  return isThere;
}

/** Of a page itself the terms are kept whole: nothing but loading it again would bring them back. */
function brief(detection: Detection): Detection {
  if (detection.kind === 'navigation') return detection;
  const { terms, unspecifiedTerms, ...rest } = detection;
  return {
    ...rest,
    terms: asTextOrNull(terms, MAX_KEPT_TERMS),
    unspecifiedTerms: asTextOrNull(unspecifiedTerms, MAX_KEPT_TERMS),
  };
}

/** Null when it can't be read: what it was about is then seen again when its page is loaded again. */
function rowOf(value: unknown): Row | null {
  try {
    const stored = asObject(value, 'outOfSight');
    return {
      session: asString(stored['session'], 'outOfSight.session'),
      detection: asDetection(stored['detection'], 'outOfSight.detection'),
    };
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** @throws {MalformedError} */
function redirectIn(value: unknown): Redirect | null {
  if ((value ?? null) === null) return null;
  const { from, isElsewhere } = asObject(value, 'redirect');
  return { from: asString(from, 'redirect.from', MAX_URL), isElsewhere: isElsewhere === true };
}

/** @throws {MalformedError} */
function asDetection(value: unknown, path: string): Detection {
  const stored = asObject(value, path);
  return {
    requestId: asString(stored['requestId'], `${path}.requestId`),
    tabId: asInteger(stored['tabId'], `${path}.tabId`, -1),
    frameId: asInteger(stored['frameId'], `${path}.frameId`, 0),
    documentId: asTextOrNull(stored['documentId']),
    kind: asOneOf(stored['kind'], `${path}.kind`, REQUEST_KINDS),
    url: asString(stored['url'], `${path}.url`, MAX_URL),
    method: asString(stored['method'], `${path}.method`, MAX_METHOD),
    initiator: asTextOrNull(stored['initiator']),
    askedBy: asTextOrNull(stored['askedBy']),
    terms: asTextOrNull(stored['terms'], MAX_TERMS),
    unspecifiedTerms: asTextOrNull(stored['unspecifiedTerms'], MAX_TERMS),
    // Older versions knew none of these.
    otherWay: (stored['otherWay'] ?? null) === null ? null : asOtherWay(stored['otherWay']),
    wantsHtml: stored['wantsHtml'] === true,
    redirect: redirectIn(stored['redirect']),
    isTabless: asBoolean(stored['isTabless'], `${path}.isTabless`),
  };
}
