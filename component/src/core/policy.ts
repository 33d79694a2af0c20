import { type Figures, type History, isHigher, isOtherPayee, ruleFor, thresholdFor } from './budget.ts';
import type { Quote } from './quote.ts';

/**
 * The reader's standing rules. Amounts are millionths of a US dollar.
 *
 * A limit that is null is one that the reader has left empty: it means "ask", never zero and never unlimited. One that
 * is left out altogether, by whoever sets rules without knowing it, does not limit.
 */
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
  /** Other origins that may be paid on the pages of a site; what allows a site covers its own origin alone. */
  readonly allowedOrigins?: readonly AllowedOrigin[];
  /** Most that one site may be paid in a local calendar day without asking. */
  readonly siteDayBudget?: bigint | null;
  /** The same for a local calendar month and all sites together. */
  readonly monthBudget?: bigint | null;
  /** Most payments of one site in a minute without asking. */
  readonly perMinute?: number | null;
  /** Percent by which a price may lie above the highest one paid to its origin; null: every higher price is asked about. */
  readonly priceTolerance?: number | null;
  /** Milliseconds after which the same thing may be bought again without asking; left out or null: never. */
  readonly repeatAfter?: number | null;
  /** What the reader has decided for single sites; it goes before everything else. */
  readonly sites?: readonly SiteRule[];
};

/** Two origins: that of the address bar, and another one that its pages ask, or have frames of. */
export type AllowedOrigin = { readonly site: string; readonly origin: string };

/** A site (an origin) that is always asked about, never paid, or paid up to a figure of its own. */
export type SiteRule = { readonly site: string } & (
  | { readonly rule: 'ask' | 'never' }
  /** Millionths of a US dollar; null: the reader's threshold. */
  | { readonly rule: 'allow'; readonly upTo: bigint | null }
);

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
  /** What the account is known to hold of the token, in its atomic units; null or left out when nobody knows. */
  readonly balance?: bigint | null;
  /** The same URL was paid before. */
  readonly paidBefore: boolean;
  /** When that was, unix milliseconds, or null. */
  readonly paidAt?: number | null;
  /** What is remembered of earlier payments, for ledgers that remember. */
  readonly history?: History;
} & Circumstances;

/** What sets a request apart from one that the reader has made by going somewhere. Left out: nothing does. */
export type Circumstances = {
  /**
   * The page asked for it by itself: a part of it, such as an image. Only a site that the reader has allowed by name is
   * paid for such things.
   */
  readonly aside?: boolean;
  /**
   * It is a part of a page that the reader came to, such as an image. The payments of a minute count pages and what
   * their scripts ask for, not parts: where a whole site is priced, a page has dozens.
   */
  readonly part?: boolean;
  /** Origin of the document that asked, `"null"` for one without; null or left out: the site itself. */
  readonly askedBy?: string | null;
  /**
   * The reader has done nothing to come there: a script sent the page there, and nothing was pressed since. An origin
   * that was never paid is then asked about, unless the reader has allowed it by name.
   */
  readonly unprompted?: boolean;
  /** What has to be done over to get it: a form sent once more, or the whole page loaded again. */
  readonly redoes?: 'form' | 'page';
  /** The page has paid for it itself, and that payment may settle still. */
  readonly paidByPage?: boolean;
};

/** Why a payment is made: by the rules, or because the reader said yes. */
export type AllowReason = 'under-threshold' | 'approved';
/**
 * Why the reader is asked.
 *
 * `short-of-money`: the account holds less than the price; a yes alone never covers it. `not-secure`: plain http.
 * `other-resource`: the terms name another address than the one that was asked for; no signature covers it, so it is a
 * hint. `unconfirmed-token`: one that the reader added and has not cleared. `long-authorization`: only in records of
 * earlier versions; a server may allow days, and what is signed is valid for ten minutes. `paid-by-page`: see
 * `Circumstances`. `other-origin`: of another origin than the site, which has not been allowed there. `unprompted`: an
 * origin never paid that the reader did not go to. The others say what they are.
 */
