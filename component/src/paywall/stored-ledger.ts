import {
  asAddress,
  asArray,
  asHex,
  asInteger,
  asObject,
  asOneOf,
  asString,
  assertTransition,
  asTextOrNull,
  type Intent,
  type IntentState,
  isUndecided,
  type LedgerPort,
  type Purchase,
  parseAtomic,
  randomHex,
  type SignedPayment,
  type Terms,
  TuppenceError,
} from '../core/index.ts';

/** Where a page keeps texts: `localStorage`, or anything of its shape. */
export type TextStore = Pick<Storage, 'getItem' | 'setItem'>;

const KEY = 'x402-paywall';
const STATES = ['reserved', 'signed', 'sent', 'settled', 'rejected', 'unknown', 'expired'] as const;
/** Most payments that have ended and are remembered: the newest. */
const MOST_ENDED = 1_000;
/** Characters that a reservation takes up beside its own, so that its signature finds room: the wallet is asked once. */
const ROOM = 4_096;
/** What must outlive the page: a payment in one of these states may still take money, or be about to. */
const NEEDED: readonly IntentState[] = ['reserved', 'signed', 'sent'];
/** Milliseconds for which a payment that has ended is remembered, so that nobody pays twice by mistake. */
const MEMORY = 24 * 3_600_000;

/**
 * A ledger that outlives the page, so that a payment whose end nobody told is not forgotten by a reload. What can't be
 * kept is not reserved and not signed; how a payment has ended is remembered by the page alone then, and the chain
 * knows. Every method runs to its end without awaiting anything, and callers
 * hold a lock over the tabs of a site, so no other request comes between a check and its write.
 *
 * `reserve` and `advance` throw {@link NotKeptError}.
 */
export function createStoredLedger(store: TextStore | null, now: () => number = Date.now): LedgerPort {
  let intents: readonly Intent[] = [];
  const load = (): void => {
    intents = storedIn(store) ?? intents;
  };
  const save = (next: readonly Intent[], changed: IntentState): void => {
    const left = trimmed(next.filter((intent) => intent.state !== 'expired' && !isForgotten(intent, now())));
    const isKept = write(store, left);
    if (!isKept && NEEDED.includes(changed)) throw new NotKeptError();
    intents = left;
  };
  const spentOn = (time: number): bigint =>
    intents.reduce(
      (sum, { createdAt, terms }) => (isSameDay(createdAt, time) ? sum + terms.microUsd : sum),
      0n,
    );
  return {
    async find(purchase) {
      load();
      return intents.filter((one) => isSame(one.purchase, purchase)).toReversed();
    },
    async spentOn(time) {
      load();
      return spentOn(time);
    },
    async reserve(draft, ceiling) {
      load();
      if (ceiling !== null && spentOn(draft.createdAt) + draft.terms.microUsd > ceiling) return null;
      const open = { state: 'reserved', payment: null, transaction: null, note: null } as const;
      const intent: Intent = { ...draft, ...open, id: randomHex(16), updatedAt: draft.createdAt };
      save([...intents, intent], 'reserved');
      return intent;
    },
    async advance(id, change) {
      load();
      const intent = intents.find((one) => one.id === id);
      if (intent === undefined) throw new NoSuchIntentError(id);
      assertTransition(intent.state, change.state);
      const changed: Intent = { ...intent, ...change, updatedAt: now() };
      save(
        intents.map((one) => (one.id === id ? changed : one)),
        changed.state,
      );
      return changed;
    },
  };
}

function isForgotten({ state, updatedAt }: Intent, now: number): boolean {
  return state === 'settled' && updatedAt < now - MEMORY;
}

function isSame(one: Purchase, other: Purchase): boolean {
  return one.url === other.url && one.method === other.method && one.bodyHash === other.bodyHash;
}

function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}

