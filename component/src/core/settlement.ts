import { asBoolean, asTextOrNull } from './fields.ts';
import { jsonInHeader } from './header-json.ts';
import type { JsonObject } from './json.ts';
import { asJsonObject, objectOrNull } from './payment-requirements.ts';

/** What a server says of a payment it was given. Only a claim: it never releases reserved money. */
export type SettleResponse = {
  readonly success: boolean;
  /** Transaction hash, or null; v1 facilitators differ in the field's name. */
  readonly transaction: string | null;
  /** One of the codes that `explainReason` knows, or any text; null when none was given. */
  readonly errorReason: string | null;
  readonly extensions: JsonObject | null;
};

/** Names of the response headers that carry a {@link SettleResponse}, newest first, lower case. */
export const SETTLEMENT_HEADERS = ['payment-response', 'x-payment-response'] as const;

/**
 * How a paid request ended.
 *
 * - `settled`: the server says the payment settled; money moved. `delivered` is false when the page failed all the
 *   same: charged, and nothing to show for it.
 * - `rejected`: the server says nothing moved. It still holds a usable signature until `validBefore`.
 * - `unknown`: nobody said, or the payment is on its way (`transaction` is its hash then). The chain decides.
 */
export type Outcome =
  | {
      readonly state: 'settled';
      readonly transaction: string | null;
      readonly delivered: boolean;
      /** The extensions of the answer, for a signed receipt in them. */
      readonly extensions: JsonObject | null;
    }
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
  /** `error` of those terms, when they were read. */
  readonly error?: string | null;
  /**
   * True when the payment was made by v2 terms with the flow `authorization`: such a server settles only after its
   * page has succeeded, so that an error of the page means that nothing was taken.
   */
  readonly settlesLast?: boolean;
};

/** Where facilitators put the hash. */
const HASHES = ['transaction', 'txHash', 'transactionHash'] as const;

/**
 * Reads a settlement header: JSON with `success`, in one of the forms of {@link jsonInHeader}. The answer to a
 * verification (`isValid`), and receipts of a form of their own, say nothing about money that has moved.
 *
 * @throws {InvalidBase64Error} @throws {MalformedError}
 */
export function parseSettleResponse(header: string): SettleResponse {
  const response = asJsonObject(jsonInHeader(header)[0], '');
  const [transaction = null] = HASHES.flatMap((name) => asTextOrNull(response[name], 128) ?? []);
  return {
    success: asBoolean(response['success'], 'success'),
    transaction,
    errorReason: asTextOrNull(response['errorReason'] ?? response['error'], 256),
    extensions: objectOrNull(response['extensions']),
  };
}

/**
 * What an answer to a paid request says about the money. Unknown is not failed: v1 servers answer "declined" and
 * "settled, but the answer was lost" alike, so only a server that says that nothing moved is believed that far.
 */
export function outcomeOf(answer: PaidAnswer): Outcome {
  const { status, settlement, hasTerms, error } = answer;
  const said = settlement === null ? null : settleResponseOrNull(settlement);
  if (said?.success === true) {
    const { transaction, extensions } = said;
    return { state: 'settled', transaction, delivered: status >= 200 && status < 400, extensions };
  }
  if (said !== null) return refused(said.errorReason ?? 'settlement failed', said.transaction);
  if (hasTerms && (status === 402 || status === 412)) return refused(error ?? 'payment refused', null, false);
  if (answer.settlesLast && isPageError(status))
    return { state: 'rejected', reason: `the page failed with status ${status}` };
  return { state: 'unknown', transaction: null, reason: `status ${status} without a settlement` };
}

/**
 * A hash means that it was broadcast (settlement_pending): https://github.com/x402-foundation/x402/issues/1062; a
 * nonce that was used already, that this very payment may have gone through; and "fetch failed", while settling,
 * that the facilitator could not be reached.
 */
function refused(reason: string, transaction: string | null, settling = true): Outcome {
  const undecided =
    transaction !== null ||
    /settlement_pending|already_used|duplicate_settlement|invalid_nonce/.test(reason) ||
    (settling && reason === 'fetch failed');
  return undecided ? { state: 'unknown', transaction, reason } : { state: 'rejected', reason };
}

/** Errors that a page makes by itself. 402 is about money; gateways answer 502 to 504, and know nothing of it. */
function isPageError(status: number): boolean {
  return status >= 400 && status <= 501 && status !== 402 && status !== 408;
}

function settleResponseOrNull(header: string): SettleResponse | null {
  try {
    return parseSettleResponse(header);
  } catch {
    return null; // Unreadable is the same as absent: the outcome stays unknown, and the chain decides.
  }
}
