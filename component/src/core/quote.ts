import { TuppenceError } from './errors.ts';
import type { Quote, QuoteOptions } from './offer.ts';
import { offersOf } from './offers.ts';
import type { PaymentRequired } from './payment-required.ts';

export type { Offers, Quote, QuoteOptions, Unpayable, UnpayableReason } from './offer.ts';

/**
 * The offer to take.
 *
 * @throws {NothingPayableError} with a reason for every offer.
 */
export function quote(required: PaymentRequired, options: QuoteOptions = {}): Quote {
  const { best, unpayable } = offersOf(required, options);
  if (best === null) throw new NothingPayableError(unpayable.map(({ sentence }) => sentence));
  return best;
}

/** None of the offers can be paid here. `reasons` has a sentence for each. */
export class NothingPayableError extends TuppenceError {
  override readonly name = 'Quote.NothingPayableError';
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super(reasons.length === 0 ? 'The site offers no way to pay.' : [...new Set(reasons)].join(' '));
    this.reasons = reasons;
  }
}
