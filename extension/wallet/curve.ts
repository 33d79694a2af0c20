import * as curve from '@noble/secp256k1';
import type { Hex } from 'tuppence/core';
import { bytesToHex, hexToBytes } from 'viem';

const AS_HASHED = { prehash: false } as const;
const bytesOf = (hex: string) => hexToBytes(`0x${hex}`);

/**
 * Signs a hash deterministically (RFC 6979) with the lower s. The browser hashes: viem's own `sign` can't wait for that,
 * and would need a second SHA-256 here.
 *
 * @param hash and key: 32 bytes each.
 * @returns r, s, and 27 or 28 by whether y is odd, as Ethereum has it.
 * @throws when the key is none.
 */
export async function signHash(hash: Hex, key: Hex): Promise<Hex> {
  const options = { ...AS_HASHED, format: 'recovered' } as const;
  const signed = await curve.signAsync(hexToBytes(hash), hexToBytes(key), options);
  const [recovery = 0, ...compact] = signed;
  return bytesToHex(Uint8Array.from([...compact, 27 + recovery]));
}

/** A signature that says, with the bit added, whose it is. */
class Signature {
  readonly #signature: curve.Signature;
  readonly r: bigint;
  readonly s: bigint;

  constructor(r: bigint, s: bigint) {
    this.#signature = new curve.Signature(r, s);
    this.r = r;
    this.s = s;
  }

  static fromCompact(hex: string): Signature {
    const { r, s } = curve.Signature.fromBytes(bytesOf(hex), 'compact');
    return new Signature(r, s);
  }

  toCompactHex(): string {
    return bytesToHex(this.#signature.toBytes('compact')).slice(2);
  }

  addRecoveryBit(bit: number) {
    const signature = this.#signature.addRecoveryBit(bit).toBytes('recovered');
    return {
      recoverPublicKey: (hash: string) => {
        const point = curve.Point.fromBytes(curve.recoverPublicKey(signature, bytesOf(hash), AS_HASHED));
        return { toHex: (compressed: boolean) => bytesToHex(point.toBytes(compressed)).slice(2) };
      },
    };
  }
}

/**
 * What viem calls of the module that it takes the curve from, but for `sign`, by the same author's small implementation:
 * a background is loaded at every start, and the whole module is a tenth of it. Hashes and keys are hex without `0x`.
 */
export const secp256k1 = {
  Signature,
  utils: { randomPrivateKey: () => curve.utils.randomSecretKey() },
  getPublicKey: (key: string, compressed: boolean) => curve.getPublicKey(bytesOf(key), compressed),
};
