import { TuppenceError } from './errors.ts';
import type { Quote, QuoteOptions, Refused } from './offer.ts';
import { judgeOffers } from './offers.ts';
import type { PaymentRequired } from './payment-required.ts';

export type {
  Judged,
  Offers,
  Quote,
  QuoteOptions,
  Refused,
  Unpayable,
  UnpayableReason,
} from './offer.ts';

/**
 * The offer to take.
 *
 * @throws {NothingPayableError} with a reason for every offer.
 */
export function quote(required: PaymentRequired, options: QuoteOptions = {}): Quote {
  const { best, refused } = judgeOffers(required, options);
  if (best === null) throw new NothingPayableError(refused);
  return best;
}

/** None of the offers can be paid here. `nothingPayableInWords` says more of it. */
export class NothingPayableError extends TuppenceError {
  override readonly name = 'Quote.NothingPayableError';
  /** A code for every offer: see `UnpayableReason`. */
  readonly reasons: readonly string[];
  constructor(refused: readonly Refused[]) {
    super('No offer can be paid here.');
    this.reasons = refused.map(({ reason }) => reason);
  }
}
