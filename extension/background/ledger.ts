import {
  assertTransition,
  type Intent,
  type IntentChange,
  type IntentDraft,
  type IntentState,
  type LedgerPort,
  MalformedError,
  parseAtomic,
} from 'tuppence/core';
import { database } from '../storage/database.ts';
import { fromIntentRecord, purchaseKey, toIntentRecord } from '../storage/intent-record.ts';

/**
 * The payments, in IndexedDB. Budget check and reservation are one transaction, counters stand beside the intents,
 * and every write is flushed to disk (`durability: 'strict'`) before its promise resolves: what is signed is on
 * disk before it can leave.
 */
export const ledger: LedgerPort = {
  async find(purchase) {
    const records = await (await database()).getAllFromIndex('intents', 'purchase', purchaseKey(purchase));
    return records.map(fromIntentRecord).sort((one, other) => other.createdAt - one.createdAt);
  },

  async spentOn(now) {
    return asCounter(await (await database()).get('counters', dayKey(now)));
  },

  async reserve(draft, ceiling) {
    const transaction = (await database()).transaction(['intents', 'counters'], 'readwrite', {
      durability: 'strict',
    });
    const counters = transaction.objectStore('counters');
    const key = dayKey(draft.createdAt);
    const total = asCounter(await counters.get(key)) + draft.terms.microUsd;
    if (ceiling !== null && total > ceiling) {
      await transaction.done;
      return null;
    }
    const intent = newIntent(draft);
    await transaction.objectStore('intents').add(toIntentRecord(intent));
    await counters.put(total.toString(), key);
    await transaction.done;
    return intent;
  },

  async advance(id, change) {
    const transaction = (await database()).transaction(['intents', 'counters'], 'readwrite', {
      durability: 'strict',
    });
    const intents = transaction.objectStore('intents');
    const current = fromIntentRecord(await intents.get(id));
    assertTransition(current.state, change.state);
    const next = changed(current, change);
    await intents.put(toIntentRecord(next));
    if (next.state === 'expired') {
      const counters = transaction.objectStore('counters');
      const key = dayKey(next.createdAt);
      const rest = asCounter(await counters.get(key)) - next.terms.microUsd;
      await counters.put(rest.toString(), key);
    }
    await transaction.done;
    return next;
  },
};

/** The newest payments, newest first. */
export async function newestIntents(limit: number): Promise<readonly Intent[]> {
  const intents: Intent[] = [];
  const index = (await database()).transaction('intents').store.index('createdAt');
  for (
    let at = await index.openCursor(null, 'prev');
    at !== null && intents.length < limit;
    at = await at.continue()
  )
    intents.push(fromIntentRecord(at.value));
  return intents;
}

/** Every payment that may still take money, or of which it is not known whether it did. */
export async function undecidedIntents(): Promise<readonly Intent[]> {
  const db = await database();
  const found = UNDECIDED.map((state) => db.getAllFromIndex('intents', 'state', state));
  return (await Promise.all(found)).flat().map(fromIntentRecord);
}

/** @throws {MalformedError} when there is no such payment. */
export async function intentOf(id: string): Promise<Intent> {
  return fromIntentRecord(await (await database()).get('intents', id));
}

const UNDECIDED: readonly IntentState[] = ['reserved', 'signed', 'sent', 'rejected', 'unknown'];

function newIntent(draft: IntentDraft): Intent {
  return {
    ...draft,
    id: crypto.randomUUID(),
    state: 'reserved',
    payment: null,
    transaction: null,
    note: null,
    updatedAt: draft.createdAt,
  };
}

/** A receipt, once known, is never written over by an answer that has none. */
function changed(intent: Intent, change: IntentChange): Intent {
  return {
    ...intent,
    state: change.state,
    payment: change.payment ?? intent.payment,
    transaction: change.transaction ?? intent.transaction,
    note: change.note === undefined ? intent.note : change.note,
    updatedAt: Date.now(),
  };
}

/** The reader's own calendar day, because that is the day a person means by "a day". */
export function dayKey(now: number): string {
  const at = new Date(now);
  const two = (part: number) => part.toString().padStart(2, '0');
  return `day:${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function asCounter(value: unknown): bigint {
  if (value === undefined) return 0n;
  if (typeof value !== 'string') throw new MalformedError('counter', 'an amount');
  return parseAtomic(value);
}
