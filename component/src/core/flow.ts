import { ceilingsOf } from './budget.ts';
import { type Choice, choiceOf, choose } from './choose.ts';
import { resolve } from './conclude.ts';
import {
  type Intent,
  isUndecided,
  NotSentError,
  PausedError,
  type Purchase,
  type Terms,
  termsOf,
} from './intent.ts';
import type { PaymentRequired } from './payment-required.ts';
import {
  type AskVerdict,
  type Circumstances,
  type DenyReason,
  decide,
  type Evidence,
  figuresOf,
  type Policy,
  type Verdict,
} from './policy.ts';
import type { Ports } from './ports.ts';
import type { Quote } from './quote.ts';
import { canSend, send, signAndSend } from './send.ts';

/** A 402 that somebody wants paid. */
export type PaymentRequest = {
  readonly purchase: Purchase;
  readonly required: PaymentRequired;
  readonly evidence: Evidence;
  /** The reader has agreed to exactly these terms. */
  readonly approved: boolean;
  /** The terms that `approved` is about. Other ones are asked about anew. Left out: those of the best offer. */
  readonly agreed?: Terms;
  /** What sets the request apart; left out: nothing. */
  readonly circumstances?: Circumstances;
};

/**
 * - `sent`: the payment is on its way or has ended; the intent's state says which.
 * - `asking`: the reader was asked and answers later.
 * - `refused`: nothing was signed.
 */
export type PayResult =
  | { readonly kind: 'sent'; readonly intent: Intent }
  | {
      readonly kind: 'asking' | 'refused';
      readonly verdict: Verdict;
      readonly quote: Quote;
    };

/**
 * The line that every payment walks: quote, decide, consent, reserve, sign, journal, retry.
 *
 * The same purchase on the same terms sends the *same* authorization again while that can still settle; a new one
 * is signed only when the old is proven dead. Callers run it for one purchase at a time.
 *
 * @throws {NothingPayableError} {ValidityTooShortError} {SignedTooLateError} and what the ports throw. Whatever is
 * thrown before the header may have left gives the reservation back; after that the payment stays in the ledger,
 * undecided.
 */
export async function pay(request: PaymentRequest, ports: Ports): Promise<PayResult> {
  const options = (await ports.quoting?.()) ?? {};
  const choice = choose(request.required, options, request.agreed ?? null);
  const { offer } = choice;
  if ((await ports.policy()).paused) return refused('paused', offer);
  let paidAt: number | null = null;
  for (const earlier of await ports.ledger.find(request.purchase)) {
    const intent = isUndecided(earlier) ? await resolve(earlier, ports) : earlier;
    if (intent.state === 'settled') paidAt = Math.max(paidAt ?? 0, intent.createdAt);
    if (!isUndecided(intent)) continue;
    const again = choiceOf(intent, choice);
    if (again === null || !canSend(intent, ports.now())) return refused('earlier-payment-undecided', offer);
    const against = await whyNotAgain(intent, request, again, paidAt, ports);
    const { required } = request;
    return (
      against ?? unlessStopped(intent, again.offer, ports, () => send(intent, again.offer, required, ports))
    );
  }
  const authorized = await authorize(request, choice, paidAt, ports);
  if ('kind' in authorized) return authorized;
  return unlessStopped(authorized, offer, ports, () =>
    signAndSend(authorized, offer, request.required, ports),
  );
}

/**
 * What stands against sending a payment that is under way once more, or null. It costs nothing more, and yet whoever it
 * is sent for gets what was paid for.
 */
async function whyNotAgain(
  earlier: Intent,
  request: PaymentRequest,
  choice: Choice,
  paidAt: number | null,
  ports: Ports,
): Promise<PayResult | null> {
  // What the account holds says nothing here: this money is spoken for already.
  const { balance: _, ...others } = ports;
  const verdict = await judge(request, choice.offer, await ports.policy(), paidAt, ports.now(), others);
  if (verdict.outcome === 'deny') return { kind: 'refused', verdict, quote: choice.offer };
  if (verdict.outcome === 'allow' || ((await ports.isOwn?.(earlier)) ?? true)) return null;
  return whyNotAgreed(request, choice, verdict, ports);
}

/** What the reader, or the page that is gone, has against a payment that needs a yes; null when there is one. */
async function whyNotAgreed(
  { approved }: PaymentRequest,
  { offer, agreed }: Choice,
  question: AskVerdict,
  ports: Ports,
): Promise<PayResult | null> {
  const gone = await ports.standing?.();
  if (gone) return refused(gone, offer);
  const { reason, reasons } = question;
  const isShort = reasons.includes('short-of-money');
  const answer =
    approved && agreed && !isShort ? 'approved' : await ports.consent.ask({ quote: offer, reason, reasons });
  if (answer === 'deferred') return { kind: 'asking', verdict: question, quote: offer };
  return answer === 'refused' || isShort ? refused('refused', offer) : null;
}

