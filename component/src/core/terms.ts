import {
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parsePaymentRequiredPage,
} from './payment-required.ts';
import type { Evidence } from './policy.ts';

/** An unpaid answer, as far as the caller can see it. */
export type UnpaidAnswer = {
  readonly status: number;
  /** A response header's value by its lower-case name, or null. */
  readonly header: (name: string) => string | null;
  /** Text of the body, or null when it was not read. */
  readonly body: string | null;
  /** The page's `window.x402`, when the answer is shown and was looked at. */
  readonly page?: unknown;
};

/** Terms, and where they were found. */
export type FoundTerms = { readonly required: PaymentRequired; readonly evidence: Evidence };

/**
 * The x402 terms of an answer: from `PAYMENT-REQUIRED`, else from a JSON body, else from `X-PAYMENT-REQUIRED` (which
 * no specification names, and some servers send: https://github.com/solana-foundation/pay-kit/pull/158), else from
 * the page itself. Status 402, and 412 with `PAYMENT-REQUIRED` (a missing Permit2 allowance).
 *
 * A GET that was answered with HTML and nothing else is worth asking again with `Accept: application/json`: v1
 * servers keep their terms from browsers.
 * @returns null when the answer is not an x402 one: leave it alone.
 * @throws {UnreadableTermsError}
 */
export function termsOfAnswer({ status, header, body, page }: UnpaidAnswer): FoundTerms | null {
  const terms = header('payment-required');
  if (status !== 402 && (status !== 412 || terms === null)) return null;
  if (terms !== null) return { required: parsePaymentRequiredHeader(terms), evidence: 'header' };
  const inBody = body === null ? null : parsePaymentRequiredBody(body);
  if (inBody !== null) return { required: inBody, evidence: 'body' };
  const unspecified = header('x-payment-required');
  if (unspecified !== null) return { required: fromUnspecified(unspecified), evidence: 'header' };
  const inPage = parsePaymentRequiredPage(page);
  return inPage === null ? null : { required: inPage, evidence: 'page' };
}

/** Nobody has written down how it is encoded; JSON starts with a brace, which base64 can't. */
function fromUnspecified(value: string): PaymentRequired {
  return parsePaymentRequiredBody(value) ?? parsePaymentRequiredHeader(value);
}
