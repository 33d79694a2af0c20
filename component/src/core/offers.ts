import { judge } from './judge.ts';
import type { Judged, Quote, QuoteOptions, Refused, UnpayableReason } from './offer.ts';
import type { PaymentRequired } from './payment-required.ts';

/**
 * Every offer of a 402, judged: money that is kept if the page fails comes last, a balance that is known to suffice
 * first, one that is known to be too small after the unknown ones; then the cheapest, then the server's order. All known
 * tokens are pegged to the dollar, so prices compare.
 *
 * Test money and real money are never compared: the first payable offer decides which of the two is meant.
 */
export function judgeOffers(required: PaymentRequired, options: QuoteOptions = {}): Judged {
  const payable: Quote[] = [];
  const refused: Refused[] = required.unreadable.map(() => ({
    requirements: null,
    quote: null,
    reason: 'unreadable',
  }));
  for (const requirements of required.accepts) {
    const judged = judge(requirements, options);
    if ('reason' in judged) {
      refused.push(judged);
      continue;
    }
    const { quote } = judged;
    const { testnet } = (payable[0] ?? quote).network;
    const reason = refusalOf(quote, options) ?? (testnet === quote.network.testnet ? null : 'other-money');
    if (reason === null) payable.push(quote);
    else refused.push({ requirements, quote, reason });
  }
  const [best = null, ...others] = payable.toSorted(
    (one, other) => rankOf(one, options) - rankOf(other, options) || Number(one.microUsd - other.microUsd),
  );
  return { best, others, refused };
}

/** What this wallet stands against; null when nothing that is known does. */
function refusalOf(quote: Quote, { allowed, allowanceOf, balanceOf }: QuoteOptions): UnpayableReason | null {
  const { network, requirements, method } = quote;
  if (allowed !== undefined && !allowed.includes(network.id)) return 'network-not-allowed';
  if (method === 'permit2' && (allowanceOf?.(quote) ?? 0n) < requirements.amount) return 'allowance';
  return (balanceOf?.(quote) ?? requirements.amount) < requirements.amount ? 'balance' : null;
}

function rankOf(quote: Quote, { balanceOf, isShort }: QuoteOptions): number {
  const known = isShort?.(quote) ? 2 : balanceOf?.(quote) ? 0 : 1; // A balance of nothing is enough for nothing.
  return quote.upfront ? known + 3 : known;
}
