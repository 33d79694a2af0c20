import {
  assertTransition,
  type Ceilings,
  type Intent,
  type IntentChange,
  type IntentDraft,
  type JsonObject,
  type LedgerPort,
  PausedError,
  signedReceiptOf,
  TuppenceError,
} from 'tuppence/core';
import {
  type DeliveryFault,
  fromIntentRecord,
  purchaseKey,
  type StoredIntent,
  toIntentRecord,
  windowsOf,
} from '../storage/intent-record.ts';
import { addPayee, raiseHighest } from '../storage/origin-record.ts';
import { asPolicy } from '../storage/settings.ts';
import { toSignedRecord } from '../storage/signed-record.ts';
import { timeOrderedId } from '../storage/time-ordered-id.ts';
import { read, write } from '../storage/transact.ts';
import { windowKeys } from '../storage/windows.ts';
import { asTimeOrNull, boughtKey } from './bought.ts';
import { addTo, changeOrigin, counterOf, dayFor, isPinned, originOf, paymentsSince } from './ledger-parts.ts';

/** Newest payments of one purchase that are looked at; undecided ones are, however many there are. */
const NEWEST = 20;
const MINUTE = 60_000;

/**
 * The payments, in IndexedDB. Budget check and reservation are one transaction, counters stand beside the intents,
 * and every write is flushed to disk (`durability: 'strict'`) before its promise resolves: what is signed is on
 * disk before it can leave. All of it throws {@link UnavailableError} and {@link DamagedError}.
 */
export const ledger: LedgerPort = {
  find: (purchase) =>
    read(['intents'], async (transaction) => {
      const key = purchaseKey(purchase);
      const intents = transaction.objectStore('intents');
      const found = new Map<string, Intent>();
      for (const record of await intents.index('openPurchase').getAll(key))
        found.set(record.id, fromIntentRecord(record));
      const range = IDBKeyRange.bound([key], [key, []]);
      let at = await intents.index('purchaseAt').openCursor(range, 'prev');
      for (let count = 0; at !== null && count < NEWEST; count += 1, at = await at.continue())
        found.set(at.value.id, fromIntentRecord(at.value));
      return [...found.values()].sort((one, other) => other.createdAt - one.createdAt);
    }),

  spentOn: (now) =>
    read(['counters'], async (transaction) => {
      const counters = transaction.objectStore('counters');
      return counterOf(counters, `day:${await dayFor(counters, now)}`);
    }),

  history: async (purchase, now) => {
    const bought = await boughtKey(purchase); // Before the transaction: one that waits for anything else ends.
    return read(['counters', 'origins', 'intents', 'bought'], async (transaction) => {
      const counters = transaction.objectStore('counters');
      const keys = windowKeys(purchase.site, await dayFor(counters, now));
      const [day, month, siteDay] = await Promise.all(keys.map((key) => counterOf(counters, key)));
      const { payees, highest } = await originOf(transaction.objectStore('origins'), purchase);
      const lastMinute = await paymentsSince(transaction.objectStore('intents'), purchase.site, now - MINUTE);
      const spent = { day: day ?? 0n, month: month ?? 0n, siteDay: siteDay ?? 0n, lastMinute };
      const boughtAt = asTimeOrNull(await transaction.objectStore('bought').get(bought));
      return { spent, payees, highest: highest === null ? null : BigInt(highest), boughtAt };
    });
  },

  reserve: (draft, ceiling, others = NO_CEILINGS) =>
    write(['intents', 'counters', 'origins'], async (transaction) => {
      const { purchase, terms, createdAt } = draft;
      const [intents, counters] = [transaction.objectStore('intents'), transaction.objectStore('counters')];
      const origins = transaction.objectStore('origins');
      const day = await dayFor(counters, createdAt);
      const windows = windowKeys(purchase.site, day);
      const asked = ceiling === null;
      const limits = [ceiling, others.month, others.siteDay];
      for (const [index, key] of windows.entries()) {
        const limit = limits[index] ?? null;
        if (limit !== null && (await counterOf(counters, key)) + terms.microUsd > limit) return null;
      }
      if (!asked && !isPinned(await originOf(origins, purchase), terms)) return null;
      const { perMinute } = others;
      if (
        draft.part !== true &&
        perMinute !== null &&
        (await paymentsSince(intents, purchase.site, createdAt - MINUTE)) >= perMinute
      )
        return null;
      const intent = newIntent(draft);
      await intents.add(toIntentRecord(intent, windows));
      for (const key of windows) await addTo(counters, key, terms.microUsd);
      await counters.put(day, 'latest');
      await changeOrigin(origins, purchase, (origin) => addPayee(origin, terms));
      return intent;
    }),

  advance: (id, change) =>
    write(['intents', 'counters', 'origins', 'settings'], async (transaction) => {
      const intents = transaction.objectStore('intents');
      const stored = await intents.get(id);
      const current = fromIntentRecord(stored);
      const windows = windowsOf(stored);
      assertTransition(current.state, change.state);
      if (change.state === 'sent') {
        const policy = await transaction.objectStore('settings').get('policy');
        if (policy !== undefined && asPolicy(policy).paused) throw new PausedError(current.state);
      }
      const next = changed(current, change);
      await intents.put(toIntentRecord(next, windows));
      const { microUsd } = next.terms;
      if (next.state === 'expired')
        for (const key of windows) await addTo(transaction.objectStore('counters'), key, -microUsd);
      if (next.state === 'settled' && current.state !== 'settled')
        await changeOrigin(transaction.objectStore('origins'), next.purchase, (origin) =>
          raiseHighest(origin, microUsd),
        );
      return next;
    }),
};

