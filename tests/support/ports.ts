import {
  type AuthorizationFate,
  assertTransition,
  type Intent,
  type LedgerPort,
  type PaidAnswer,
  type Permit2TypedData,
  type Policy,
  type Ports,
  type Purchase,
  type TypedData,
} from '../../component/src/core/index.ts';
import { SIGNATURE } from './signature.ts';
import { encode, PAYER } from './terms.ts';

export const SETTLED: PaidAnswer = {
  status: 200,
  settlement: encode({ success: true, transaction: `0x${'12'.repeat(32)}` }),
  hasTerms: false,
};

export const POLICY: Policy = {
  paused: false,
  autoPay: 50_000n,
  dayBudget: 100_000n,
  anySite: true,
  allowedSites: [],
};

/** A ledger in memory that keeps the rules of the real ones. `intents` is what a disk would hold. */
export function memoryLedger(): LedgerPort & { readonly intents: Intent[] } {
  const intents: Intent[] = [];
  const spent = () =>
    intents.filter(({ state }) => state !== 'expired').reduce((sum, { terms }) => sum + terms.microUsd, 0n);
  return {
    intents,
    find: async (purchase: Purchase) =>
      intents.filter((one) => JSON.stringify(one.purchase) === JSON.stringify(purchase)).reverse(),
    spentOn: async () => spent(),
    async reserve(draft, ceiling) {
      if (ceiling !== null && spent() + draft.terms.microUsd > ceiling) return null;
      const open = { state: 'reserved', payment: null, transaction: null, note: null } as const;
      const intent: Intent = { ...draft, ...open, id: String(intents.length), updatedAt: draft.createdAt };
      intents.push(intent);
      return intent;
    },
    async advance(id, change) {
      const index = intents.findIndex((one) => one.id === id);
      const current = intents[index];
      if (current === undefined) throw new Error(`There is no payment ${id}.`);
      assertTransition(current.state, change.state);
      const next = { ...current, ...change };
      intents[index] = next;
      return next;
    },
  };
}

/** Ports that write down what is asked of them, in order. Every answer can be replaced. */
export function scriptedPorts(change: Partial<Script> = {}) {
  const script: Script = { ...DEFAULT, ...change };
  const log: string[] = [];
  const signed: (TypedData | Permit2TypedData)[] = [];
  const headers: string[] = [];
  const ledger = memoryLedger();
  const sign = async (data: TypedData | Permit2TypedData) => {
    log.push('sign');
    signed.push(data);
    script.onSign();
    return SIGNATURE;
  };
  const ports: Ports = {
    ledger: {
      ...ledger,
      async reserve(draft, ceiling) {
        log.push('reserve');
        return script.full ? null : ledger.reserve(draft, ceiling);
      },
      async advance(id, to) {
        log.push(to.state);
        return ledger.advance(id, to);
      },
    },
    wallet: {
      status: async () => script.wallet,
      address: async () => PAYER.address,
      sign,
      ...(script.permits ? { signPermit: sign } : {}),
    },
    consent: {
      async ask({ reason }) {
        log.push(`ask ${reason}`);
        return script.consent;
      },
    },
    retry: {
      async send(_intent, { value }) {
        log.push('send');
        headers.push(value);
        return script.answer;
      },
    },
    chain: { fateOf: async () => script.fate() },
    policy: async () => ({ ...POLICY, ...script.policy }),
    now: () => script.now(),
    ...(script.quoting === undefined ? {} : { quoting: script.quoting }),
  };
  return { ports, log, signed, headers, intents: ledger.intents, ledger };
}

type Script = {
  readonly wallet: 'ready' | 'locked' | 'none';
  readonly consent: 'approved' | 'refused' | 'deferred';
  readonly answer: PaidAnswer | null;
  readonly fate: () => AuthorizationFate;
  readonly policy: Partial<Policy>;
  readonly now: () => number;
  readonly onSign: () => void;
  readonly full: boolean;
  readonly permits: boolean;
  readonly quoting: Ports['quoting'];
};

const DEFAULT: Script = {
  wallet: 'ready',
  consent: 'refused',
  answer: SETTLED,
  fate: () => 'open',
  policy: {},
  now: () => 1_750_000_000_000,
  onSign: () => {},
  full: false,
  permits: false,
  quoting: undefined,
};
