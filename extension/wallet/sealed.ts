import { asObject, decodeBase64, encodeBase64, MalformedError } from 'tuppence/core';

/** A secret under AES-256-GCM: 12-byte nonce, and ciphertext with its 16-byte tag. */
export type Sealed = {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: Uint8Array<ArrayBuffer>;
};

/** How a passphrase becomes a key; stored beside what it protects, so that it can be raised later. */
export type KeyDerivation = {
  readonly name: 'PBKDF2';
  readonly hash: 'SHA-256';
  readonly iterations: number;
  readonly salt: Uint8Array<ArrayBuffer>;
};

/** OWASP's figure for PBKDF2-HMAC-SHA256. */
const ITERATIONS = 600_000;

export function newKeyDerivation(): KeyDerivation {
  return {
    name: 'PBKDF2',
    hash: 'SHA-256',
    iterations: ITERATIONS,
    salt: randomBytes(16),
  };
}

export async function keyOfPassphrase(passphrase: string, derivation: KeyDerivation): Promise<CryptoKey> {
  // NFKC: the same passphrase typed on another keyboard gives the same bytes.
  const bytes = new TextEncoder().encode(passphrase.normalize('NFKC'));
  const material = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(derivation, material, { name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
}

export function keyOfBytes(bytes: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

export async function seal(text: string, key: CryptoKey): Promise<Sealed> {
  const iv = randomBytes(12);
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new TextEncoder().encode(text));
  return { iv, data: new Uint8Array(data) };
}

/** @returns null when the key is the wrong one, or the bytes were changed. */
export async function open(sealed: Sealed, key: CryptoKey): Promise<string | null> {
  try {
    const bytes = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv }, key, sealed.data);
    return new TextDecoder().decode(bytes);
  } catch {
    return null;
  }
}

export function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** @throws {MalformedError} */
export function asSealed(value: unknown, path: string): Sealed {
  const sealed = asObject(value, path);
  return {
    iv: asBytes(sealed['iv'], `${path}.iv`),
    data: asBytes(sealed['data'], `${path}.data`),
  };
}

/** @throws {MalformedError} */
export function asKeyDerivation(value: unknown, path: string): KeyDerivation {
  const { name, hash, iterations, salt } = asObject(value, path);
  if (name !== 'PBKDF2' || hash !== 'SHA-256' || typeof iterations !== 'number' || iterations < ITERATIONS)
    throw new MalformedError(path, `PBKDF2 with SHA-256 and at least ${ITERATIONS} iterations`);
  return { name, hash, iterations, salt: asBytes(salt, `${path}.salt`) };
}

/** Bytes as text, for the one store that keeps JSON alone; what reads them takes both. */
export function textOf(bytes: Uint8Array): string {
  return encodeBase64(String.fromCharCode(...bytes));
}

function asBytes(value: unknown, path: string): Uint8Array<ArrayBuffer> {
  if (typeof value === 'string')
    return Uint8Array.from(decodeBase64(value), (character) => character.charCodeAt(0));
  if (!(value instanceof Uint8Array) || !(value.buffer instanceof ArrayBuffer))
    throw new MalformedError(path, 'bytes');
  return new Uint8Array(value);
}