export type AskReason =
  | 'short-of-money'
  | 'no-threshold'
  | 'above-threshold'
  | 'over-day-budget'
  | 'over-site-budget'
  | 'over-month-budget'
  | 'too-many'
  | 'site-asks'
  | 'changed-payee'
  | 'price-rose'
  | 'first-payment-here'
  | 'other-origin'
  | 'unprompted'
  | 'already-paid'
  | 'paid-by-page'
  | 'wallet-locked'
  | 'not-secure'
  | 'terms-from-page'
  | 'other-resource'
  | 'charged-before-content'
  | 'unconfirmed-token'
  | 'long-authorization'
  | 'sends-form-again'
  | 'reloads-page';
/**
 * Why nothing is paid and nobody is asked.
 *
 * `page-left`: the document that asked is gone. `not-attachable`: the browser has no way of putting a payment on this
 * request, and on no other. `redirected`: a redirect has led to another site, or has changed the request. The others say what they are.
 */
export type DenyReason =
  | 'paused'
  | 'site-blocked'
  | 'no-wallet'
  | 'refused'
  | 'earlier-payment-undecided'
  | 'page-left'
  | 'not-attachable'
  | 'redirected';

/** A decision with the reason for it. Reasons are codes; the screens put them into words. */
export type Verdict =
  | { readonly outcome: 'allow'; readonly reason: AllowReason }
  | AskVerdict
  | { readonly outcome: 'deny'; readonly reason: DenyReason };

/** Everything that stands against paying without a question, the worst first; `reason` is the first of `reasons`. */
export type AskVerdict = {
  readonly outcome: 'ask';
  readonly reason: AskReason;
  readonly reasons: readonly AskReason[];
};

/**
 * Whether to pay without asking, to ask, or not to pay at all. Total and pure: it looks at nothing but its
 * arguments, and every combination has an answer.
 *
 * @param spentToday millionths of a US dollar spent or reserved in the current day.
 */
export function decide(quote: Quote, policy: Policy, spentToday: bigint, context: Context): Verdict {
  if (policy.paused) return { outcome: 'deny', reason: 'paused' };
  if (rulesFor(policy, context).includes('never')) return { outcome: 'deny', reason: 'site-blocked' };
  if (context.wallet === 'none') return { outcome: 'deny', reason: 'no-wallet' };
  return askFor(reasonsToAsk(quote, policy, spentToday, context)) ?? ALLOWED;
}

const ALLOWED = { outcome: 'allow', reason: 'under-threshold' } as const;

/** The question that these reasons make, the worst first; null when there are none. */
export function askFor(reasons: readonly AskReason[]): AskVerdict | null {
  const [reason] = reasons;
  return reason === undefined ? null : { outcome: 'ask', reason, reasons };
}

/** Every reason there is with whether it stands, so that none is forgotten and none hides another: the worst first. */
function reasonsToAsk(
  quote: Quote,
  policy: Policy,
  spentToday: bigint,
  context: Context,
): readonly AskReason[] {
  const { site, url, history, redoes, wallet } = context;
  const { microUsd } = quote;
  const threshold = thresholdOf(policy, context);
  const isOther = otherOrigins(context).length > 0;
  const { payees = [] } = history ?? {};
  const { siteDay = 0n, month = 0n, lastMinute = 0 } = history?.spent ?? {};
  const { perMinute } = policy;
  const isOver = (budget: bigint | null | undefined, spent: bigint) =>
    isReached(budget, (limit) => spent + microUsd > limit);
  const stands: { readonly [Reason in Exclude<AskReason, 'long-authorization'>]: boolean } = {
    'short-of-money': context.balance != null && context.balance < quote.requirements.amount,
    'changed-payee': isOtherPayee(quote, payees),
    'not-secure': !isSecure(url),
    'price-rose': isHigher(microUsd, history?.highest ?? null, policy.priceTolerance),
    'charged-before-content': quote.upfront,
    'terms-from-page': context.evidence === 'page',
    'other-resource': !isSameResource(context.resourceUrl, url),
    'already-paid': context.paidBefore,
    'paid-by-page': context.paidByPage === true,
    'unconfirmed-token': !quote.asset.trusted,
    'sends-form-again': redoes === 'form',
    'reloads-page': redoes === 'page',
    'site-asks': rulesFor(policy, context).includes('ask'),
    'no-threshold': threshold === null,
    'above-threshold': threshold !== null && microUsd > threshold,
    'over-day-budget': isOver(policy.dayBudget, spentToday),
    'over-site-budget': isOver(policy.siteDayBudget, siteDay),
    'over-month-budget': isOver(policy.monthBudget, month),
    'too-many': isReached(perMinute, (limit) => !context.part && lastMinute >= limit),
    'first-payment-here': !isOther && !isAllowed(policy, context),
    'other-origin': isOther && !isAllowedThere(policy, context),
    unprompted: context.unprompted === true && payees.length === 0 && !isOther && !isNamed(policy, site),
    'wallet-locked': wallet === 'locked',
  };
  // Holds: these are the keys of the object above, in the order in which they stand there.
  return (Object.keys(stands) as (keyof typeof stands)[]).filter((reason) => stands[reason]);
}