/**
 * A pause also stops what was on its way to be sent, and so does a page that is left. What never left is given back;
 * anything else stays undecided.
 */
async function unlessStopped(
  { id }: Intent,
  offer: Quote,
  { ledger }: Ports,
  work: () => Promise<Intent>,
): Promise<PayResult> {
  try {
    return { kind: 'sent', intent: await work() };
  } catch (error) {
    if (error instanceof NotSentError) return refused(error.reason, offer);
    if (!(error instanceof PausedError)) throw error;
    if (error.state === 'signed') await ledger.advance(id, { state: 'expired', note: error.message });
    return refused('paused', offer);
  }
}

/** The reservation, made by the rules or by the reader's consent, or why there is none. */
async function authorize(
  request: PaymentRequest,
  choice: Choice,
  paidAt: number | null,
  ports: Ports,
): Promise<Intent | PayResult> {
  const { offer } = choice;
  const policy = await ports.policy();
  const now = ports.now();
  const judged = () => judge(request, offer, policy, paidAt, now, ports);
  const verdict = await judged();
  if (verdict.outcome === 'deny') return { kind: 'refused', verdict, quote: offer };
  const part = request.circumstances?.part ? ({ part: true } as const) : {};
  const draft = { purchase: request.purchase, terms: termsOf(offer), createdAt: now, ...part };
  let question = verdict.outcome === 'ask' ? verdict : FULL;
  if (verdict.outcome === 'allow' && (await isShort(offer, ports))) question = SHORT;
  else if (verdict.outcome === 'allow') {
    const gone = await ports.standing?.();
    if (gone) return refused(gone, offer);
    const intent = await ports.ledger.reserve({ ...draft, verdict }, policy.dayBudget, ceilingsOf(policy));
    if (intent !== null) return intent;
    // Allowed, and not reserved: other payments took what was left between the decision and the reservation.
    const again = await judged();
    if (again.outcome === 'ask') question = again;
  }
  const against =
    (await whyNotAgreed(request, choice, question, ports)) ??
    ((await isShort(offer, ports)) ? await whyNotAgreed(request, choice, SHORT, ports) : null);
  if (against !== null) return against;
  const intent = await ports.ledger.reserve(
    { ...draft, verdict: { outcome: 'allow', reason: 'approved' } },
    null,
  );
  return intent ?? refused('refused', offer);
}

/** Whether the account is known to hold less than the price: then nothing is signed, whoever has said yes. */
async function isShort(offer: Quote, ports: Ports): Promise<boolean> {
  const held = (await ports.balance?.(offer, 'signing')) ?? null;
  return held !== null && held < offer.requirements.amount;
}

const SHORT: AskVerdict = { outcome: 'ask', reason: 'short-of-money', reasons: ['short-of-money'] };

/** What a reservation that failed says when the decision does not: other payments have taken what was left. */
const FULL: AskVerdict = { outcome: 'ask', reason: 'over-day-budget', reasons: ['over-day-budget'] };

/** The decision, told with its figures to whoever keeps them. */
async function judge(
  { purchase, evidence, required, circumstances = {} }: PaymentRequest,
  offer: Quote,
  policy: Policy,
  paidAt: number | null,
  now: number,
  ports: Ports,
): Promise<Verdict> {
  const history = await ports.ledger.history?.(purchase, now);
  const spentToday = history?.spent.day ?? (await ports.ledger.spentOn(now));
  const { site, url } = purchase;
  const boughtAt = paidAt ?? history?.boughtAt ?? null;
  const context = {
    site,
    url,
    evidence,
    paidBefore: boughtAt !== null && !isRepeatable(boughtAt, now, policy),
    paidAt: boughtAt,
    resourceUrl: required.resource?.url ?? null,
    wallet: await ports.wallet.status(),
    balance: (await ports.balance?.(offer, 'deciding')) ?? null,
    ...(history === undefined ? {} : { history }),
    ...circumstances,
  };
  const verdict = decide(offer, policy, spentToday, context);
  await ports.decided?.(verdict, figuresOf(offer, policy, spentToday, context));
  return verdict;
}

/** A clock that was set back makes nothing repeatable. */
function isRepeatable(paidAt: number, now: number, { repeatAfter = null }: Policy): boolean {
  return repeatAfter !== null && now - paidAt >= repeatAfter;
}

function refused(reason: DenyReason, offer: Quote): PayResult {
  return { kind: 'refused', verdict: { outcome: 'deny', reason }, quote: offer };
}
