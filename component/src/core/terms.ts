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
 * the page itself. A place that can't be read is passed over, and told about when no other has terms. Status 402, and
 * 412 with `PAYMENT-REQUIRED` (a missing Permit2 allowance).
 *
 * A GET that was answered with HTML and nothing else is worth asking again with `Accept: application/json`: v1
 * servers keep their terms from browsers.
 * @returns null when the answer is not an x402 one: leave it alone.
 * @throws {UnreadableTermsError}
 */
export function termsOfAnswer({ status, header, body, page }: UnpaidAnswer): FoundTerms | null {
  const terms = header('payment-required');
  if (status !== 402 && (status !== 412 || terms === null)) return null;
  const fromHeader = (value: string | null) => value && parsePaymentRequiredHeader(value);
  const places: readonly (readonly [Evidence, () => PaymentRequired | '' | null])[] = [
    ['header', () => fromHeader(terms)],
    ['body', () => body && parsePaymentRequiredBody(body)],
    ['header', () => fromHeader(header('x-payment-required'))],
    ['page', () => parsePaymentRequiredPage(page)],
  ];
  return firstTerms(places);
}

function firstTerms(places: readonly (readonly [Evidence, () => PaymentRequired | '' | null])[]) {
  let failure: unknown = null;
  for (const [evidence, read] of places) {
    try {
      const required = read();
      if (required) return { required, evidence };
    } catch (cause) {
      failure ??= cause;
    }
  }
  if (failure !== null) throw failure;
  return null;
}
