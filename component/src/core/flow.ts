import { type Choice, choose } from './choose.ts';
import { resolve } from './conclude.ts';
import { hasTermsOf, type Intent, isUndecided, type Purchase, type Terms, termsOf } from './intent.ts';
import type { PaymentRequired } from './payment-required.ts';
import { type AskReason, decide, type Evidence, type Verdict } from './policy.ts';
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
  let paidBefore = false;
  for (const earlier of await ports.ledger.find(request.purchase)) {
    const intent = isUndecided(earlier) ? await resolve(earlier, ports) : earlier;
    if (intent.state === 'settled') paidBefore = true;
    if (!isUndecided(intent)) continue;
    if (hasTermsOf(intent, offer) && canSend(intent, ports.now()))
      return { kind: 'sent', intent: await send(intent, offer, request.required, ports) };
    return refused('earlier-payment-undecided', offer);
  }
  const authorized = await authorize(request, choice, paidBefore, ports);
  if ('kind' in authorized) return authorized;
  return { kind: 'sent', intent: await signAndSend(authorized, offer, request.required, ports) };
}

/** The reservation, made by the rules or by the reader's consent, or why there is none. */
async function authorize(
  request: PaymentRequest,
  { offer, agreed }: Choice,
  paidBefore: boolean,
  ports: Ports,
): Promise<Intent | PayResult> {
  const policy = await ports.policy();
  const now = ports.now();
  const { site, url } = request.purchase;
  const verdict = decide(offer, policy, await ports.ledger.spentOn(now), {
    site,
    url,
    paidBefore,
    evidence: request.evidence,
    resourceUrl: request.required.resource?.url ?? null,
    wallet: await ports.wallet.status(),
  });
  if (verdict.outcome === 'deny') return { kind: 'refused', verdict, quote: offer };
  const draft = { purchase: request.purchase, terms: termsOf(offer), createdAt: now };
  if (verdict.outcome === 'allow') {
    const intent = await ports.ledger.reserve({ ...draft, verdict }, policy.dayBudget);
    if (intent !== null) return intent;
  }
  // Allowed, and not reserved: another payment took what was left between the decision and the reservation.
  const reason: AskReason = verdict.outcome === 'ask' ? verdict.reason : 'over-day-budget';
  const approved = request.approved && agreed;
  const answer = approved ? 'approved' : await ports.consent.ask({ quote: offer, reason });
  if (answer === 'deferred') return { kind: 'asking', verdict: { outcome: 'ask', reason }, quote: offer };
  if (answer === 'refused') return refused('refused', offer);
  const intent = await ports.ledger.reserve(
    { ...draft, verdict: { outcome: 'allow', reason: 'approved' } },
    null,
  );
  return intent ?? refused('refused', offer);
}

function refused(reason: 'refused' | 'earlier-payment-undecided', offer: Quote): PayResult {
  return { kind: 'refused', verdict: { outcome: 'deny', reason }, quote: offer };
}
