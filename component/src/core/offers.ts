import { judge, unpayable } from './judge.ts';
import { NETWORKS } from './network.ts';
import type { Offers, Quote, QuoteOptions, Unpayable, UnpayableReason } from './offer.ts';
import type { PaymentRequired } from './payment-required.ts';

/**
 * Every offer of a 402, judged: money that is kept if the page fails comes last, a balance that is known to suffice
 * first, then the cheapest, then the server's order. All known tokens are pegged to the dollar, so prices compare.
 *
 * Test money and real money are never compared: the first payable offer decides which of the two is meant.
 */
export function offersOf(required: PaymentRequired, options: QuoteOptions = {}): Offers {
  const payable: Quote[] = [];
  const refused = required.unreadable.map(({ reason }) => unpayable(null, null, 'unreadable', reason));
  for (const requirements of required.accepts) {
    const judged = judge(requirements, options.networks ?? NETWORKS);
    if ('reason' in judged) {
      refused.push(judged);
      continue;
    }
    const refusal = refusalOf(judged.quote, options) ?? mixing(judged.quote, payable[0]);
    if (refusal === null) payable.push(judged.quote);
    else refused.push(refusal);
  }
  const [best = null, ...others] = payable.toSorted(
    (one, other) => rankOf(one, options) - rankOf(other, options) || Number(one.microUsd - other.microUsd),
  );
  return { best, others, unpayable: refused };
}

/** What this wallet stands against; null when nothing that is known does. */
function refusalOf(quote: Quote, { allowed, allowanceOf, balanceOf }: QuoteOptions): Unpayable | null {
  const { asset, network, requirements, method } = quote;
  if (allowed !== undefined && !allowed.includes(network.id))
    return no(quote, 'network-not-allowed', `You don't pay on ${network.name}.`);
  if (method === 'permit2' && (allowanceOf?.(quote) ?? 0n) < requirements.amount)
    return no(quote, 'allowance', `${asset.symbol} on ${network.name} needs a Permit2 allowance first.`);
  const balance = balanceOf?.(quote) ?? null;
  if (balance === null || balance >= requirements.amount) return null;
  return no(quote, 'balance', `You don't have enough ${asset.symbol} on ${network.name}.`);
}

function mixing(quote: Quote, first: Quote | undefined): Unpayable | null {
  if (first === undefined || first.network.testnet === quote.network.testnet) return null;
  return no(quote, 'other-money', 'Test money and real money are never mixed.');
}

function no(quote: Quote, reason: UnpayableReason, sentence: string): Unpayable {
  return unpayable(quote.requirements, quote, reason, sentence);
}

function rankOf(quote: Quote, { balanceOf }: QuoteOptions): number {
  const isKnown = typeof balanceOf?.(quote) === 'bigint';
  return (quote.upfront ? 2 : 0) + (isKnown ? 0 : 1);
}
