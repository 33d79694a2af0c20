import { hasTermsOf, type Intent, isSameTerms, type Terms, termsOf } from './intent.ts';
import { judgeOffers } from './offers.ts';
import type { PaymentRequired } from './payment-required.ts';
import { NothingPayableError, type Quote, type QuoteOptions } from './quote.ts';

/** The offer that a payment is made for, and whether it is the one that the reader agreed to. */
export type Choice = {
  readonly offer: Quote;
  readonly agreed: boolean;
  /** What could be paid in its place, in order. */
  readonly others: readonly Quote[];
};

/**
 * The offer to pay: the one with the terms that the reader agreed to, when it is still there; else the best one,
 * which then has to be agreed to anew.
 *
 * @throws {NothingPayableError}
 */
export function choose(required: PaymentRequired, options: QuoteOptions, agreed: Terms | null): Choice {
  const { best, others, refused } = judgeOffers(required, options);
  if (best === null) throw new NothingPayableError(refused);
  if (agreed === null) return { offer: best, agreed: true, others };
  const same = [best, ...others].find((offer) => isSameTerms(termsOf(offer), agreed));
  return { offer: same ?? best, agreed: same !== undefined, others: [best, ...others] };
}

/**
 * The offer that an earlier payment was signed for, whichever is the best one now; null when it is gone. The reader has
 * agreed to it where it is the very one that was chosen.
 */
export function choiceOf(earlier: Intent, choice: Choice): Choice | null {
  if (hasTermsOf(earlier, choice.offer)) return choice;
  const offer = choice.others.find((one) => hasTermsOf(earlier, one));
  return offer === undefined ? null : { ...choice, offer, agreed: false };
}
