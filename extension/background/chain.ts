import {
  type Address,
  type Authorization,
  type AuthorizationFate,
  asObject,
  type ChainPort,
  DEAD_ALONE,
} from 'tuppence/core';
import { rpcsOf } from '../storage/rpcs.ts';
import { answersOf, askNetwork, asQuantity, asWord, quantity, type Rpc } from './rpc.ts';

// Function selectors: balanceOf(address) of ERC-20, authorizationState(address,bytes32) of ERC-3009.
const BALANCE_OF = '0x70a08231';
const AUTHORIZATION_STATE = '0xe94a0102';

/** Seconds past `validBefore` at which two endpoints together have an unused authorization dead. */
const AGREED = 60n;
/** The same for one endpoint, while the network's others can't be asked. */
const OTHERS_SILENT = 86_400n;

/**
 * Reads ERC-3009 `authorizationState` at one block whose time is known. Before anything counts as dead a second endpoint
 * has to say so: where no other is known, the chain's time has to be further past the end.
 */
export const chain: ChainPort = {
  async fateOf({ network, asset }, authorization) {
    try {
      return await agreedFate(network, (rpc) => lookUp(rpc, asset, authorization));
    } catch {
      return 'unreachable'; // Whatever went wrong, nothing was learned, and nothing may be decided on it.
    }
  },
};

/** What one endpoint says. `past`: seconds from the end of an unused authorization to its newest block. */
type Word = { readonly isUsed: boolean; readonly past: bigint };

async function lookUp(rpc: Rpc, asset: string, { from, nonce, validBefore }: Authorization): Promise<Word> {
  const block = await blockAt(rpc, 'latest');
  const data = AUTHORIZATION_STATE + padded(from) + nonce.slice(2);
  const used = asWord(await rpc('eth_call', [{ to: asset, data }, quantity(block.number)]), 'state');
  return { isUsed: used !== 0n, past: block.timestamp - validBefore };
}

async function agreedFate(network: string, ask: (rpc: Rpc) => Promise<Word>): Promise<AuthorizationFate> {
  let first: Word | null = null;
  for await (const word of answersOf(network, ask)) {
    if (word.isUsed) return 'used';
    if (word.past < AGREED) return 'open';
    if (first !== null) return 'dead';
    first = word;
  }
  if (first === null) return 'unreachable';
  const isAlone = (await rpcsOf(network)).length === 1;
  return first.past < (isAlone ? DEAD_ALONE : OTHERS_SILENT) ? 'open' : 'dead';
}

/** From when the chain may say that an authorization is dead, unix seconds: before, looking gives nothing back. */
export async function deadFrom(network: string, validBefore: bigint): Promise<bigint> {
  return validBefore + ((await rpcsOf(network)).length === 1 ? DEAD_ALONE : AGREED);
}

/** The account's balance in atomic units of `asset`, or null when the network can't be asked. */
export async function balanceOf(network: string, asset: string, account: Address): Promise<bigint | null> {
  const call = { to: asset, data: BALANCE_OF + padded(account) };
  return askNetwork(network, async (rpc) => asWord(await rpc('eth_call', [call, 'latest']), 'balance')).catch(
    () => null,
  );
}

/** A block, by its number or as the newest one. Its time is in unix seconds. @throws {MalformedError} */
export async function blockAt(rpc: Rpc, at: bigint | 'latest') {
  const tag = at === 'latest' ? at : quantity(at);
  const block = asObject(await rpc('eth_getBlockByNumber', [tag, false]), 'block');
  return {
    number: asQuantity(block['number'], 'block.number'),
    timestamp: asQuantity(block['timestamp'], 'block.timestamp'),
  };
}

/** An address as a 32-byte word, without 0x. */
export function padded(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, '0');
}
