import { asArray, asBoolean, asInteger, asObject, asOneOf, asString, asTextOrNull } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { REQUEST_KINDS } from '../storage/request-kind.ts';
import type { Detection } from './detections.ts';

/** Most that is kept of one tab. */
const MOST = 200;

/*
 * 402s that the reader does not see: of tabs behind others, and of pages that are prerendered. They are dealt with
 * when the tab comes forward, or the page is shown. That may be long after, when the background has stopped and
 * started again, so they are kept where the browser's session is.
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
    const before = detection.kind === 'navigation' ? [] : await keptAt(behind(tabId));
    await keep(behind(tabId), [...before, detection]);
  });
  return !(await isInFront(tabId)) || !(await takeBack(tabId, detection));
}

/** What was kept of a tab, which is then kept no more: it is acted on once. */
export function takeKept(tabId: number): Promise<readonly Detection[]> {
  return inTurn(() => takeAt(behind(tabId)));
}

/** Keeps what a prerendered page of a tab has asked for. */
export async function keepAhead(detection: Detection): Promise<void> {
  const key = ahead(detection.tabId);
  await inTurn(async () => keep(key, [...(await keptAt(key)), detection]));
}

/** What prerendered pages of a tab have asked for, kept no more. */
export function takeAhead(tabId: number): Promise<readonly Detection[]> {
  return inTurn(() => takeAt(ahead(tabId)));
}

/** The tab shows another page, or is gone. */
export function forgetKept(tabId: number): Promise<void> {
  return inTurn(() => browser.storage.session.remove(behind(tabId)));
}

/** @returns whether it was still there. */
function takeBack(tabId: number, { requestId }: Detection): Promise<boolean> {
  return inTurn(async () => {
    const kept = await keptAt(behind(tabId));
    const others = kept.filter((one) => one.requestId !== requestId);
    await keep(behind(tabId), others);
    return others.length < kept.length;
  });
}

async function isInFront(tabId: number): Promise<boolean> {
  return (await browser.tabs.get(tabId)).active;
}

const behind = (tabId: number) => `behind:${tabId}`;
const ahead = (tabId: number) => `ahead:${tabId}`;

function keep(key: string, detections: readonly Detection[]): Promise<void> {
  return browser.storage.session.set({ [key]: detections.slice(0, MOST) });
}

async function takeAt(key: string): Promise<readonly Detection[]> {
  const kept = await keptAt(key);
  await browser.storage.session.remove(key);
  return kept;
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  return navigator.locks.request('behind', work);
}

/** @throws {MalformedError} */
async function keptAt(key: string): Promise<readonly Detection[]> {
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
