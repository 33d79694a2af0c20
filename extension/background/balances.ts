import {
  type Address,
  asArray,
  asInteger,
  asObject,
  asString,
  parseAtomic,
  type Quote,
  sameAddress,
} from 'tuppence/core';
import { browser } from 'wxt/browser';
import { spendingKey } from '../wallet/spending-key.ts';
import { balanceOf } from './chain.ts';
import { undecidedIntents } from './ledger-queries.ts';

/** A token on a network, such as USDC on Base. `asset` is its address. */
export type Token = { readonly network: string; readonly asset: string };

/** What an account held of a token. */
export type Holding = Token & {
  /** Atomic units of the token, without what undecided payments may still take. */
  readonly atomic: bigint;
  /** When the chain said so, unix milliseconds. */
  readonly at: number;
};

/** Milliseconds after which a balance is asked for again, beside the payment that it was good enough for. */
export const FRESH = 60_000;
/** Milliseconds that a payment waits for a balance that nobody knows yet. A silent network does not stop it. */
const PATIENCE = 3_000;
const KEY = 'balances';
/** Most that is remembered: accounts times tokens. */
const MOST = 100;

/** Questions to the chain that are under way, so that a hundred payments ask once. */
const asking = new Map<string, Promise<bigint | null>>();

/**
 * What the spending key holds of the token of an offer, where that was ever asked for: a page that names a network makes
 * nobody learn of the reader there. What is known and too little is asked for again, since money may have come.
 *
 * @returns atomic units; null when nobody knows.
 */
export async function knownBalance(offer: Quote): Promise<bigint | null> {
  if ((await spendingKey.status()) === 'none') return null;
  const token = { network: offer.network.id, asset: offer.asset.address };
  const held = (await kept()).get(keyOf(token, await spendingKey.address()));
  return held === undefined ? null : balanceFor(offer);
}

/** A payment between the look at the balance and its reservation. */
export type Claimant = symbol;

const claims = new Map<Claimant, { readonly token: Token; readonly amount: bigint }>();

/**
 * What the spending key holds of the token of an offer. What is known and enough is used at once, and renewed beside the
 * payment when it is old; else the chain is asked.
 *
 * @param claimant gets the price set aside until {@link release}, so that two payments at once never share a cent.
 * @returns atomic units; null when the network can't be asked: unknown is not too little.
 */
export async function balanceFor(offer: Quote, claimant: Claimant | null = null): Promise<bigint | null> {
  const token = { network: offer.network.id, asset: offer.asset.address };
  const address = await spendingKey.address();
  const { amount } = offer.requirements;
  const held = (await kept()).get(keyOf(token, address));
  const left = held === undefined ? null : await claim(held.atomic, token, amount, claimant);
  if (held !== undefined && left !== null && left >= amount) {
    if (Date.now() - held.at > FRESH) void renew(token, address);
    return left;
  }
  const told = await inTime(renew(token, address));
  return told === null ? left : claim(told, token, amount, claimant);
}

/** The payment has its reservation, or comes to nothing: what was set aside for it counts no more. */
export function release(claimant: Claimant): void {
  claims.delete(claimant);
}

/** What is left of `held`, with `amount` of it set aside when that is enough. One look at a time. */
function claim(held: bigint, token: Token, amount: bigint, claimant: Claimant | null): Promise<bigint> {
  return navigator.locks.request('balance claims', async () => {
    const others = [...claims].filter(([one, { token: other }]) => one !== claimant && isSame(other, token));
    const left = others.reduce((rest, [, one]) => rest - one.amount, held - (await promised(token)));
    if (claimant !== null && left >= amount) claims.set(claimant, { token, amount });
    return left;
  });
}

/** Everything that the spending key is known to hold, in whatever network; never below zero. */
export async function knownHoldings(): Promise<readonly Holding[]> {
  const address = await spendingKey.address();
  const own = [...(await kept()).values()].filter((one) => sameAddress(one.account, address));
  return Promise.all(
    own.map(async ({ network, asset, atomic, at }) => {
      const free = atomic - (await promised({ network, asset }));
      return { network, asset, atomic: free > 0n ? free : 0n, at };
    }),
  );
}

/** Asks the chain, whatever is known. @returns atomic units, or null when the network can't be asked. */
export async function renewBalance(token: Token): Promise<bigint | null> {
  return renew(token, await spendingKey.address());
}

/** A payment has taken its money: what is left is known without asking. */
export async function noteSpent(token: Token, amount: bigint): Promise<void> {
  const address = await spendingKey.address();
  await change((held) => {
    const one = held.get(keyOf(token, address));
    if (one !== undefined) held.set(keyOf(token, address), { ...one, atomic: one.atomic - amount });
  });
}

/** What undecided payments may still take of a token. */
async function promised({ network, asset }: Token): Promise<bigint> {
  const open = (await undecidedIntents()).map(({ terms }) => terms);
  return open
    .filter((terms) => isSame(terms, { network, asset }))
    .reduce((sum, { amount }) => sum + amount, 0n);
}

function isSame(one: Token, other: Token): boolean {
  return one.network === other.network && sameAddress(one.asset, other.asset);
}

function renew(token: Token, address: Address): Promise<bigint | null> {
  const key = keyOf(token, address);
  const underWay = asking.get(key);
  if (underWay !== undefined) return underWay;
  const asked = (async () => {
    const atomic = await balanceOf(token.network, token.asset, address);
    if (atomic === null) return null;
    await change((held) => held.set(key, { ...token, account: address, atomic, at: Date.now() }));
    return atomic;
  })().finally(() => asking.delete(key));
  asking.set(key, asked);
  return asked;
}

function inTime<T>(promise: Promise<T>): Promise<T | null> {
  return Promise.race([promise, new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null))]);
}

type Kept = Holding & { readonly account: string };

const keyOf = ({ network, asset }: Token, account: string) => `${network} ${asset} ${account}`.toLowerCase();

/** In the browser's session: a background that has stopped and started again still knows. */
async function kept(): Promise<ReadonlyMap<string, Kept>> {
  const stored: unknown = (await browser.storage.session.get(KEY))[KEY];
  const balances = stored === undefined ? [] : asArray(stored, KEY, MOST).map(asKept);
  return new Map(balances.map((one) => [keyOf(one, one.account), one]));
}

/** One change at a time, so that two networks that answer at once are both remembered. */
async function change(work: (held: Map<string, Kept>) => void): Promise<void> {
  await navigator.locks.request(KEY, async () => {
    const held = new Map(await kept());
    work(held);
    const newest = [...held.values()].sort((one, other) => other.at - one.at).slice(0, MOST);
    const stored = newest.map((one) => ({ ...one, atomic: one.atomic.toString() }));
    await browser.storage.session.set({ [KEY]: stored });
  });
}

/** @throws {MalformedError} @throws {NotAnAmountError} */
function asKept(value: unknown): Kept {
  const stored = asObject(value, 'balance');
  const atomic = asString(stored['atomic'], 'balance.atomic');
  return {
    network: asString(stored['network'], 'balance.network'),
    asset: asString(stored['asset'], 'balance.asset'),
    account: asString(stored['account'], 'balance.account'),
    // What was noted as spent may come before the chain's own word: below nothing for a moment.
    atomic: atomic.startsWith('-') ? -parseAtomic(atomic.slice(1)) : parseAtomic(atomic),
    at: asInteger(stored['at'], 'balance.at', 0),
  };
}
