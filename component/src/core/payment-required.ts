import { decodeBase64 } from './base64.ts';
import { sentenceOf, TuppenceError } from './errors.ts';
import { asArray, asTextOrNull } from './fields.ts';
import { type Json, type JsonObject, MalformedError, parseJson, toJson } from './json.ts';
import {
  asJsonObject,
  asRequirements,
  isJsonObject,
  objectOrNull,
  type PaymentRequirements,
} from './payment-requirements.ts';

/** An entry of `accepts` that could not be read, kept so that a person can be told why. */
export type UnreadableRequirements = {
  readonly index: number;
  /** A sentence for a person. */
  readonly reason: string;
  /** Path of the bad field, such as `accepts[0].amount`. */
  readonly path: string;
};

/** What a 402 asks for. */
export type PaymentRequired = {
  readonly x402Version: 1 | 2;
  /** The server's own words on why it answered 402. Text for people only. */
  readonly error: string | null;
  /** What the server says is being bought; the URL really requested is what counts. */
  readonly resource: {
    readonly url: string;
    readonly description: string | null;
  } | null;
  /** v2's top-level `resource`, exactly as sent, for the echo. */
  readonly sentResource: JsonObject | null;
  readonly accepts: readonly PaymentRequirements[];
  readonly unreadable: readonly UnreadableRequirements[];
  /** v2's `extensions`, exactly as sent, for the echo. */
  readonly extensions: JsonObject | null;
};

/** Most entries of `accepts` that are looked at. */
export const MAX_ACCEPTS = 32;

/**
 * Terms from a `PAYMENT-REQUIRED` header: base64 of UTF-8 JSON. The version inside decides the form.
 *
 * One bad entry of `accepts` does not spoil the others: it is listed in `unreadable`. An empty `accepts` is read too,
 * because routes that only want a sign-in send one.
 * @throws {UnreadableTermsError} saying what was wrong, and where.
 */
export function parsePaymentRequiredHeader(header: string): PaymentRequired {
  return readable(() => fromJson(parseJson(decodeBase64(header))));
}

/**
 * Terms from the body of a 402, the place where x402 v1 puts them.
 *
 * @returns null when the body is not JSON with an `x402Version`: then it is an ordinary 402.
 * @throws {UnreadableTermsError} when it is, and can't be read.
 */
export function parsePaymentRequiredBody(body: string): PaymentRequired | null {
  if (!/^\s*\{/.test(body) || !body.includes('x402Version')) return null;
  return readable(() => fromJson(parseJson(body)));
}

/**
 * Terms from the `window.x402` object of the official paywall pages: `paymentRequired` holds v2's, a list of
 * `paymentRequirements` v1's. Scripts of the page can alter it: never pay such terms without a question.
 *
 * @param page the object, or a copy of it that came through a message.
 * @returns null when it is not such an object.
 * @throws {UnreadableTermsError}
 */
export function parsePaymentRequiredPage(page: unknown): PaymentRequired | null {
  if (typeof page !== 'object' || page === null) return null;
  if ('paymentRequired' in page) {
    const { paymentRequired } = page;
    return readable(() => fromJson(toJson(paymentRequired)));
  }
  if (!('paymentRequirements' in page)) return null;
  const { paymentRequirements: terms } = page;
  const accepts = Array.isArray(terms) ? terms : [terms];
  return readable(() => fromJson({ x402Version: 1, accepts: toJson(accepts, 'paymentRequirements') }));
}

function readable(read: () => PaymentRequired): PaymentRequired {
  try {
    return read();
  } catch (cause) {
    throw new UnreadableTermsError(cause);
  }
}

function fromJson(json: Json): PaymentRequired {
  const terms = asJsonObject(json, '');
  const x402Version = asVersion(terms['x402Version']);
  const v2 = x402Version === 2;
  const entries = asJsonArray(terms['accepts']);
  return {
    x402Version,
    error: asTextOrNull(terms['error']),
    resource: resourceOf(v2 ? terms['resource'] : entries[0], v2 ? 'url' : 'resource'),
    sentResource: v2 ? objectOrNull(terms['resource'], 'resource') : null,
    ...readEntries(entries, x402Version),
    extensions: v2 ? objectOrNull(terms['extensions'], 'extensions') : null,
  };
}

function asVersion(value: unknown): 1 | 2 {
  if (value !== 1 && value !== 2) throw new MalformedError('x402Version', '1 or 2');
  return value;
}

function asJsonArray(value: Json | undefined): readonly Json[] {
  return asArray(value, 'accepts', MAX_ACCEPTS) as readonly Json[]; // Holds: a list that is Json.
}

function readEntries(entries: readonly Json[], x402Version: 1 | 2) {
  const accepts: PaymentRequirements[] = [];
  const unreadable: UnreadableRequirements[] = [];
  entries.forEach((entry, index) => {
    try {
      accepts.push(asRequirements(entry, `accepts[${index}]`, x402Version));
    } catch (cause) {
      unreadable.push({ index, reason: sentenceOf(cause), path: fieldOf(cause) });
    }
  });
  return { accepts, unreadable };
}

/** v2 has one `resource` object; v1 repeats a URL and a description in every entry. */
function resourceOf(resource: Json | undefined, field: string): PaymentRequired['resource'] {
  if (!isJsonObject(resource)) return null;
  const url = asTextOrNull(resource[field], 4096);
  return url === null ? null : { url, description: asTextOrNull(resource['description']) };
}

function fieldOf(thrown: unknown): string {
  return thrown instanceof MalformedError ? thrown.path : '';
}

/** The 402 names x402, and its terms can't be read. */
export class UnreadableTermsError extends TuppenceError {
  override readonly name = 'PaymentRequired.UnreadableTermsError';
  /** Path of the bad field, such as `x402Version`; empty for the whole. */
  readonly path: string;
  constructor(cause: unknown) {
    super(`This site's payment terms can't be read. ${sentenceOf(cause)}`, { cause });
    this.path = fieldOf(cause);
  }
}
