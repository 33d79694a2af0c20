import {
  type Address,
  asHex,
  asObject,
  type ChainPort,
  type Json,
  type JsonObject,
  parseJson,
} from 'tuppence/core';
import { rpcOf } from '../storage/settings.ts';

// Function selectors: balanceOf(address) of ERC-20, authorizationState(address,bytes32) of ERC-3009.
const BALANCE_OF = '0x70a08231';
const AUTHORIZATION_STATE = '0xe94a0102';
/** Milliseconds after which a silent endpoint counts as unreachable. */
const PATIENCE = 10_000;

/** Reads ERC-3009 `authorizationState` at the network's JSON-RPC endpoint, at one block whose time is known. */
export const chain: ChainPort = {
  async fateOf({ network, asset }, { from, nonce, validBefore }) {
    try {
      const block = asObject(await rpc(network, 'eth_getBlockByNumber', ['latest', false]), 'block');
      const number = asQuantity(block['number'], 'block.number');
      const data = AUTHORIZATION_STATE + padded(from) + nonce.slice(2);
      const call = { to: asset, data };
      const used = asWord(await rpc(network, 'eth_call', [call, `0x${number.toString(16)}`]), 'state');
      if (used !== 0n) return 'used';
      return asQuantity(block['timestamp'], 'block.timestamp') >= validBefore ? 'dead' : 'open';
    } catch {
      return 'unreachable'; // Whatever went wrong, nothing was learned, and nothing may be decided on it.
    }
  },
};

/** The account's balance in atomic units of `asset`, or null when the network can't be asked. */
export async function balanceOf(network: string, asset: string, account: Address): Promise<bigint | null> {
  try {
    const call = { to: asset, data: BALANCE_OF + padded(account) };
    return asWord(await rpc(network, 'eth_call', [call, 'latest']), 'balance');
  } catch {
    return null;
  }
}

function padded(address: string): string {
  return address.slice(2).toLowerCase().padStart(64, '0');
}

async function rpc(network: string, method: string, params: readonly Json[]): Promise<unknown> {
  const request: JsonObject = { jsonrpc: '2.0', id: 1, method, params };
  const response = await fetch((await rpcOf(network)) ?? '', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
    credentials: 'omit',
    signal: AbortSignal.timeout(PATIENCE),
  });
  return asObject(parseJson(await response.text()), 'rpc')['result'];
}

/** A 32-byte word. @throws {MalformedError} */
function asWord(value: unknown, path: string): bigint {
  const hex = asHex(value, path, 32);
  return hex.length === 66 ? BigInt(hex) : asQuantity(null, path);
}

/** A JSON-RPC quantity: 0x and hexadecimal digits without leading zeros. @throws {MalformedError} */
function asQuantity(value: unknown, path: string): bigint {
  const odd = typeof value === 'string' && value.length % 2 === 1 ? value.replace('0x', '0x0') : value;
  return BigInt(asHex(odd, path, 32));
}