/** All that is undecided, and the newest of the rest. */
function trimmed(intents: readonly Intent[]): readonly Intent[] {
  const ended = intents.filter((intent) => !isUndecided(intent));
  const forgotten = new Set(ended.slice(0, Math.max(0, ended.length - MOST_ENDED)));
  return intents.filter((intent) => !forgotten.has(intent));
}

/** @returns whether the store has it: full, switched off, or without memory, it has not. */
function write(store: TextStore | null, intents: readonly Intent[]): boolean {
  const records = intents.map((one) => (one.state === 'reserved' ? { ...one, room: ' '.repeat(ROOM) } : one));
  const text = JSON.stringify(records, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  try {
    store?.setItem(KEY, text);
    return store?.getItem(KEY) === text;
  } catch {
    return false;
  }
}

/** What is stored, or null when nothing can be read. A record that is damaged decides nothing. */
function storedIn(store: TextStore | null): readonly Intent[] | null {
  try {
    const text = store?.getItem(KEY) ?? null;
    if (text === null) return null;
    return trimmed(asArray(JSON.parse(text), 'ledger', Infinity).flatMap((record) => intentOrNone(record)));
  } catch {
    return null;
  }
}

function intentOrNone(value: unknown): readonly Intent[] {
  try {
    return [asIntent(value)];
  } catch {
    return [];
  }
}

function asIntent(value: unknown): Intent {
  const record = asObject(value, 'intent');
  const purchase = asObject(record['purchase'], 'purchase');
  return {
    id: asString(record['id'], 'id'),
    purchase: {
      site: asString(purchase['site'], 'site'),
      url: asString(purchase['url'], 'url', 65_536),
      method: asString(purchase['method'], 'method'),
      bodyHash: asTextOrNull(purchase['bodyHash']),
    },
    terms: asTerms(record['terms']),
    state: asOneOf(record['state'], 'state', STATES),
    verdict: { outcome: 'allow', reason: 'approved' }, // Nothing is ever paid here without a press.
    payment: record['payment'] === null ? null : asPayment(record['payment']),
    transaction: asTextOrNull(record['transaction']),
    note: asTextOrNull(record['note']),
    createdAt: asInteger(record['createdAt'], 'createdAt', 0),
    updatedAt: asInteger(record['updatedAt'], 'updatedAt', 0),
  };
}

function asTerms(value: unknown): Terms {
  const terms = asObject(value, 'terms');
  return {
    network: asString(terms['network'], 'network'),
    asset: asString(terms['asset'], 'asset'),
    symbol: asString(terms['symbol'], 'symbol'),
    decimals: asInteger(terms['decimals'], 'decimals', 0),
    payTo: asString(terms['payTo'], 'payTo'),
    amount: parseAtomic(terms['amount']),
    microUsd: parseAtomic(terms['microUsd']),
  };
}

function asPayment(value: unknown): SignedPayment {
  const payment = asObject(value, 'payment');
  const signed = asObject(payment['authorization'], 'authorization');
  return {
    authorization: {
      from: asAddress(signed['from'], 'from'),
      to: asAddress(signed['to'], 'to'),
      value: parseAtomic(signed['value']),
      validAfter: parseAtomic(signed['validAfter']),
      validBefore: parseAtomic(signed['validBefore']),
      nonce: asHex(signed['nonce'], 'nonce', 32),
    },
    signature: asHex(payment['signature'], 'signature'),
    paymentId: asString(payment['paymentId'], 'paymentId', 128),
  };
}

/** A payment that was never written here. */
export class NoSuchIntentError extends TuppenceError {
  override readonly name = 'StoredLedger.NoSuchIntentError';
  readonly id: string;
  constructor(id: string) {
    super('There is no such payment on this page.');
    this.id = id;
  }
}

/** The browser keeps nothing for this site: a payment would be forgotten, and made again, by the next load. */
export class NotKeptError extends TuppenceError {
  override readonly name = 'StoredLedger.NotKeptError';
  constructor() {
    super('The browser keeps nothing for this site now, so nothing was paid.');
  }
}
