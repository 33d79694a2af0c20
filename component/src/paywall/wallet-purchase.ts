import {
  hasTermsOf,
  type Intent,
  isUndecided,
  type PayResult,
  type Policy,
  type Ports,
  pay,
  paymentHeader,
  type Quote,
  termsOf,
} from '../core/index.ts';
import { type Eip1193Provider, eip1193Wallet } from '../wallet/eip1193.ts';
import { eip1193Chain } from '../wallet/eip1193-chain.ts';
import { checkout, ledger, purchaseOf } from './checkout.ts';
import { look, type Offer } from './look.ts';
import { type Sent, sendPaid } from './paid-answer.ts';
import { declined, type Result, resultOf } from './result.ts';
import { words } from './words.ts';

/** Nothing is ever paid here without a press. */
const ASK_ALWAYS: Policy = {
  paused: false,
  autoPay: null,
  dayBudget: null,
  anySite: false,
  allowedSites: [],
};

/**
 * Pays for what `shown` offers with a browser wallet, after the reader has pressed.
 *
 * The terms are asked for once more: the newest ones are sent back, and other ones than the reader saw are not paid.
 * @param onSend called when the payment is about to leave.
 */
export function buyWithWallet(shown: Offer, wallet: Eip1193Provider, onSend: () => void): Promise<Result> {
  return checkout(shown.url, async () => {
    const seen = await look(shown.url, location.origin, (url, init) => fetch(url, init));
    if (seen.kind !== 'offer' || !isSameOffer(seen.quote, shown.quote)) return { kind: 'looked', look: seen };
    return payFor(seen, wallet, onSend);
  });
}

async function payFor(offer: Offer, wallet: Eip1193Provider, onSend: () => void): Promise<Result> {
  const { url, required, evidence } = offer;
  let sent: Sent | null = null;
  const send: Ports['retry']['send'] = async (_intent, header) => {
    onSend();
    sent = await sendPaid(url, header);
    return sent.answer;
  };
  let result: PayResult;
  try {
    const request = { purchase: purchaseOf(url), required, evidence, approved: false };
    result = await pay(request, portsFor(offer, wallet, { send }));
  } catch (error) {
    return declined(error);
  }
  if (result.kind === 'sent' && sent !== null) return resultOf(result.intent, sent, url);
  return afterRefusal(offer);
}

function portsFor({ quote }: Offer, provider: Eip1193Provider, retry: Ports['retry']): Ports {
  return {
    wallet: eip1193Wallet(provider, quote.network),
    chain: eip1193Chain(provider),
    // The press agrees to pay once. The core may find out only now, from the chain, that it was paid already.
    consent: { ask: async ({ reason }) => (reason === 'already-paid' ? 'refused' : 'approved') },
    policy: async () => ASK_ALWAYS,
    now: Date.now,
    ledger,
    retry,
  };
}

/** Nothing new was signed: either it is paid already, or an earlier payment may still go through. */
async function afterRefusal(offer: Offer): Promise<Result> {
  const earlier = await ledger.find(purchaseOf(offer.url));
  const settled = earlier.find(({ state }) => state === 'settled');
  if (settled !== undefined) return presentAgain(settled, offer);
  const ends = earlier
    .filter(isUndecided)
    .map(({ payment }) => Number(payment?.authorization.validBefore ?? 0n) * 1000);
  const sentence = ends.length === 0 ? words.notPaid : words.stillOpen(new Date(Math.max(...ends)));
  return { kind: 'declined', sentence };
}

/** Shows the site the payment that it has taken: the token contract takes it no second time. */
async function presentAgain(intent: Intent, { quote, required, url }: Offer): Promise<Result> {
  if (intent.payment === null || !hasTermsOf(intent, quote))
    return { kind: 'undelivered', transaction: intent.transaction, sentence: words.paidOnOtherTerms };
  const sent = await sendPaid(url, paymentHeader(required, quote.requirements, intent.payment));
  return resultOf(intent, sent, url);
}

function isSameOffer(one: Quote, other: Quote): boolean {
  const [a, b] = [termsOf(one), termsOf(other)];
  return (
    a.network === b.network &&
    a.asset === b.asset &&
    a.amount === b.amount &&
    a.payTo === b.payTo &&
    one.upfront === other.upfront
  );
}
