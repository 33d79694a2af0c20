import type { Page } from 'playwright';
import { type Address, encodeAbiParameters, keccak256, numberToHex } from 'viem';
import type { World } from '../../demo-site/world/index.ts';
import { rowsOf } from './own-database.ts';

const AUTHORIZATION_USED = '0x98de503528ee59b575ef0c0a2576a82497bfc029a5685b209e9ec333479b10a5';

/** Every authorization of the payer that took its money: nonce to transaction, in lower case. */
export async function usedAuthorizations(world: World, payer: Address): Promise<Map<string, string>> {
  const authorizer = `0x${payer.slice(2).toLowerCase().padStart(64, '0')}`;
  const filter = { address: world.usdc, topics: [AUTHORIZATION_USED, authorizer], fromBlock: '0x0' };
  const logs = (await rpc(world, 'eth_getLogs', [filter])) as {
    topics: [string, string, string];
    transactionHash: string;
  }[];
  return new Map(
    logs.map(({ topics, transactionHash }) => [topics[2].toLowerCase(), transactionHash.toLowerCase()]),
  );
}

/**
 * The payments as they stand on disk.
 *
 * @param own one of the extension's pages
 */
export function paymentsOnDisk<Row>(own: Page): Promise<readonly Row[]> {
  return rowsOf<Row>(own, 'intents');
}

/** Where `FiatTokenV2_2` keeps balances: https://github.com/circlefin/stablecoin-evm */
const BALANCES_SLOT = 9n;

/** Lets an account hold `atomic` units of USDC, however much it held before. */
export async function setUsdc(
  chain: Pick<World, 'rpcUrl' | 'usdc'>,
  account: Address,
  atomic: bigint,
): Promise<void> {
  const place = encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, BALANCES_SLOT]);
  const value = numberToHex(atomic, { size: 32 });
  await rpc(chain, 'anvil_setStorageAt', [chain.usdc, keccak256(place), value]);
}

/** One call of the chain. */
export async function rpc(
  { rpcUrl }: Pick<World, 'rpcUrl'>,
  method: string,
  params: readonly unknown[],
): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(rpcUrl, { method: 'POST', headers, body });
  return ((await answer.json()) as { result: unknown }).result;
}
