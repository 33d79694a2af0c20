import { MAX_VALIDITY_SECONDS } from './authorization.ts';
import type { Quote } from './quote.ts';

/** The reader's standing rules. Amounts are millionths of a US dollar; null means "no figure was given: ask". */
export type Policy = {
  /** Stops every payment at once. */
  readonly paused: boolean;
  /** The auto-pay threshold: a price up to and including it needs no click. */
  readonly autoPay: bigint | null;
  /** Most that may be spent in a local calendar day without asking. */
  readonly dayBudget: bigint | null;
  /** Whether every site may be paid under the threshold, or only `allowedSites`. */
  readonly anySite: boolean;
  /** Origins, such as `"https://example.com"`. */
  readonly allowedSites: readonly string[];
};

/** Where terms were read. A page's own script can alter what only the page can see, so such terms never auto-pay. */
export type Evidence = 'header' | 'body' | 'page';

/** What is known of the request, from the browser and never from the page. */
export type Context = {
  /** Origin in the address bar. */
  readonly site: string;
  /** The URL really requested. */
  readonly url: string;
  readonly evidence: Evidence;
  /** What the server says is being bought, or null. */
  readonly resourceUrl: string | null;
  readonly wallet: 'ready' | 'locked' | 'none';
  /** The same URL was paid before. */
  readonly paidBefore: boolean;
};

/** Why a payment is made: by the rules, or because the reader said yes. */
export type AllowReason = 'under-threshold' | 'approved';
/**
 * Why the reader is asked.
 *
 * `not-secure`: plain http. `other-resource`: the terms name another address than the one that was asked for.
 * `unconfirmed-token`: one that the reader added and has not cleared. `long-authorization`: the server asks for more than
 * ten minutes of validity. The others say what they are.
 */
export type AskReason =
  | 'no-threshold'
  | 'above-threshold'
  | 'over-day-budget'
  | 'first-payment-here'
  | 'already-paid'
  | 'wallet-locked'
  | 'not-secure'
  | 'terms-from-page'
  | 'other-resource'
  | 'charged-before-content'
  | 'unconfirmed-token'
  | 'long-authorization';
/** Why nothing is paid and nobody is asked. */
export type DenyReason = 'paused' | 'no-wallet' | 'refused' | 'earlier-payment-undecided';

/** A decision with the reason for it. Reasons are codes; the screens put them into words. */
export type Verdict =
  | { readonly outcome: 'allow'; readonly reason: AllowReason }
  | { readonly outcome: 'ask'; readonly reason: AskReason }
  | { readonly outcome: 'deny'; readonly reason: DenyReason };

/**
 * Whether to pay without asking, to ask, or not to pay at all. Total and pure: it looks at nothing but its
 * arguments, and every combination has an answer.
 *
 * @param spentToday millionths of a US dollar spent or reserved in the current day.
 */
export function decide(quote: Quote, policy: Policy, spentToday: bigint, context: Context): Verdict {
  if (policy.paused) return { outcome: 'deny', reason: 'paused' };
  if (context.wallet === 'none') return { outcome: 'deny', reason: 'no-wallet' };
  const reason = reasonToAsk(quote, policy, spentToday, context);
  return reason === null ? { outcome: 'allow', reason: 'under-threshold' } : { outcome: 'ask', reason };
}

/** The first thing that stands against paying without a question, the one that matters most to a reader first. */
function reasonToAsk(quote: Quote, policy: Policy, spentToday: bigint, context: Context): AskReason | null {
  if (context.paidBefore) return 'already-paid';
  if (!isSecure(context.url)) return 'not-secure';
  if (context.evidence === 'page') return 'terms-from-page';
  if (!isSameResource(context.resourceUrl, context.url)) return 'other-resource';
  if (quote.upfront) return 'charged-before-content';
  if (!quote.asset.trusted) return 'unconfirmed-token';
  if (quote.requirements.maxTimeoutSeconds > MAX_VALIDITY_SECONDS) return 'long-authorization';
  if (policy.autoPay === null) return 'no-threshold';
  if (quote.microUsd > policy.autoPay) return 'above-threshold';
  if (policy.dayBudget === null || spentToday + quote.microUsd > policy.dayBudget) return 'over-day-budget';
  if (!policy.anySite && !policy.allowedSites.includes(context.site)) return 'first-payment-here';
  return context.wallet === 'locked' ? 'wallet-locked' : null;
}

/** Terms that came over plain http could be anybody's; a loopback address never leaves the machine. */
function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Query strings are left out of the comparison: v1's Express middleware names the path only. */
function isSameResource(said: string | null, requested: string): boolean {
  if (said === null || !URL.canParse(said)) return said === null;
  const [one, other] = [new URL(said), new URL(requested)];
  return one.origin === other.origin && one.pathname === other.pathname;
}