/** Writes down what went wrong with the header of a payment; its state is for the answer, and the chain, to say. */
export function noteDelivery(id: string, delivery: DeliveryFault): Promise<StoredIntent> {
  return write(['intents'], async (transaction) => {
    const intents = transaction.objectStore('intents');
    const stored = await intents.get(id);
    const noted = { ...fromIntentRecord(stored), delivery };
    await intents.put(toIntentRecord(noted, windowsOf(stored)));
    return noted;
  });
}

const NO_CEILINGS: Ceilings = { siteDay: null, month: null, perMinute: null };

function newIntent(draft: IntentDraft): Intent {
  return {
    ...draft,
    id: timeOrderedId(draft.createdAt),
    state: 'reserved',
    payment: null,
    transaction: null,
    note: null,
    updatedAt: draft.createdAt,
  };
}

/**
 * A receipt, once known, is never written over by an answer that has none. A hash that came with a failure is no
 * receipt: when it turns out that money moved, it may have moved in another transaction, which the chain will name.
 */
function changed(intent: StoredIntent, change: IntentChange): StoredIntent {
  const settles = change.state === 'settled' && intent.state !== 'settled';
  return {
    ...intent,
    state: change.state,
    payment: change.payment ?? intent.payment,
    transaction: change.transaction ?? (settles ? null : intent.transaction),
    note: change.note === undefined && !settles ? intent.note : (change.note ?? null),
    updatedAt: Date.now(),
    ...signedWith(intent, change.extensions ?? null),
  };
}

/** The first signed receipt of a settlement is kept with it; what it is worth is found out afterwards. */
function signedWith({ signed }: StoredIntent, extensions: JsonObject | null): Pick<StoredIntent, 'signed'> {
  if (extensions === null || signed?.receipt !== undefined) return {};
  try {
    const document = signedReceiptOf(extensions);
    const receipt = document === null ? null : toSignedRecord(document, null);
    return receipt === null ? {} : { signed: { ...signed, receipt } };
  } catch (error) {
    if (error instanceof TuppenceError) return {}; // It can't be read: the payment has settled all the same.
    throw error;
  }
}
