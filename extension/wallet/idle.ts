import { asInteger } from 'tuppence/core';
import { database } from '../storage/database.ts';
import { isUnattended } from '../storage/settings.ts';

const SETTING = 'lockAfter';
/** Minutes, until the reader sets others. */
const DEFAULT = 60;
const MINUTE = 60_000;

/** Minutes without a payment and without a press after which the spending key locks itself; null for never. */
export async function readLockAfter(): Promise<number | null> {
  const stored = await (await database()).get('settings', SETTING);
  if (stored === undefined) return DEFAULT;
  return stored === null ? null : asInteger(stored, SETTING, 1);
}

export async function setLockAfter(minutes: number | null): Promise<void> {
  await (await database()).put('settings', minutes, SETTING);
}

/**
 * Whether a key that was last used at `usedAt` has idled for too long. It is looked at when the key is needed, so it
 * holds whatever ended or slept in between. Where nobody is there to unlock it, it stays open.
 *
 * @param usedAt unix milliseconds; one in the future is a clock that was set back, and counts as too long.
 */
export async function hasIdled(usedAt: number, now: number): Promise<boolean> {
  const minutes = await readLockAfter();
  if (minutes === null || (await isUnattended())) return false;
  return now - usedAt > minutes * MINUTE || usedAt - now > MINUTE;
}
