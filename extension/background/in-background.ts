import { asArray, asBoolean, asInteger, asObject, asOneOf, asString, asTextOrNull } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { REQUEST_KINDS } from '../storage/request-kind.ts';
import type { Detection } from './detections.ts';

/** Most that is kept of one tab. */
const MOST = 200;

/*
 * 402s of tabs that the reader does not look at: they are dealt with when the tab comes forward. That may be long
 * after, when the background has stopped and started again, so they are kept where the browser's session is.
 */

/**
 * Keeps a 402 until its tab comes forward, unless it is in front already, or comes forward in this very moment. A
 * navigation takes the place of all that was kept of the tab.
 *
 * @returns whether it was kept; if not, it is the caller's to deal with now.
 */
export async function keepUnlessSeen(tabId: number, detection: Detection): Promise<boolean> {
  if (await isInFront(tabId)) return false;
  await inTurn(async () => {
    const before = detection.kind === 'navigation' ? [] : await keptOf(tabId);
    await keep(tabId, [...before, detection].slice(0, MOST));
  });
  return !(await isInFront(tabId)) || !(await takeBack(tabId, detection));
}

/** What was kept of a tab, which is then kept no more: it is acted on once. */
export function takeKept(tabId: number): Promise<readonly Detection[]> {
  return inTurn(async () => {
    const kept = await keptOf(tabId);
    await browser.storage.session.remove(keyOf(tabId));
    return kept;
  });
}

/** The page that is kept of a tab, or null. */
export async function keptPage(tabId: number): Promise<Detection | null> {
  return (await keptOf(tabId)).find(({ kind }) => kind === 'navigation') ?? null;
}

/** The tab shows another page, or is gone. */
export function forgetKept(tabId: number): Promise<void> {
  return inTurn(() => browser.storage.session.remove(keyOf(tabId)));
}

/** @returns whether it was still there. */
function takeBack(tabId: number, { requestId }: Detection): Promise<boolean> {
  return inTurn(async () => {
    const kept = await keptOf(tabId);
    const others = kept.filter((one) => one.requestId !== requestId);
    await keep(tabId, others);
    return others.length < kept.length;
  });
}

async function isInFront(tabId: number): Promise<boolean> {
  return (await browser.tabs.get(tabId)).active;
}

function keep(tabId: number, detections: readonly Detection[]): Promise<void> {
  return browser.storage.session.set({ [keyOf(tabId)]: detections });
}

const keyOf = (tabId: number) => `behind:${tabId}`;

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request('behind', work);
}

/** @throws {MalformedError} */
async function keptOf(tabId: number): Promise<readonly Detection[]> {
  const key = keyOf(tabId);
  const stored: unknown = (await browser.storage.session.get(key))[key] ?? [];
  return asArray(stored, key, MOST).map((one) => asDetection(one, key));
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
    url: asString(stored['url'], `${path}.url`, 65_536),
    method: asString(stored['method'], `${path}.method`, 32),
    initiator: asTextOrNull(stored['initiator']),
    terms: asTextOrNull(stored['terms'], 65_536),
    unspecifiedTerms: asTextOrNull(stored['unspecifiedTerms'], 65_536),
    isTabless: asBoolean(stored['isTabless'], `${path}.isTabless`),
  };
}
