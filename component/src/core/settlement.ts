import { decodeBase64 } from './base64.ts';
import { asBoolean, asObject, asTextOrNull, parseJson } from './json.ts';

/** What a server says of a payment it was given. Only a claim: it never releases reserved money. */
export type SettleResponse = {
  readonly success: boolean;
  /** Transaction hash, or null; v1 facilitators differ in the field's name. */
  readonly transaction: string | null;
  readonly errorReason: string | null;
};

/** Names of the response headers that carry a {@link SettleResponse}, newest first, lower case. */
export const SETTLEMENT_HEADERS = ['payment-response', 'x-payment-response'] as const;

/**
 * How a paid request ended.
 *
 * - `settled`: the server says the payment settled, whatever the page's status; money moved.
 * - `rejected`: the server says nothing moved. It still holds a usable signature until `validBefore`.
 * - `unknown`: nobody said. The chain decides.
 */
export type Outcome =
  | { readonly state: 'settled'; readonly transaction: string | null }
  | { readonly state: 'rejected'; readonly reason: string }
  | {
      readonly state: 'unknown';
      readonly transaction: string | null;
      readonly reason: string;
    };

/** A paid request's answer, as far as money is concerned. */
export type PaidAnswer = {
  readonly status: number;
  /** Value of `PAYMENT-RESPONSE` or `X-PAYMENT-RESPONSE`, or null when neither came. */
  readonly settlement: string | null;
  /** Whether a `PAYMENT-REQUIRED` came: v2 servers send fresh terms only when they did not try to settle. */
  readonly hasTerms: boolean;
};

/**
 * Reads a settlement header: base64 of UTF-8 JSON with `success`.
 *
 * @throws {InvalidBase64Error} @throws {MalformedError}
 */
export function parseSettleResponse(header: string): SettleResponse {
  const response = asObject(parseJson(decodeBase64(header)), '');
  return {
    success: asBoolean(response['success'], 'success'),
    transaction: asTextOrNull(response['transaction'], 128) ?? asTextOrNull(response['txHash'], 128),
    errorReason: asTextOrNull(response['errorReason'], 256),
  };
}

/**
 * What an answer to a paid request says about the money. Unknown is not failed: v1 servers answer "declined" and
 * "settled, but the answer was lost" alike, so only a server that says that nothing moved is believed that far.
 */
export function outcomeOf(answer: PaidAnswer): Outcome {
  const said = answer.settlement === null ? null : settleResponseOrNull(answer.settlement);
  if (said?.success === true) return { state: 'settled', transaction: said.transaction };
  if (said !== null) {
    const reason = said.errorReason ?? 'settlement failed';
    // A hash means that it was broadcast (settlement_pending): https://github.com/x402-foundation/x402/issues/1062
    // and "fetch failed" that the facilitator could not be reached while settling.
    const undecided = said.transaction !== null || reason === 'fetch failed';
    return undecided
      ? { state: 'unknown', transaction: said.transaction, reason }
      : { state: 'rejected', reason };
  }
  if (answer.status === 402 && answer.hasTerms) return { state: 'rejected', reason: 'payment refused' };
  return {
    state: 'unknown',
    transaction: null,
    reason: `status ${answer.status} without a settlement`,
  };
}

function settleResponseOrNull(header: string): SettleResponse | null {
  try {
    return parseSettleResponse(header);
  } catch {
    return null; // Unreadable is the same as absent: the outcome stays unknown, and the chain decides.
  }
}
