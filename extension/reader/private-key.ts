import { readFile } from 'node:fs/promises';
import { type Hex, randomHex } from 'tuppence/core';
import { UsageError } from './usage.ts';

/** The name of the environment variable that may hold the key. */
export const KEY_VARIABLE = 'READER_PRIVATE_KEY';

/** A key to pay with, and whether it was made just now, so that it holds nothing yet. */
export type ReaderKey = { readonly key: Hex; readonly isThrowaway: boolean };

/**
 * The key from `keyFile`, else from the environment, else a fresh one. No error repeats any of what was read.
 *
 * @throws {UsageError}
 */
export async function readKey(
  keyFile: string | null,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<ReaderKey> {
  if (keyFile !== null) return { key: parseKey(await textOf(keyFile), 'The key file'), isThrowaway: false };
  const text = environment[KEY_VARIABLE];
  if (text !== undefined) return { key: parseKey(text, KEY_VARIABLE), isThrowaway: false };
  return { key: randomHex(32), isThrowaway: true };
}

/** @throws {UsageError} naming `source`. */
function parseKey(text: string, source: string): Hex {
  const [, digits] = /^(?:0x)?([0-9a-fA-F]{64})$/.exec(text.trim()) ?? [];
  if (digits === undefined)
    throw new UsageError(`${source} must hold a private key: 64 hexadecimal digits, with or without 0x.`);
  if (!isOnCurve(BigInt(`0x${digits}`)))
    throw new UsageError(`${source} holds a number that is not a private key.`);
  return `0x${digits}`;
}

/** secp256k1 keys run from 1 to one less than the order of the group. */
function isOnCurve(key: bigint): boolean {
  return key > 0n && key < 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new UsageError(`The file that --key-file names could not be read (${code}).`);
  }
}