/** A limit that was left out does not limit; one that is there without a figure means "ask". */
function isReached<Limit extends bigint | number>(
  limit: Limit | null | undefined,
  reaches: (limit: Limit) => boolean,
): boolean {
  return limit === null || (limit !== undefined && reaches(limit));
}

function isAllowed(policy: Policy, { site, aside = false }: Context): boolean {
  return (policy.anySite && !aside) || isNamed(policy, site);
}

/** Whose money it would be besides the site's: the origin of the address, and that of the document that asked. */
export function otherOrigins({
  site,
  url,
  askedBy,
}: Pick<Context, 'site' | 'url' | 'askedBy'>): readonly string[] {
  const origin = URL.canParse(url) ? new URL(url).origin : 'null';
  return [...new Set([origin, askedBy ?? site])].filter((one) => one !== site);
}

/** An origin that is nobody's, such as that of a sandboxed frame, can't be allowed anywhere. */
function isAllowedThere({ allowedOrigins = [] }: Policy, context: Context): boolean {
  return otherOrigins(context).every(
    (origin) =>
      origin !== 'null' && allowedOrigins.some((one) => one.site === context.site && one.origin === origin),
  );
}

/** What the reader has decided for the site, and for the other origins that have a part in it. */
function rulesFor(policy: Policy, context: Context): readonly (SiteRule['rule'] | null)[] {
  return [context.site, ...otherOrigins(context)].map((one) => ruleFor(policy, one)?.rule ?? null);
}

/** A figure that is the site's own is for the site; another origin there gets no more than that, or the common one. */
function thresholdOf(policy: Policy, context: Context): bigint | null {
  const { autoPay } = policy;
  const own = thresholdFor(policy, context.site);
  if (otherOrigins(context).length === 0) return own;
  return own === null || autoPay === null || autoPay < own ? autoPay : own;
}

function isNamed(policy: Policy, site: string): boolean {
  return policy.allowedSites.includes(site) || ruleFor(policy, site)?.rule === 'allow';
}

/** The figures behind a decision, as they were when it was made. */
export function figuresOf(quote: Quote, policy: Policy, spentToday: bigint, context: Context): Figures {
  const { spent = null, highest = null } = context.history ?? {};
  return {
    price: quote.microUsd,
    threshold: thresholdOf(policy, context),
    spentToday,
    dayBudget: policy.dayBudget,
    spentHereToday: spent?.siteDay ?? null,
    siteDayBudget: policy.siteDayBudget ?? null,
    spentThisMonth: spent?.month ?? null,
    monthBudget: policy.monthBudget ?? null,
    paymentsLastMinute: spent?.lastMinute ?? null,
    perMinute: policy.perMinute ?? null,
    highestPaidHere: highest,
    paidAt: context.paidAt ?? null,
  };
}

/** Terms that came over plain http could be anybody's; a loopback address never leaves the machine. */
export function isSecure(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/**
 * Whether the terms are about the address that was asked for, as servers behind a proxy know it: `http` for `https`, a
 * port that the proxy hides, a path without its last slash, or the path alone
 * (https://github.com/x402-foundation/x402/issues/1935). v1's Express middleware leaves out the query. A text that is no
 * address says nothing about one.
 */
function isSameResource(said: string | null, requested: string): boolean {
  const isAddress = said !== null && (said.startsWith('/') || /^https?:/i.test(said));
  if (!isAddress || !URL.canParse(said, requested)) return !isAddress;
  const [one, other] = [new URL(said, requested), new URL(requested)];
  return one.hostname === other.hostname && pathOf(one) === pathOf(other);
}

function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '');
}
