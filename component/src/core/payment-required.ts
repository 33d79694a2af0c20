import { parseAtomic } from './amount.ts';
import { decodeBase64 } from './base64.ts';
import { sentenceOf, TuppenceError } from './errors.ts';
import {
  asArray,
  asInteger,
  asObject,
  asString,
  asTextOrNull,
  type Json,
  type JsonObject,
  MalformedError,
  parseJson,
  toJson,
} from './json.ts';
import { networkIdOfV1 } from './network.ts';

/** One way to pay, as the server offers it, in the words of v2 whichever version it came in. */
export type PaymentRequirements = {
  readonly x402Version: 1 | 2;
  readonly scheme: string;
  /** CAIP-2, such as `"eip155:84532"`; for an unknown v1 name, that name. */
  readonly network: string;
  /** Atomic units. */
  readonly amount: bigint;
  readonly asset: string;
  readonly payTo: string;
  readonly maxTimeoutSeconds: number;
  readonly extra: JsonObject;
  /** The entry exactly as the server sent it. v2 servers compare the echo with their own object, field by field. */
  readonly sent: JsonObject;
};

/** An entry of `accepts` that could not be read, kept so that a person can be told why. */
export type UnreadableRequirements = {
  readonly index: number;
  readonly reason: string;
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
  readonly extensions: JsonObject | null;
};

const MAX_ACCEPTS = 32;

/**
 * Terms from a `PAYMENT-REQUIRED` header: base64 of UTF-8 JSON. The version inside decides the form.
 *
 * @throws {UnreadableTermsError} saying what was wrong.
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

function readable(read: () => PaymentRequired): PaymentRequired {
  try {
    return read();
  } catch (cause) {
    throw new UnreadableTermsError(sentenceOf(cause), { cause });
  }
}

function fromJson(json: Json): PaymentRequired {
  const terms = asObject(json, '');
  const x402Version = asVersion(terms['x402Version']);
  const entries = asArray(terms['accepts'], 'accepts', MAX_ACCEPTS);
  const accepts: PaymentRequirements[] = [];
  const unreadable: UnreadableRequirements[] = [];
  entries.forEach((entry, index) => {
    try {
      accepts.push(requirement(entry, `accepts[${index}]`, x402Version));
    } catch (cause) {
      unreadable.push({ index, reason: sentenceOf(cause) });
    }
  });
  return {
    x402Version,
    error: asTextOrNull(terms['error']),
    resource: x402Version === 2 ? resourceOf(terms['resource']) : resourceOfV1(entries[0]),
    sentResource: x402Version === 2 ? objectOrNull(terms['resource']) : null,
    accepts,
    unreadable,
    extensions: x402Version === 2 ? objectOrNull(terms['extensions']) : null,
  };
}

function asVersion(value: unknown): 1 | 2 {
  if (value !== 1 && value !== 2) throw new MalformedError('x402Version', '1 or 2');
  return value;
}

function requirement(value: unknown, path: string, x402Version: 1 | 2): PaymentRequirements {
  const entry = asObject(value, path);
  const network = asString(entry['network'], `${path}.network`, 128);
  const amountField = x402Version === 2 ? 'amount' : 'maxAmountRequired';
  return {
    x402Version,
    scheme: asString(entry['scheme'], `${path}.scheme`, 64),
    network: x402Version === 2 ? network : networkIdOfV1(network),
    amount: parseAtomic(entry[amountField]),
    asset: asString(entry['asset'], `${path}.asset`, 128),
    payTo: asString(entry['payTo'], `${path}.payTo`, 128),
    maxTimeoutSeconds: asInteger(entry['maxTimeoutSeconds'], `${path}.maxTimeoutSeconds`, 1),
    extra: objectOrNull(entry['extra']) ?? {},
    sent: asJsonObject(value, path),
  };
}

function resourceOf(value: unknown): PaymentRequired['resource'] {
  const resource = objectOrNull(value);
  const url = asTextOrNull(resource?.['url'], 4096);
  return url === null ? null : { url, description: asTextOrNull(resource?.['description']) };
}

/** v1 repeats the resource in every entry: a URL and a description side by side. */
function resourceOfV1(firstEntry: unknown): PaymentRequired['resource'] {
  const entry = objectOrNull(firstEntry);
  const url = asTextOrNull(entry?.['resource'], 4096);
  return url === null ? null : { url, description: asTextOrNull(entry?.['description']) };
}

function objectOrNull(value: unknown): JsonObject | null {
  return value === undefined || value === null ? null : asJsonObject(value, '');
}

function asJsonObject(value: unknown, path: string): JsonObject {
  asObject(value, path);
  return toJson(value, path) as JsonObject; // Holds: asObject refused everything but an object.
}

/** The 402 names x402, and its terms can't be read. */
export class UnreadableTermsError extends TuppenceError {
  override readonly name = 'PaymentRequired.UnreadableTermsError';
  constructor(reason: string, options?: ErrorOptions) {
    super(`This site's payment terms can't be read. ${reason}`, options);
  }
}
