import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import * as curve from '@noble/secp256k1';
import { bytesToHex, hexToBytes } from 'viem';

curve.hashes.sha256 = (message) => Uint8Array.from(sha256(message));
curve.hashes.hmacSha256 = (key, message) => Uint8Array.from(hmac(sha256, key, message));

const AS_HASHED = { prehash: false } as const;
const bytesOf = (hex: string) => hexToBytes(`0x${hex}`);

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
 * What viem calls of the module that it takes the curve from, by the same author's small implementation: a background is
 * loaded at every start, and the whole module is a tenth of it. Hashes and keys are hex without `0x`; signatures are
 * deterministic (RFC 6979) with the lower s.
 */
export const secp256k1 = {
  Signature,
  utils: { randomPrivateKey: () => curve.utils.randomSecretKey() },
  getPublicKey: (key: string, compressed: boolean) => curve.getPublicKey(bytesOf(key), compressed),
  sign: (hash: string, key: string) =>
    curve.Signature.fromBytes(
      curve.sign(bytesOf(hash), bytesOf(key), { ...AS_HASHED, format: 'recovered' }),
      'recovered',
    ),
};
