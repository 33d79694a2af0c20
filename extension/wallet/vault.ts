import { type Address, asAddress, asObject, decodeBase64, type Hex, TuppenceError } from 'tuppence/core';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { browser } from 'wxt/browser';
import { database } from '../storage/database.ts';
import { isPrivate } from '../storage/private-window.ts';
import { readSession, removeSession, writeSession } from '../storage/session.ts';
import {
  asKeyDerivation,
  asSealed,
  type KeyDerivation,
  keyOfBytes,
  keyOfPassphrase,
  newKeyDerivation,
  open,
  randomBytes,
  type Sealed,
  seal,
  textOf,
} from './sealed.ts';

/** Shortest passphrase that is taken, in characters. */
export const MIN_PASSPHRASE = 8;

type Vault = {
  readonly address: Address;
  readonly derivation: KeyDerivation;
  readonly sealed: Sealed;
};

/** Ordinary and private windows may share this memory: each unlocks for itself. */
const sessionKeyName = () => (isPrivate() ? 'sessionKeyOfPrivateWindows' : 'sessionKey');

/** Where private windows find the key, encrypted as it is: the one place that both parts of the extension see. */
const LENT = 'lentVault';

/** `none` before a key was made; `locked` after every browser start, until the passphrase is given. */
export async function vaultStatus(): Promise<'ready' | 'locked' | 'none'> {
  if ((await readVault()) === null) return 'none';
  return (await sessionKey()) === null ? 'locked' : 'ready';
}

/** The spending key's address, known even while it is locked; null when there is none. */
export async function vaultAddress(): Promise<Address | null> {
  return (await readVault())?.address ?? null;
}

/**
 * Makes the spending key, or takes `privateKey` in as one, encrypts it under the passphrase and leaves it unlocked.
 *
 * @throws {KeyExistsError} a key may hold money: it is never written over.
 * @throws {WeakPassphraseError}
 * @throws {PrivateKeyError}
 */
export async function createKey(
  passphrase: string,
  privateKey: Hex = generatePrivateKey(),
): Promise<Address> {
  if (isPrivate()) throw new PrivateKeyError();
  if ((await readVault()) !== null) throw new KeyExistsError();
  if (passphrase.length < MIN_PASSPHRASE) throw new WeakPassphraseError();
  const derivation = newKeyDerivation();
  const address = privateKeyToAddress(privateKey);
  const sealed = await seal(privateKey, await keyOfPassphrase(passphrase, derivation));
  const vault: Vault = { address, derivation, sealed };
  const write = (await database()).transaction('settings', 'readwrite', {
    durability: 'strict',
  });
  await Promise.all([write.store.add(vault, 'vault'), write.done]);
  await keepUnlocked(privateKey);
  return address;
}

/** @throws {NoKeyError} @throws {WrongPassphraseError} */
export async function unlock(passphrase: string): Promise<void> {
  const vault = await readVault();
  if (vault === null) throw new NoKeyError();
  const privateKey = await open(vault.sealed, await keyOfPassphrase(passphrase, vault.derivation));
  if (privateKey === null) throw new WrongPassphraseError();
  await keepUnlocked(privateKey);
}

export async function lock(): Promise<void> {
  await removeSession(sessionKeyName());
  await (await database()).delete('settings', 'unlocked');
}

/** Whether private windows may use the key. */
export async function isLent(): Promise<boolean> {
  return (await browser.storage.local.get(LENT))[LENT] !== undefined;
}

/**
 * Lets private windows use the key, after its passphrase, or no longer. What they see is the encrypted vault, and no
 * record of anything. @throws {NoKeyError}
 */
export async function lend(allowed: boolean): Promise<void> {
  if (!allowed) return browser.storage.local.remove(LENT);
  const vault = await readVault();
  if (vault === null) throw new NoKeyError();
  await browser.storage.local.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' }).catch(() => undefined); // Chrome 140.
  const { derivation, sealed } = vault;
  const asJson = {
    address: vault.address,
    derivation: { ...derivation, salt: textOf(derivation.salt) },
    sealed: { iv: textOf(sealed.iv), data: textOf(sealed.data) },
  };
  await browser.storage.local.set({ [LENT]: asJson });
}

/** The signing key itself, for the moment of a signature. @throws {LockedError} */
export async function privateKey(): Promise<Hex> {
  const key = await sessionKey();
  const stored = await (await database()).get('settings', 'unlocked');
  if (key === null || stored === undefined) throw new LockedError();
  const text = await open(asSealed(stored, 'unlocked'), key);
  if (text === null) throw new LockedError();
  return text as Hex; // Holds: `keepUnlocked` sealed it under this session's key, and GCM vouches for the bytes.
}

/**
 * The key stays usable until the browser closes or the reader locks it. Memory holds a random session key, disk the
 * signing key under it: neither is worth anything alone.
 */
async function keepUnlocked(key: string): Promise<void> {
  const bytes = randomBytes(32);
  const sealed = await seal(key, await keyOfBytes(bytes));
  await (await database()).put('settings', sealed, 'unlocked');
  await writeSession(sessionKeyName(), textOf(bytes));
}

async function sessionKey(): Promise<CryptoKey | null> {
  const stored = await readSession(sessionKeyName());
  if (stored === null) return null;
  return keyOfBytes(Uint8Array.from(decodeBase64(stored), (character) => character.charCodeAt(0)));
}

async function readVault(): Promise<Vault | null> {
  const own: unknown = await (await database()).get('settings', 'vault');
  const stored = own ?? (isPrivate() ? (await browser.storage.local.get(LENT))[LENT] : undefined);
  if (stored === undefined) return null;
  const vault = asObject(stored, 'vault');
  return {
    address: asAddress(vault['address'], 'vault.address'),
    derivation: asKeyDerivation(vault['derivation'], 'vault.derivation'),
    sealed: asSealed(vault['sealed'], 'vault.sealed'),
  };
}

export class NoKeyError extends TuppenceError {
  override readonly name = 'Vault.NoKeyError';
  constructor() {
    super('There is no spending key yet.');
  }
}

/** A key made in a private window would go with it, and take its money along. */
export class PrivateKeyError extends TuppenceError {
  override readonly name = 'Vault.PrivateKeyError';
  constructor() {
    super('Make the spending key in an ordinary window: one made here would be lost with this window.');
  }
}

export class KeyExistsError extends TuppenceError {
  override readonly name = 'Vault.KeyExistsError';
  constructor() {
    super('There is a spending key already, and it is never written over.');
  }
}

export class WeakPassphraseError extends TuppenceError {
  override readonly name = 'Vault.WeakPassphraseError';
  constructor() {
    super(`The passphrase needs at least ${MIN_PASSPHRASE} characters.`);
  }
}

export class WrongPassphraseError extends TuppenceError {
  override readonly name = 'Vault.WrongPassphraseError';
  constructor() {
    super('That is not the passphrase.');
  }
}

export class LockedError extends TuppenceError {
  override readonly name = 'Vault.LockedError';
  constructor() {
    super('The spending key is locked.');
  }
}
