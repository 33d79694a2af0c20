import { asArray, asHex, asObject, type Intent, type SignedPayment } from 'tuppence/core';
import { blockAt, padded } from './chain.ts';
import { askNetwork, quantity, type Rpc } from './rpc.ts';

/** keccak-256 of `AuthorizationUsed(address,bytes32)`, ERC-3009's event. */
const AUTHORIZATION_USED = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5';
/** Blocks that are searched at a time: what public endpoints put up with. */
const SPAN = 2_000n;
/** Seconds by which clocks may differ. */
const SLACK = 120n;

/**
 * The transaction in which an authorization took its money, from the event that carries its nonce; null when nobody
 * can tell at the moment.
 */
export async function settlingTransaction({ terms, payment, createdAt }: Intent): Promise<string | null> {
  if (payment === null) return null;
  const since = BigInt(Math.floor(createdAt / 1000)) - SLACK;
  try {
    return await askNetwork(terms.network, (rpc) => search(rpc, terms.asset, payment, since));
  } catch {
    return null;
  }
}

/** It can only have been used between its making and its end. @throws {MalformedError} when it is not found. */
async function search(
  rpc: Rpc,
  asset: string,
  { authorization: { from, nonce, validBefore } }: SignedPayment,
  since: bigint,
): Promise<string> {
  const latest = await blockAt(rpc, 'latest');
  const topics = [AUTHORIZATION_USED, `0x${padded(from)}`, nonce];
  for (let block = await firstBlockSince(rpc, since, latest.number); block <= latest.number; block += SPAN) {
    const toBlock = quantity(block + SPAN - 1n < latest.number ? block + SPAN - 1n : latest.number);
    const filter = { address: asset, topics, fromBlock: quantity(block), toBlock };
    const [log] = asArray(await rpc('eth_getLogs', [filter]), 'logs', 16);
    if (log !== undefined) return asHex(asObject(log, 'log')['transactionHash'], 'log.transactionHash', 32);
    if ((await blockAt(rpc, block)).timestamp > validBefore + SLACK) break;
  }
  return asHex(null, 'log.transactionHash', 32);
}

/** By bisection over block times. */
async function firstBlockSince(rpc: Rpc, since: bigint, latest: bigint): Promise<bigint> {
  let [low, high] = [0n, latest];
  while (low < high) {
    const middle = (low + high) / 2n;
    if ((await blockAt(rpc, middle)).timestamp < since) low = middle + 1n;
    else high = middle;
  }
  return low;
}
