import type { PaymentSummary } from './own-messages.ts';

/** A payment with all that books need, and without its signature. */
export type Receipt = PaymentSummary & {
  /** The account that paid; null when nothing was ever signed. */
  readonly payer: string | null;
  /** The authorization's nonce: with it the transfer is found on the chain. */
  readonly nonce: string | null;
  readonly paymentId: string | null;
};
