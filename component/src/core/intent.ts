import { TuppenceError } from './errors.ts';
import { sameAddress } from './hex.ts';
import type { SignedPayment } from './payment-header.ts';
import type { DenyReason, Verdict } from './policy.ts';
import type { Quote } from './quote.ts';

/** What is being bought, and by which page. Two requests with equal fields are one purchase. */
export type Purchase = {
  /** Origin in the address bar, such as `"https://example.com"`. */
  readonly site: string;
  /** The URL really requested, without its fragment. */
  readonly url: string;
  /** Upper case. */
  readonly method: string;
  /** SHA-256 of the request's body as hex, or null when there is none. */
  readonly bodyHash: string | null;
};

/** The price of a purchase as it was judged and signed. */
export type Terms = {
  readonly network: string;
  readonly asset: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly payTo: string;
  /** Atomic units of `asset`. */
  readonly amount: bigint;
  /** Millionths of a US dollar, rounded up. */
  readonly microUsd: bigint;
};

/**
 * - `reserved`: counted against the budget, nothing signed.
 * - `signed`: the authorization is stored; no header has left.
 * - `sent`: the header may have left.
 * - `settled`: the server, or the chain, says that money moved.
 * - `rejected`: the server says that nothing moved; it still holds a usable signature.
 * - `unknown`: sent, and nobody said how it ended.
 * - `expired`: proven dead, nothing moved; the reservation is released.
 */
export type IntentState = 'reserved' | 'signed' | 'sent' | 'settled' | 'rejected' | 'unknown' | 'expired';

/** One purchase on its way: the ledger's row. */
export type Intent = {
  readonly id: string;
  readonly purchase: Purchase;
  readonly terms: Terms;
  readonly state: IntentState;
  /** Why it was paid: the rule, or the reader's consent. */
  readonly verdict: Verdict;
  /** For a part of a page, which the payments of a minute leave out; left out where it is not one. */
  readonly part?: true;
  readonly payment: SignedPayment | null;
  /** Transaction hash as the server gave it, or null. */
  readonly transaction: string | null;
  /** Why it ended as it did, in the server's words, or null. */
  readonly note: string | null;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
};

const NEXT: { readonly [State in IntentState]: readonly IntentState[] } = {
  reserved: ['signed', 'expired'],
  signed: ['sent', 'expired'],
  sent: ['sent', 'settled', 'rejected', 'unknown', 'expired'],
  rejected: ['sent', 'settled', 'rejected', 'unknown', 'expired'],
  unknown: ['sent', 'settled', 'rejected', 'unknown', 'expired'],
  settled: ['settled'], // A receipt may arrive after the chain has already said that it settled.
  expired: [],
};

/** @throws {IllegalTransitionError} when a payment in state `from` can't become `to`. */
export function assertTransition(from: IntentState, to: IntentState): void {
  if (!NEXT[from].includes(to)) throw new IllegalTransitionError(from, to);
}

/** Whether the payment may still take money that it has not taken yet. */
export function isUndecided({ state }: Intent): boolean {
  return state !== 'settled' && state !== 'expired';
}

/** Whether a quote asks for exactly what was signed before, so that the same authorization pays it. */
export function hasTermsOf({ terms }: Intent, quote: Quote): boolean {
  return isSameTerms(terms, termsOf(quote));
}

/** Whether two terms ask for the same money, for the same payee. */
export function isSameTerms(one: Terms, other: Terms): boolean {
  return (
    one.network === other.network &&
    sameAddress(one.asset, other.asset) &&
    sameAddress(one.payTo, other.payTo) &&
    one.amount === other.amount
  );
}

/** A quote's price, in the form that the ledger keeps. */
export function termsOf(quote: Quote): Terms {
  return {
    network: quote.network.id,
    asset: quote.asset.address,
    symbol: quote.asset.symbol,
    decimals: quote.asset.decimals,
    payTo: quote.payTo,
    amount: quote.requirements.amount,
    microUsd: quote.microUsd,
  };
}

/** A change that would lose money from sight, such as reviving what has expired. Nothing was written. */
export class IllegalTransitionError extends TuppenceError {
  override readonly name = 'Intent.IllegalTransitionError';
  readonly from: IntentState;
  readonly to: IntentState;
  constructor(from: IntentState, to: IntentState) {
    super(`A payment that is ${from} can't become ${to}.`);
    this.from = from;
    this.to = to;
  }
}

/** Thrown by a retry port: the header has provably not left, and no rule or request has it. */
export class NotSentError extends TuppenceError {
  override readonly name = 'Intent.NotSentError';
  readonly reason: DenyReason;
  constructor(reason: DenyReason) {
    super(`The payment was not sent: ${reason}.`);
    this.reason = reason;
  }
}

/** Payments were paused while this one waited to be sent. */
export class PausedError extends TuppenceError {
  override readonly name = 'Intent.PausedError';
  /** The state that it was paused in. */
  readonly state: IntentState;
  constructor(state: IntentState) {
    super('Payments were paused before this one was sent.');
    this.state = state;
  }
}
