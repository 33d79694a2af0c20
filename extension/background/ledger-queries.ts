import type { Intent } from 'tuppence/core';
import { fromIntentRecord, type StoredIntent } from '../storage/intent-record.ts';
import { read, write } from '../storage/transact.ts';
import { dayOf } from '../storage/windows.ts';
import { counterOf, dayFor } from './ledger-parts.ts';

/** Where the next page begins: just before the last one that was shown. Payments of one millisecond differ in id. */
export type Cursor = { readonly createdAt: number; readonly id: string };

/** The newest payments before `before`, newest first; reads no more than it returns. */
export function newestIntents(limit: number, before: Cursor | null = null): Promise<readonly StoredIntent[]> {
  return read(['intents'], async (transaction) => {
    const found: StoredIntent[] = [];
    const range = before === null ? null : IDBKeyRange.upperBound(before.createdAt);
    let at = await transaction.objectStore('intents').index('createdAt').openCursor(range, 'prev');
    if (before !== null && at?.key === before.createdAt && at.primaryKey >= before.id) {
      if (at.primaryKey !== before.id) at = await at.continuePrimaryKey(before.createdAt, before.id);
      if (at?.primaryKey === before.id) at = await at.continue();
    }
    for (; at !== null && found.length < limit; at = await at.continue())
      found.push(fromIntentRecord(at.value));
    return found;
  });
}

/** Every payment that may still take money, or of which it is not known whether it did. */
export function undecidedIntents(): Promise<readonly Intent[]> {
  return todo('fate');
}

/** Every payment that took its money without anybody saying in which transaction. */
export function intentsWithoutReceipt(): Promise<readonly Intent[]> {
  return todo('receipt');
}

function todo(what: 'fate' | 'receipt'): Promise<readonly Intent[]> {
  return read(['intents'], async (transaction) =>
    (await transaction.objectStore('intents').index('todo').getAll(what)).map(fromIntentRecord),
  );
}

/** @throws {DamagedError} when there is no such payment. */
export function intentOf(id: string): Promise<StoredIntent> {
  return read(['intents'], async (transaction) =>
    fromIntentRecord(await transaction.objectStore('intents').get(id)),
  );
}

/** Millionths of a US dollar spent or reserved in the local calendar month of `now`. */
export function spentThisMonth(now: number): Promise<bigint> {
  return read(['counters'], async (transaction) => {
    const counters = transaction.objectStore('counters');
    return counterOf(counters, `month:${(await dayFor(counters, now)).slice(0, 7)}`);
  });
}

/** The day that budgets count in, when the clock was ahead once and that day is still to come; else null. */
export function dayAhead(now: number): Promise<string | null> {
  return read(['counters'], async (transaction) => {
    const day = await dayFor(transaction.objectStore('counters'), now);
    return day > dayOf(now) ? day : null;
  });
}

/** Has budgets count from today on, after a clock that was ahead. The reader's own act: nothing else may call it. */
export function startToday(now: number): Promise<void> {
  return write(['counters'], async (transaction) => {
    await transaction.objectStore('counters').put(dayOf(now), 'latest');
  });
}

/** Newest payments that are looked at to learn whether a network was used. */
const RECENT = 200;

/** Whether something was paid on a network, as far as the newest payments tell. */
export async function wasUsed(network: string): Promise<boolean> {
  return (await newestIntents(RECENT)).some(({ terms }) => terms.network === network);
}
