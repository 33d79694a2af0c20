import { hasRunway, newAuthorization, typedData } from './authorization.ts';
import {
  hasTermsOf,
  IllegalTransitionError,
  type Intent,
  isUndecided,
  type Purchase,
  termsOf,
} from './intent.ts';
import { newPaymentId, paymentHeader } from './payment-header.ts';
import type { PaymentRequired } from './payment-required.ts';
import { decide, type Evidence, type Verdict } from './policy.ts';
import type { LedgerPort, Ports } from './ports.ts';
import { type Quote, quote } from './quote.ts';
import { outcomeOf, type PaidAnswer } from './settlement.ts';

/** A 402 that somebody wants paid. */
export type PaymentRequest = {
  readonly purchase: Purchase;
  readonly required: PaymentRequired;
  readonly evidence: Evidence;
  /** The reader has agreed to exactly these terms. */
  readonly approved: boolean;
};

/**
 * - `sent`: the payment is on its way or has ended; the intent's state says which.
 * - `asking`: the reader was asked and answers later.
 * - `refused`: nothing was signed.
 */
export type PayResult =
  | { readonly kind: 'sent'; readonly intent: Intent }
  | {
      readonly kind: 'asking';
      readonly verdict: Verdict;
      readonly quote: Quote;
    }
  | {
      readonly kind: 'refused';
      readonly verdict: Verdict;
      readonly quote: Quote;
    };

/**
 * The line that every payment walks: quote, decide, consent, reserve, sign, journal, retry.
 *
 * The same purchase on the same terms sends the *same* authorization again while that can still settle; a new one
 * is signed only when the old is proven dead. Callers run it for one purchase at a time.
 *
 * @throws {NothingPayableError} @throws {ValidityTooShortError} and what the ports throw. Whatever is thrown before
 * the header may have left gives the reservation back; after that the payment stays in the ledger, undecided.
 */
export async function pay(request: PaymentRequest, ports: Ports): Promise<PayResult> {
  const offer = quote(request.required);
  let paidBefore = false;
  for (const earlier of await ports.ledger.find(request.purchase)) {
    const intent = isUndecided(earlier) ? await resolve(earlier, ports) : earlier;
    if (intent.state === 'settled') paidBefore = true;
    if (!isUndecided(intent)) continue;
    if (canResend(intent, offer, ports.now())) return send(intent, offer, request, ports);
    return refused('earlier-payment-undecided', offer);
  }
  const authorized = await authorize(request, offer, paidBefore, ports);
  return 'kind' in authorized ? authorized : signAndSend(authorized, offer, request, ports);
}

/**
 * Books what a paid request was answered. An answer never gives reserved money back, only the chain can; and what
 * has settled stays settled, whatever a second answer to the same authorization says.
 */
export async function conclude(intent: Intent, answer: PaidAnswer, ledger: LedgerPort): Promise<Intent> {
  const outcome = outcomeOf(answer);
  try {
    return await ledger.advance(intent.id, {
      state: outcome.state,
      ...(outcome.state === 'rejected' ? {} : { transaction: outcome.transaction }),
      note: outcome.state === 'settled' ? null : outcome.reason,
    });
  } catch (error) {
    if (error instanceof IllegalTransitionError && error.from === 'settled') return intent;
    throw error;
  }
}

/**
 * Asks the chain how an undecided payment ended, when that can be known: it was used, or it can't be any more.
 *
 * @returns the intent as it stands afterwards.
 */
export async function resolve(intent: Intent, ports: Pick<Ports, 'ledger' | 'chain'>): Promise<Intent> {
  // Nothing leaves before its signature is stored, so a reservation without one is a leftover of a crash.
  if (intent.payment === null) return ports.ledger.advance(intent.id, { state: 'expired' });
  const fate = await ports.chain.fateOf(intent.terms, intent.payment.authorization);
  if (fate === 'used' && intent.state !== 'signed')
    return ports.ledger.advance(intent.id, { state: 'settled' });
  if (fate === 'dead') return ports.ledger.advance(intent.id, { state: 'expired' });
  return intent;
}

async function authorize(
  request: PaymentRequest,
  offer: Quote,
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
  const draft = {
    purchase: request.purchase,
    terms: termsOf(offer),
    createdAt: now,
  };
  if (verdict.outcome === 'allow') {
    const intent = await ports.ledger.reserve({ ...draft, verdict }, policy.dayBudget);
    if (intent !== null) return intent;
  }
  // Another payment took what was left between the decision and the reservation.
  const question =
    verdict.outcome === 'ask' ? verdict : ({ outcome: 'ask', reason: 'over-day-budget' } as const);
  const answer = request.approved
    ? 'approved'
    : await ports.consent.ask({ quote: offer, reason: question.reason });
  if (answer === 'deferred') return { kind: 'asking', verdict: question, quote: offer };
  if (answer === 'refused') return refused('refused', offer);
  const approved = { outcome: 'allow', reason: 'approved' } as const;
  const intent = await ports.ledger.reserve({ ...draft, verdict: approved }, null);
  return intent ?? refused('refused', offer);
}

async function signAndSend(
  reserved: Intent,
  offer: Quote,
  request: PaymentRequest,
  ports: Ports,
): Promise<PayResult> {
  let signed: Intent;
  try {
    const payer = await ports.wallet.address();
    const authorization = newAuthorization(offer, payer, seconds(ports.now()));
    const signature = await ports.wallet.sign(typedData(offer, authorization));
    const payment = { authorization, signature, paymentId: newPaymentId() };
    signed = await ports.ledger.advance(reserved.id, {
      state: 'signed',
      payment,
    });
  } catch (cause) {
    await ports.ledger.advance(reserved.id, {
      state: 'expired',
      note: 'never signed',
    });
    throw cause;
  }
  return send(signed, offer, request, ports);
}

async function send(intent: Intent, offer: Quote, request: PaymentRequest, ports: Ports): Promise<PayResult> {
  if (intent.payment === null) return refused('earlier-payment-undecided', offer);
  const header = paymentHeader(request.required, offer.requirements, intent.payment);
  const sent = await ports.ledger.advance(intent.id, { state: 'sent' });
  const answer = await ports.retry.send(sent, header);
  return {
    kind: 'sent',
    intent: answer === null ? sent : await conclude(sent, answer, ports.ledger),
  };
}

function canResend(intent: Intent, offer: Quote, now: number): boolean {
  return (
    intent.payment !== null &&
    hasTermsOf(intent, offer) &&
    hasRunway(intent.payment.authorization, seconds(now))
  );
}

function refused(reason: 'refused' | 'earlier-payment-undecided', offer: Quote): PayResult {
  return {
    kind: 'refused',
    verdict: { outcome: 'deny', reason },
    quote: offer,
  };
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
