import {
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  sentenceOf,
} from 'tuppence/core';

/** Milliseconds that a server has for one answer. */
const PATIENCE = 10_000;
/** Characters of a body that are looked at. */
const BODY = 1_000_000;
const BROWSER = 'Mozilla/5.0 (compatible; Tuppence checker)';

/** What came back: status and headers, and the body as text. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: string };

/** One request as a reader's browser makes it, following no redirect. @returns the answer, or why there is none */
export async function ask(
  address: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Answer | string> {
  try {
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      headers: { Accept: '*/*', 'User-Agent': BROWSER, ...headers },
      signal: AbortSignal.timeout(PATIENCE),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.text()).slice(0, BODY),
    };
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause === undefined ? sentenceOf(error) : sentenceOf(cause);
  }
}

/** The terms of a 402, wherever its version puts them. @returns a sentence when they can't be read */
export function termsOf({ headers, body }: Answer): PaymentRequired | string {
  const header = headers.get('payment-required');
  try {
    if (header !== null) return versionOf(parsePaymentRequiredHeader(header), 2);
    const terms = parsePaymentRequiredBody(body);
    if (terms !== null) return versionOf(terms, 1);
  } catch (error) {
    return sentenceOf(error);
  }
  return 'There are no terms: neither a PAYMENT-REQUIRED header (version 2) nor a JSON body (version 1).';
}

function versionOf(terms: PaymentRequired, expected: 1 | 2): PaymentRequired | string {
  if (terms.x402Version === expected) return terms;
  return expected === 2
    ? 'PAYMENT-REQUIRED is version 2’s header; version 1 puts its terms into the body.'
    : 'Version 2 terms belong into the header PAYMENT-REQUIRED, not into the body.';
}
