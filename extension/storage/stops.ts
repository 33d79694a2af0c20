import { asBoolean, asObject, asString } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { isPrivate } from './private-window.ts';

/*
 * A lock and a pause hold in ordinary and in private windows alike. Each of the two has a background and a database of
 * its own; `storage.local` is the one place that both see. What is told there can only stop payments: whoever could
 * write there could never start one.
 */

const LOCK = 'lock';
const PAUSE = 'pause';

type Pause = { readonly id: string; readonly paused: boolean; readonly isPrivate: boolean };

/** Every key that was unlocked before is locked now, in both parts, also where the background has ended. */
export async function tellLocked(): Promise<void> {
  await browser.storage.local.set({ [LOCK]: crypto.randomUUID() });
}

/** Names the latest lock: a key that was unlocked under another name is locked. */
export async function latestLock(): Promise<string> {
  const stored: unknown = (await browser.storage.local.get(LOCK))[LOCK];
  return typeof stored === 'string' ? stored : '';
}

/** Tells the other part that payments were paused here, or go on here. */
export async function tellPaused(paused: boolean): Promise<void> {
  const pause: Pause = { id: crypto.randomUUID(), paused, isPrivate: isPrivate() };
  await browser?.storage?.local.set({ [PAUSE]: pause }); // There is no browser where tests import this.
}

/**
 * Whether the other part has paused payments since this was asked last. A pause is followed once; going on is each
 * part's own press.
 *
 * @throws {MalformedError}
 */
export async function wasPausedElsewhere(): Promise<boolean> {
  const seenKey = `seenPause:${isPrivate()}`;
  const stored: unknown = (await browser.storage.local.get(PAUSE))[PAUSE];
  if (stored === undefined) return false;
  const pause = asPause(stored);
  if (pause.isPrivate === isPrivate()) return false;
  const seen: unknown = (await browser.storage.session.get(seenKey))[seenKey];
  if (seen === pause.id) return false;
  await browser.storage.session.set({ [seenKey]: pause.id });
  return pause.paused;
}

/**
 * Keeps `storage.local` from content scripts, which run in the processes of pages.
 *
 * @returns false where the browser can't: Chrome before 140.
 *   https://developer.chrome.com/docs/extensions/reference/api/storage#method-StorageArea-setAccessLevel
 */
export async function keepFromPages(): Promise<boolean> {
  try {
    await browser.storage.local.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' });
    return true;
  } catch {
    return false;
  }
}

function asPause(value: unknown): Pause {
  const pause = asObject(value, 'pause');
  return {
    id: asString(pause['id'], 'pause.id'),
    paused: asBoolean(pause['paused'], 'pause.paused'),
    isPrivate: asBoolean(pause['isPrivate'], 'pause.isPrivate'),
  };
}
