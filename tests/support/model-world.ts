import {
  type AuthorizationFate,
  asHex,
  decodeBase64,
  type Intent,
  type LedgerPort,
  type PaidAnswer,
  type PaymentRequired,
  type PayResult,
  type Policy,
  type Ports,
  type Purchase,
  parsePaymentRequiredHeader,
  pay,
} from 'tuppence/core';
import { ledger } from '../../extension/background/ledger.ts';
import { ENTRY_V2, encode, termsHeader } from './terms.ts';

/** What becomes of a payment that reaches its server. */
export type Fate = 'settled' | 'settled, answer lost' | 'refused' | 'silent' | 'late';
/** Where the background dies, if it does. */
export type Death = 'never' | 'while signing' | 'before sending' | 'after sending';

/** One authorization that has left, as the chain would know it. */
type Signed = {
  readonly nonce: string;
  readonly key: string;
  readonly site: string;
  readonly amount: bigint;
  readonly validBefore: bigint;
  /** The ledger's day when it was reserved. */
  readonly day: string;
  readonly asked: boolean;
  used: boolean;
};

export const BUDGETS = { dayBudget: 100n, siteDayBudget: 60n, monthBudget: 160n } as const;
const POLICY: Policy = { paused: false, autoPay: 50n, anySite: true, allowedSites: [], ...BUDGETS };
/** Milliseconds: noon UTC. */
const START = 1_795_262_400_000;

/** A chain, a server and a clock, as simple as can be, around the real ledger and the real line. */
export class ModelWorld {
  now = START;
  chainTime = BigInt(START / 1000);
  reachable = true;
  steps = 0;
  /** The latest day that anything was reserved on. */
  latestDay = '';
  readonly signed: Signed[] = [];

  /** Somebody opens an address. Resolves when the line has ended, or the background has died. */
  async visit(site: string, path: string, price: bigint, fate: Fate, death: Death, approved: boolean) {
    const purchase: Purchase = { site, url: `${site}${path}`, method: 'GET', bodyHash: null };
    let die: (value: null) => void = () => {};
    const died = new Promise<null>((resolve) => {
      die = resolve;
    });
    const dead = () => {
      die(null);
      return new Promise<never>(() => {});
    };
    const required = termsOf(price);
    const ports = this.#ports(purchase, fate, death, dead);
    const walk = pay({ purchase, required, evidence: 'header', approved }, ports);
    const result: PayResult | null = await Promise.race([walk, died]);
    return result;
  }

  #ports(purchase: Purchase, fate: Fate, death: Death, dead: () => Promise<never>): Ports {
    return {
      ledger: { ...ledger, reserve: (...args) => this.#reserve(...args) },
      policy: async () => POLICY,
      now: () => this.now,
      chain: { fateOf: async (_terms, { nonce }) => this.fateOf(nonce) },
      consent: { ask: async () => 'refused' },
      wallet: {
        status: async () => 'ready',
        address: async () => '0x857b06519E91e3A54538791bDbb0E22373e36b66',
        sign: async () => (death === 'while signing' ? dead() : asHex('0x2d6a7588', 'signature', 65)),
      },
      retry: {
        send: async (intent, header) => {
          if (death === 'before sending') return dead();
          const { authorization } = JSON.parse(decodeBase64(header.value)).payload;
          const known = this.signed.find(({ nonce }) => nonce === authorization.nonce);
          const signed = known ?? {
            nonce: authorization.nonce,
            key: JSON.stringify(purchase),
            site: purchase.site,
            amount: BigInt(authorization.value),
            validBefore: BigInt(authorization.validBefore),
            day: this.latestDay,
            asked: intent.verdict.reason === 'approved',
            used: false,
          };
          if (known === undefined) this.signed.push(signed);
          const answer = this.#answer(signed, fate);
          return death === 'after sending' ? dead() : answer;
        },
      },
    };
  }

  /** A day that something was reserved on never comes back. */
  async #reserve(...args: Parameters<LedgerPort['reserve']>): Promise<Intent | null> {
    const intent = await ledger.reserve(...args);
    const day = new Date(this.now).toISOString().slice(0, 10);
    if (intent !== null && day > this.latestDay) this.latestDay = day;
    return intent;
  }

  #answer(signed: Signed, fate: Fate): PaidAnswer {
    if (fate === 'settled' || fate === 'settled, answer lost') this.settle(signed);
    if (fate === 'settled' && signed.used)
      return { status: 200, settlement: encode({ success: true, transaction: '0xab' }), hasTerms: false };
    return { status: fate === 'refused' ? 402 : 0, settlement: null, hasTerms: fate === 'refused' };
  }

  /** What facilitators and chains do: an authorization takes its money once, and only while it is valid. */
  settle(signed: Signed): void {
    if (this.chainTime < signed.validBefore) signed.used = true;
  }

  fateOf(nonce: string): AuthorizationFate {
    if (!this.reachable) return 'unreachable';
    const known = this.signed.find((one) => one.nonce === nonce);
    if (known?.used === true) return 'used';
    // One that never left is as unused as any other.
    return this.chainTime >= (known?.validBefore ?? this.chainTime) ? 'dead' : 'open';
  }

  /** Whether it has taken its money, or still can. */
  isMoney(signed: Signed): boolean {
    return signed.used || this.chainTime < signed.validBefore;
  }
}

function termsOf(price: bigint): PaymentRequired {
  const entry = { ...ENTRY_V2, amount: price.toString() };
  return parsePaymentRequiredHeader(termsHeader([entry], { resource: { url: '' } }));
}
