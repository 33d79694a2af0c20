import { type Address, asObject, type ChainPort } from 'tuppence/core';
import { askNetwork, asQuantity, asWord, quantity, type Rpc } from './rpc.ts';

// Function selectors: balanceOf(address) of ERC-20, authorizationState(address,bytes32) of ERC-3009.
const BALANCE_OF = '0x70a08231';
const AUTHORIZATION_STATE = '0xe94a0102';

/** Reads ERC-3009 `authorizationState` at one of the network's endpoints, at one block whose time is known. */
export const chain: ChainPort = {
  async fateOf({ network, asset }, { from, nonce, validBefore }) {
    try {
      return await askNetwork(network, async (rpc) => {
        const block = await blockAt(rpc, 'latest');
        const data = AUTHORIZATION_STATE + padded(from) + nonce.slice(2);
        const used = asWord(await rpc('eth_call', [{ to: asset, data }, quantity(block.number)]), 'state');
        if (used !== 0n) return 'used';
        return block.timestamp >= validBefore ? 'dead' : 'open';
      });
    } catch {
      return 'unreachable'; // Whatever went wrong, nothing was learned, and nothing may be decided on it.
    }
  },
};

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
