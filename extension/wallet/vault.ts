import {
  type Address,
  asAddress,
  asInteger,
  asObject,
  asString,
  decodeBase64,
  type Hex,
  parseJson,
  TuppenceError,
} from 'tuppence/core';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { browser } from 'wxt/browser';
import { database } from '../storage/database.ts';
import { isPrivate } from '../storage/private-window.ts';
import { readSession, removeSession, writeSession } from '../storage/session.ts';
import { keepFromPages, latestLock, tellLocked } from '../storage/stops.ts';
import { hasIdled } from './idle.ts';
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

/** What is kept in memory while the key is unlocked. */
type Session = {
  /** The random key that the signing key on disk is sealed under, in base64. */
  readonly key: string;
  /** The latest lock when it was unlocked. */
  readonly lock: string;
  /** Of the latest payment or press, unix milliseconds. */
  readonly usedAt: number;
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

/** Locks the key, in ordinary and in private windows. */
export async function lock(): Promise<void> {
  await tellLocked();
  await forgetSession();
}

/** The reader has pressed something: the time until the key locks itself begins anew. */
export async function noteUse(): Promise<void> {
  const session = await currentSession();
  if (session !== null) await keepSession({ ...session, usedAt: Date.now() });
}

/** Whether private windows may use the key. */
export async function isLent(): Promise<boolean> {
  return (await browser.storage.local.get(LENT))[LENT] !== undefined;
}

/**
 * Lets private windows use the key, after its passphrase, or no longer. What they see is the encrypted vault, and no
 * record of anything. @throws {NoKeyError} @throws {ReadableByPagesError}
 */
export async function lend(allowed: boolean): Promise<void> {
  if (!allowed) return browser.storage.local.remove(LENT);
  const vault = await readVault();
  if (vault === null) throw new NoKeyError();
  if (!(await keepFromPages())) throw new ReadableByPagesError();
  const { derivation, sealed } = vault;
  const asJson = {
    address: vault.address,
    derivation: { ...derivation, salt: textOf(derivation.salt) },
    sealed: { iv: textOf(sealed.iv), data: textOf(sealed.data) },
  };
  await browser.storage.local.set({ [LENT]: asJson });
}

/** Takes back a vault that an older version lent where the scripts of pages could read it. */
export async function keepLentFromPages(): Promise<void> {
  if (!(await keepFromPages()) && (await isLent())) await lend(false);
}

/** The signing key itself, for the moment of a signature. @throws {LockedError} */
export async function privateKey(): Promise<Hex> {
  const key = await sessionKey();
  const stored = await (await database()).get('settings', 'unlocked');
  if (key === null || stored === undefined) throw new LockedError();
  const text = await open(asSealed(stored, 'unlocked'), key);
  if (text === null) throw new LockedError();
  await noteUse();
  return text as Hex; // Holds: `keepUnlocked` sealed it under this session's key, and GCM vouches for the bytes.
}

/**
 * The key stays usable until the browser closes, the reader locks it, or it has idled for too long. Memory holds a random session key, disk the
 * signing key under it: neither is worth anything alone.
 */
async function keepUnlocked(key: string): Promise<void> {
  const bytes = randomBytes(32);
  const sealed = await seal(key, await keyOfBytes(bytes));
  await (await database()).put('settings', sealed, 'unlocked');
  await keepSession({ key: textOf(bytes), lock: await latestLock(), usedAt: Date.now() });
}

async function sessionKey(): Promise<CryptoKey | null> {
  const session = await currentSession();
  if (session === null) return null;
  return keyOfBytes(Uint8Array.from(decodeBase64(session.key), (character) => character.charCodeAt(0)));
}

async function keepSession(session: Session): Promise<void> {
  await writeSession(sessionKeyName(), JSON.stringify(session));
}

async function forgetSession(): Promise<void> {
  await removeSession(sessionKeyName());
  await (await database()).delete('settings', 'unlocked');
}

/** Null when the key is locked: by the reader, in either part, or by itself. */
async function currentSession(): Promise<Session | null> {
  const stored = await readSession(sessionKeyName());
  const session = stored === null ? null : asSession(stored);
  if (session === null) return null;
  if (session.lock === (await latestLock()) && !(await hasIdled(session.usedAt, Date.now()))) return session;
  await forgetSession();
  return null;
}

/** Null for what an older version kept: the key alone, of which nobody knows when it was used. @throws {MalformedError} */
function asSession(stored: string): Session | null {
  if (!stored.startsWith('{')) return null;
  const session = asObject(parseJson(stored), 'session');
  return {
    key: asString(session['key'], 'session.key'),
    lock: typeof session['lock'] === 'string' ? session['lock'] : '',
    usedAt: asInteger(session['usedAt'], 'session.usedAt', 0),
  };
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

/** `storage.local` of this browser is open to content scripts, which run beside the code of pages. */
export class ReadableByPagesError extends TuppenceError {
  override readonly name = 'Vault.ReadableByPagesError';
  constructor() {
    super(
      'This browser can’t keep the key from web pages on its way to private windows. Chrome 140 and later can.',
    );
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
