import { isAtomic } from './amount.ts';
import { asInteger, asString } from './fields.ts';
import { type Json, type JsonObject, MalformedError } from './json.ts';
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

/** The price's name in v1 and in v2. */
const AMOUNT_FIELDS = { 1: 'maxAmountRequired', 2: 'amount' } as const;

/**
 * One entry of `accepts`, frozen.
 *
 * @throws {MalformedError} with the path of the bad field below `path`.
 */
export function asRequirements(value: Json, path: string, x402Version: 1 | 2): PaymentRequirements {
  const entry = asJsonObject(value, path);
  const field = (name: string, max: number) => asString(entry[name], `${path}.${name}`, max);
  return Object.freeze({
    x402Version,
    scheme: field('scheme', 64),
    network: x402Version === 2 ? asCaip2(field('network', 128), path) : networkIdOfV1(field('network', 128)),
    amount: asAmount(entry, path, x402Version),
    asset: field('asset', 128),
    payTo: field('payTo', 128),
    maxTimeoutSeconds: asInteger(entry['maxTimeoutSeconds'], `${path}.maxTimeoutSeconds`, 1),
    extra: objectOrNull(entry['extra'], `${path}.extra`) ?? {},
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

/** @throws {MalformedError} naming `path`, for anything but an object, null or nothing. */
export function objectOrNull(value: Json | undefined, path: string): JsonObject | null {
  return value === undefined || value === null ? null : asJsonObject(value, path);
}

function asCaip2(network: string, path: string): string {
  if (!/^[-a-z0-9]{3,8}:[-_a-zA-Z0-9]{1,64}$/.test(network))
    throw new MalformedError(`${path}.network`, 'a network id such as eip155:8453');
  return network;
}

/** An entry that has a price for each version, and two different ones, is nobody's honest offer. */
function asAmount(entry: JsonObject, path: string, x402Version: 1 | 2): bigint {
  const name = AMOUNT_FIELDS[x402Version];
  const said = entry[name];
  if (!isAtomic(said)) throw new MalformedError(`${path}.${name}`, 'a whole number in digits');
  const other = entry[AMOUNT_FIELDS[x402Version === 1 ? 2 : 1]];
  if (other !== undefined && other !== said)
    throw new MalformedError(`${path}.${name}`, 'the only price there');
  return BigInt(said);
}
