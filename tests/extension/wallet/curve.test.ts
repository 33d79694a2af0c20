import { globSync, readFileSync } from 'node:fs';
import { secp256k1 as oracle } from '@noble/curves/secp256k1.js';
import fc from 'fast-check';
import { bytesToHex } from 'viem';
import { sign } from 'viem/accounts';
import { expect, test } from 'vitest';
import { secp256k1, signHash } from '../../../extension/wallet/curve.ts';

const ORDER = oracle.CURVE.n;
const hex = (value: bigint) => value.toString(16).padStart(64, '0');
const keys = fc.bigInt({ min: 1n, max: ORDER - 1n }).map(hex);
const hashes = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }).map(hex);

test('a hash is signed as viem signs it', () =>
  fc.assert(
    fc.asyncProperty(keys, hashes, async (key, hash) => {
      const expected = await sign({ hash: `0x${hash}`, privateKey: `0x${key}`, to: 'hex' });
      expect(await signHash(`0x${hash}`, `0x${key}`)).toBe(expected);
    }),
    { numRuns: 50 },
  ));

test('the small curve names the signer as the whole one does', () => {
  fc.assert(
    fc.property(keys, hashes, (key, hash) => {
      const { r, s, recovery } = oracle.sign(hash, key, { lowS: true });
      for (const compressed of [true, false]) {
        const publicKey = bytesToHex(oracle.getPublicKey(key, compressed));
        expect(bytesToHex(secp256k1.getPublicKey(key, compressed))).toBe(publicKey);
        const signatures = [new secp256k1.Signature(r, s), secp256k1.Signature.fromCompact(hex(r) + hex(s))];
        for (const signature of signatures) {
          expect(signature.toCompactHex()).toBe(hex(r) + hex(s));
          const signer = signature.addRecoveryBit(recovery).recoverPublicKey(hash);
          expect(`0x${signer.toHex(compressed)}`).toBe(publicKey);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test('the small curve refuses what is no key and no signature', () =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom(0n, ORDER, ORDER + 1n, 2n ** 256n - 1n), hashes, async (key, hash) => {
      await expect(signHash(`0x${hash}`, `0x${hex(key)}`)).rejects.toThrow();
      expect(() => secp256k1.getPublicKey(hex(key), false)).toThrow();
      expect(() => new secp256k1.Signature(key, 1n)).toThrow();
      expect(() => secp256k1.Signature.fromCompact(hex(1n) + hex(key))).toThrow();
    }),
  ));

test('the small curve has everything that viem calls of the whole one, but for its way to sign', () => {
  const sources = globSync('node_modules/viem/_esm/{accounts,utils}/**/*.js').map((file) =>
    readFileSync(file, 'utf8'),
  );
  const calls = sources.flatMap((source) =>
    [...source.matchAll(/\bsecp256k1\.([\w.]+)/g)].map(([, path = '']) => path),
  );
  expect(calls).toContain('sign');
  for (const path of calls.filter((one) => one !== 'sign')) {
    const member = path
      .split('.')
      .reduce<unknown>((owner, name) => Reflect.get(Object(owner), name), secp256k1);
    expect(member, path).toBeTypeOf('function');
  }
});

test('no part of the extension signs by viem', () => {
  const sources = globSync('extension/**/*.ts').map((file) => readFileSync(file, 'utf8'));
  expect(sources.filter((source) => /\bsign\w*\b[^;]*from 'viem/.test(source))).toEqual([]);
});

test('a random key of the small curve is a key, and another each time', () => {
  const made = Array.from({ length: 20 }, () => secp256k1.utils.randomPrivateKey());
  for (const key of made) expect(oracle.utils.isValidPrivateKey(key)).toBe(true);
  expect(new Set(made.map((key) => bytesToHex(key))).size).toBe(20);
});
