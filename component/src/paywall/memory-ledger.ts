import {
  assertTransition,
  type Intent,
  type IntentChange,
  type LedgerPort,
  type Purchase,
  randomHex,
  TuppenceError,
} from '../core/index.ts';

/**
 * A ledger that lives as long as the page. Every method runs to its end without awaiting anything, so no other
 * request can come between a check and its write.
 *
 * @param now unix milliseconds.
 */
export function createMemoryLedger(now: () => number = Date.now): LedgerPort {
  const intents = new Map<string, Intent>();
  const spentOn = (time: number): bigint =>
    sumOf([...intents.values()].filter((one) => isSpentOn(one, time)));
  return {
    find: async (purchase) => [...intents.values()].filter((one) => isSame(one.purchase, purchase)).reverse(),
    spentOn: async (time) => spentOn(time),
    async reserve(draft, ceiling) {
      if (ceiling !== null && spentOn(draft.createdAt) + draft.terms.microUsd > ceiling) return null;
      const open = { state: 'reserved', payment: null, transaction: null, note: null } as const;
      const intent: Intent = { ...draft, ...open, id: randomHex(16), updatedAt: draft.createdAt };
      intents.set(intent.id, intent);
      return intent;
    },
    async advance(id, change) {
      const intent = intents.get(id);
      if (intent === undefined) throw new NoSuchIntentError(id);
      const changed = advanced(intent, change, now());
      intents.set(id, changed);
      return changed;
    },
  };
}

/** @throws {IllegalTransitionError} */
function advanced(intent: Intent, change: IntentChange, now: number): Intent {
  assertTransition(intent.state, change.state);
  return { ...intent, ...change, updatedAt: now };
}

function isSame(one: Purchase, other: Purchase): boolean {
  return (
    one.site === other.site &&
    one.url === other.url &&
    one.method === other.method &&
    one.bodyHash === other.bodyHash
  );
}

function isSpentOn({ state, createdAt }: Intent, time: number): boolean {
  return state !== 'expired' && new Date(createdAt).toDateString() === new Date(time).toDateString();
}

function sumOf(intents: readonly Intent[]): bigint {
  return intents.reduce((sum, { terms }) => sum + terms.microUsd, 0n);
}

/** A payment that was never written here. */
export class NoSuchIntentError extends TuppenceError {
  override readonly name = 'MemoryLedger.NoSuchIntentError';
  readonly id: string;
  constructor(id: string) {
    super('There is no such payment on this page.');
    this.id = id;
  }
}
