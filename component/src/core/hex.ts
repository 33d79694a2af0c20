import { MalformedError } from './json.ts';

/** `0x` and hexadecimal digits. */
export type Hex = `0x${string}`;
/** `0x` and 40 hexadecimal digits, in the letter case its owner wrote it. Compare with {@link sameAddress}. */
export type Address = `0x${string}`;

/**
 * A 20-byte hex address, unchanged.
 *
 * Checksums are not enforced: servers send all letter cases, and the echoed terms must equal the server's.
 * @throws {MalformedError} naming `path`.
 */
export function asAddress(value: unknown, path: string): Address {
  if (!isAddress(value)) throw new MalformedError(path, 'an address of 0x and 40 hexadecimal digits');
  return value;
}

/** Whether `value` is `0x` and 40 hexadecimal digits. */
export function isAddress(value: unknown): value is Address {
  return typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value);
}

/** @throws {MalformedError} when `value` is not `0x` and an even, non-zero number of at most `maxBytes` × 2 digits. */
export function asHex(value: unknown, path: string, maxBytes = 8192): Hex {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})+$/.test(value) || value.length > 2 + 2 * maxBytes)
    throw new MalformedError(path, `0x and hexadecimal digits, at most ${maxBytes} bytes`);
  return value as Hex; // Holds: the pattern above.
}

/** Whether two addresses are the same account, whatever their letter case. */
export function sameAddress(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** `count` random bytes as hex, from the platform's cryptographic generator. */
export function randomHex(count: number): Hex {
  let digits = '0x';
  for (const byte of crypto.getRandomValues(new Uint8Array(count)))
    digits += byte.toString(16).padStart(2, '0');
  return digits as Hex; // Holds: built from hexadecimal digits only.
}
