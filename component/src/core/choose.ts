import { isSameTerms, type Terms, termsOf } from './intent.ts';
import { judgeOffers } from './offers.ts';
import type { PaymentRequired } from './payment-required.ts';
import { NothingPayableError, type Quote, type QuoteOptions } from './quote.ts';

/** The offer that a payment is made for, and whether it is the one that the reader agreed to. */
export type Choice = { readonly offer: Quote; readonly agreed: boolean };

/**
 * The offer to pay: the one with the terms that the reader agreed to, when it is still there; else the best one,
 * which then has to be agreed to anew.
 *
 * @throws {NothingPayableError}
 */
export function choose(required: PaymentRequired, options: QuoteOptions, agreed: Terms | null): Choice {
  const { best, others, refused } = judgeOffers(required, options);
  if (best === null) throw new NothingPayableError(refused);
  if (agreed === null) return { offer: best, agreed: true };
  const same = [best, ...others].find((offer) => isSameTerms(termsOf(offer), agreed));
  return { offer: same ?? best, agreed: same !== undefined };
}
