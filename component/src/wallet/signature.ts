import { asHex, type Hex } from '../core/index.ts';

/** `r` and `s`, 32 bytes each, then `v`. */
const WITH_V = /^0x([0-9a-f]{128})(0[01])$/i;
/** `r`, then `s` with `v` in its highest bit: https://eips.ethereum.org/EIPS/eip-2098 */
const COMPACT = /^0x([0-9a-f]{64})([0-9a-f])([0-9a-f]{63})$/i;

/**
 * What a wallet has signed, as token contracts take it: some wallets answer with `v` as 0 or 1 where USDC knows 27 and
 * 28 alone, or with the 64 bytes of EIP-2098. A contract account's signature is of another length, and left as it is.
 *
 * @throws {MalformedError} when it is no hexadecimal bytes.
 */
export function asSignature(value: unknown): Hex {
  const signature = asHex(value, 'signature');
  const [, rs, parity] = WITH_V.exec(signature) ?? [];
  if (rs !== undefined) return `0x${rs}${parity === '01' ? '1c' : '1b'}`;
  const [, r, high, s] = COMPACT.exec(signature) ?? [];
  if (r === undefined) return signature;
  const top = Number(`0x${high}`);
  return `0x${r}${(top & 7).toString(16)}${s}${top > 7 ? '1c' : '1b'}`;
}
