import type { Authorization, TypedData } from './authorization.ts';
import type { Ceilings, Figures, History } from './budget.ts';
import type { Address, Hex } from './hex.ts';
import type { Intent, IntentState, Purchase, Terms } from './intent.ts';
import type { JsonObject } from './json.ts';
import type { PaymentHeader, SignedPayment } from './payment-header.ts';
import type { Permit2TypedData } from './permit2.ts';
import type { AskVerdict, DenyReason, Policy, Verdict } from './policy.ts';
import type { Quote, QuoteOptions } from './quote.ts';
import type { PaidAnswer } from './settlement.ts';

/** What signs. Only ever given typed data that this core built. */
export type WalletPort = {
  /** `none` when there is nothing to sign with at all. */
  status(): Promise<'ready' | 'locked' | 'none'>;
  address(): Promise<Address>;
  /** @throws when the signer refuses or fails; nothing has been signed then. */
  sign(data: TypedData): Promise<Hex>;
  /** Signs a Permit2 transfer; left out by wallets that are never to. @throws as `sign` does. */
  signPermit?(data: Permit2TypedData): Promise<Hex>;
};

/** A change to one payment, written in one step. */
export type IntentChange = {
  readonly state: IntentState;
  readonly payment?: SignedPayment;
  readonly transaction?: string | null;
  readonly note?: string | null;
  /** The extensions of the settlement, where a signed receipt is; for ledgers that keep it. */
  readonly extensions?: JsonObject;
};

/** Where payments are written before anything leaves. Every promise resolves only once the write is durable. */
export type LedgerPort = {
  /** Every undecided payment for this purchase, and the newest of the others, newest first. */
  find(purchase: Purchase): Promise<readonly Intent[]>;
  /** Millionths of a US dollar spent or reserved in the local calendar day of `now` (unix milliseconds). */
  spentOn(now: number): Promise<bigint>;
  /**
   * Checks the budgets and writes the reservation in one transaction, so that two requests never share a cent.
   *
   * @param ceiling most that may stand spent and reserved in the day afterwards, or null when the reader agreed to
   * this one.
   * @param others the ceilings of the other windows, for ledgers that count them; left out when the reader agreed.
   * @returns null when it would go over a ceiling; nothing is written then.
   */
  reserve(draft: IntentDraft, ceiling: bigint | null, others?: Ceilings): Promise<Intent | null>;
  /** What is remembered of earlier payments; left out by ledgers that remember nothing but the day. */
  history?(purchase: Purchase, now: number): Promise<History>;
  /**
   * @throws {IllegalTransitionError}
   * @throws {PausedError} by a ledger that knows the pause: payments were paused before this one was sent.
   */
  advance(id: string, change: IntentChange): Promise<Intent>;
};

/** A payment before it is reserved. `createdAt` is in unix milliseconds. */
export type IntentDraft = {
  readonly purchase: Purchase;
  readonly terms: Terms;
  readonly verdict: Verdict;
  /** See `Circumstances`. */
  readonly part?: true;
  readonly createdAt: number;
};

/** What the reader is asked: whether to pay this, and everything that keeps it from being done without asking. */
export type Question = { readonly quote: Quote } & Pick<AskVerdict, 'reason' | 'reasons'>;

/** Asks the reader. `deferred`: the answer comes later, as a new call with `approved`. */
export type ConsentPort = {
  ask(question: Question): Promise<'approved' | 'refused' | 'deferred'>;
};

/**
 * Sends the request again with the header. When it throws {@link NotSentError}, a payment that was sent for the first
 * time is given back; whatever else it throws leaves the payment undecided.
 *
 * `settlesLast` belongs to the answer (see {@link PaidAnswer}); a port whose answer arrives elsewhere gives it to
 * `conclude` there.
 *
 * @returns its answer, or null when the answer arrives elsewhere and is given to `conclude` there.
 */
export type RetryPort = {
  send(intent: Intent, header: PaymentHeader, settlesLast: boolean): Promise<PaidAnswer | null>;
};

/**
 * What the chain knows of an authorization (ERC-3009 `authorizationState`; for a Permit2 transfer the bit of its nonce
 * in Permit2's `nonceBitmap`).
 *
 * - `used`: it took its money.
 * - `dead`: unused at a block whose own time is past `validBefore`, by a margin, so that it never can. The block's clock
 *   counts, not this machine's.
 * - `open`: unused so far.
 * - `unreachable`: nobody could be asked.
 */
export type AuthorizationFate = 'used' | 'dead' | 'open' | 'unreachable';

/** Looks at the chain. Never throws: what can't be learned is `unreachable`. */
export type ChainPort = {
  fateOf(terms: Terms, authorization: Authorization): Promise<AuthorizationFate>;
};

/** Everything that the line of a payment needs from its surroundings. */
export type Ports = {
  readonly wallet: WalletPort;
  readonly ledger: LedgerPort;
  readonly consent: ConsentPort;
  readonly retry: RetryPort;
  readonly chain: ChainPort;
  readonly policy: () => Promise<Policy>;
  /** The reader's networks, tokens and balances, when they are known. */
  readonly quoting?: () => Promise<QuoteOptions>;
  /** Told every decision with its figures, before anything is done about it. What it throws stops the payment. */
  readonly decided?: (verdict: Verdict, figures: Figures) => Promise<void>;
  /**
   * Why this must not be paid any more, or null. Asked immediately before the reader is asked, and before money is
   * reserved: the page may have been left meanwhile. Left out: it always may.
   */
  readonly standing?: () => Promise<DenyReason | null>;
  /**
   * Whether an earlier payment for the same purchase, still under way, was made for the one who asks now. For anybody
   * else it is sent again only when the rules or the reader would pay it. Left out: there is only one who asks.
   */
  readonly isOwn?: (earlier: Intent) => Promise<boolean>;
  /**
   * What the account holds of an offer's token, in atomic units; null when nobody knows. Left out: it is not looked at.
   *
   * @param moment `deciding`: only what is known already, without asking anybody. `signing`: it may ask the network.
   */
  readonly balance?: (offer: Quote, moment: 'deciding' | 'signing') => Promise<bigint | null>;
  /** Unix milliseconds. */
  readonly now: () => number;
};
