import {
  type Evidence,
  nothingPayableInWords,
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  sentenceOf,
} from '../core/index.ts';

/** Terms, and where they were. */
export type FoundTerms = { readonly required: PaymentRequired; readonly evidence: Evidence };

/**
 * The terms of a 402 whose `PAYMENT-REQUIRED` is no plain base64: in one of the other forms, or in the body.
 *
 * @throws {UnreadableTermsError} what is wrong with the header, when the body has none.
 */
export function oddTerms(header: string, body: string): FoundTerms {
  try {
    return { required: parsePaymentRequiredHeader(header), evidence: 'header' };
  } catch (cause) {
    const required = inBody(body);
    if (required === null) throw cause;
    return { required, evidence: 'body' };
  }
}

/** Why the terms of a 402 can't be paid, in a sentence. */
export function refusalOf(header: string | null, body: string): string {
  try {
    const required = header === null ? parsePaymentRequiredBody(body) : oddTerms(header, body).required;
    return required === null ? '' : nothingPayableInWords(required);
  } catch (error) {
    return sentenceOf(error);
  }
}

function inBody(body: string): PaymentRequired | null {
  try {
    return parsePaymentRequiredBody(body);
  } catch {
    return null;
  }
}
