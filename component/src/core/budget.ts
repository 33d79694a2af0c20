import { sameAddress } from './hex.ts';
import type { Terms } from './intent.ts';
import type { Policy, SiteRule } from './policy.ts';
import type { Quote } from './quote.ts';

/** What stands spent or reserved in the windows of one moment, in millionths of a US dollar. */
export type Spent = {
  readonly day: bigint;
  /** By the site in the address bar, in that day. */
  readonly siteDay: bigint;
  readonly month: bigint;
  /** Number of payments of that site in the last sixty seconds. */
  readonly lastMinute: number;
};

/** Most that may stand spent and reserved after a reservation; null where there is no such ceiling. */
export type Ceilings = {
  readonly siteDay: bigint | null;
  readonly month: bigint | null;
  /** Number of payments of a site in sixty seconds. */
  readonly perMinute: number | null;
};

/** Whom an origin had paid, in which token, on which network. */
export type Payee = Pick<Terms, 'network' | 'asset' | 'payTo'>;

/** What is remembered of earlier payments when a new one is judged. */
export type History = {
  readonly spent: Spent;
  /** Everybody that was paid for this origin; empty before the first payment. */
  readonly payees: readonly Payee[];
  /** The highest price that was paid to this origin, in millionths of a US dollar; null before the first payment. */
  readonly highest: bigint | null;
  /** When the same thing was bought, by a payment whose details have been erased; unix milliseconds or null. */
  readonly boughtAt?: number | null;
};

/** The figures that a decision rested on: amounts in millionths of a US dollar, null where there is no such figure. */
export type Figures = {
  readonly price: bigint;
  /** The threshold that counted here: the site's own, else the reader's. */
  readonly threshold: bigint | null;
  readonly spentToday: bigint;
  readonly dayBudget: bigint | null;
  readonly spentHereToday: bigint | null;
  readonly siteDayBudget: bigint | null;
  readonly spentThisMonth: bigint | null;
  readonly monthBudget: bigint | null;
  readonly paymentsLastMinute: number | null;
  readonly perMinute: number | null;
  readonly highestPaidHere: bigint | null;
  /** When the same thing was paid before, unix milliseconds. */
  readonly paidAt: number | null;
};

/** The rule that the reader has made for a site, or null. */
export function ruleFor({ sites = [] }: Policy, site: string): SiteRule | null {
  return sites.find((rule) => rule.site === site) ?? null;
}

/** The highest price that is paid without a question on a site; null when none is. */
export function thresholdFor(policy: Policy, site: string): bigint | null {
  const rule = ruleFor(policy, site);
  return rule?.rule === 'allow' ? (rule.upTo ?? policy.autoPay) : policy.autoPay;
}

/** What a reservation that nobody was asked about is checked against, besides the day's budget. */
export function ceilingsOf({ siteDayBudget, monthBudget, perMinute }: Policy): Ceilings {
  return { siteDay: siteDayBudget ?? null, month: monthBudget ?? null, perMinute: perMinute ?? null };
}

/** Whether an origin that was paid before now asks for another payee, token or network. */
export function isOtherPayee({ network, asset, payTo }: Quote, payees: readonly Payee[]): boolean {
  const same = (one: Payee) =>
    one.network === network.id && sameAddress(one.asset, asset.address) && sameAddress(one.payTo, payTo);
  return payees.length > 0 && !payees.some(same);
}

/** Whether a price is above the highest one paid here by more than `tolerance` percent; null is none at all. */
export function isHigher(
  price: bigint,
  highest: bigint | null,
  tolerance: number | null | undefined,
): boolean {
  if (highest === null || tolerance === undefined) return false;
  return price * 100n > highest * (100n + BigInt(tolerance ?? 0));
}
