import { isAtomic } from './amount.ts';
import { asInteger, asString } from './fields.ts';
import { type Json, type JsonObject, MalformedError } from './json.ts';
import { networkIdOf } from './network.ts';

/** One way to pay, as the server offers it, in the words of v2 whichever version it came in. */
export type PaymentRequirements = {
  readonly x402Version: 1 | 2;
  readonly scheme: string;
  /** CAIP-2, such as `"eip155:84532"`; for a name that is not known, that name. */
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

/** The price's name in v1 and in v2; servers mix them up. */
const AMOUNT_FIELDS = { 1: 'maxAmountRequired', 2: 'amount' } as const;
/** Longest text of a field that is signed, in UTF-16 code units. */
const MAX_FIELD = 128;
/** For servers that name no time: what most of them ask for. */
const DEFAULT_TIMEOUT = 60;

/**
 * One entry of `accepts`, frozen.
 *
 * @throws {MalformedError} with the path of the bad field below `path`.
 */
export function asRequirements(value: Json, path: string, x402Version: 1 | 2): PaymentRequirements {
  const entry = asJsonObject(value, path);
  const field = (name: string) => asString(digits(entry[name]), `${path}.${name}`, MAX_FIELD);
  const extra = entry['extra'] ?? {};
  const time = entry['maxTimeoutSeconds'] ?? DEFAULT_TIMEOUT;
  return Object.freeze({
    x402Version,
    scheme: field('scheme'),
    network: networkIdOf(field('network')),
    amount: asAmount(entry, path, x402Version),
    asset: field('asset'),
    payTo: field('payTo'),
    maxTimeoutSeconds: asInteger(isAtomic(time) ? Number(time) : time, `${path}.maxTimeoutSeconds`, 1),
    // PHP writes an empty object as [].
    extra: asJsonObject(Array.isArray(extra) && !extra.length ? {} : extra, `${path}.extra`),
    sent: entry,
  });
}

/** Whether a JSON value is an object: no list, and not null. */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @throws {MalformedError} naming `path`, for anything but an object. */
export function asJsonObject(value: Json | undefined, path: string): JsonObject {
  if (!isJsonObject(value)) throw new MalformedError(path, 'an object');
  return value;
}

/** An object, or null for anything else: for what no signature covers. */
export function objectOrNull(value: Json | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** An exact number as its digits; anything else as it is. */
function digits(value: Json | undefined): Json | undefined {
  return Number.isSafeInteger(value) ? String(value) : value;
}

/** An entry that has a price for each version, and two different ones, is nobody's honest offer. */
function asAmount(entry: JsonObject, path: string, x402Version: 1 | 2): bigint {
  const name = AMOUNT_FIELDS[x402Version];
  const other = digits(entry[AMOUNT_FIELDS[x402Version === 1 ? 2 : 1]]);
  const said = digits(entry[name]) ?? other;
  if (!isAtomic(said)) throw new MalformedError(`${path}.${name}`, 'a whole number in digits');
  if ((other ?? said) !== said) throw new MalformedError(`${path}.${name}`, 'the only price there');
  return BigInt(said);
}
