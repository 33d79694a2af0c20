import { createTestClient, defineChain, type Hex, http, publicActions, walletActions } from 'viem';
import { accounts, chainId } from './constants.ts';

/**
 * A viem client that reads, writes as the world's treasury, and has anvil's own methods. Send through `inTurn`.
 */
export type ChainClient = ReturnType<typeof createChainClient>;

/** Connects to a local chain at `rpcUrl`. Nothing is sent yet. */
export function createChainClient(rpcUrl: string) {
  const chain = defineChain({
    id: chainId,
    name: 'Base Sepolia (local)',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  // Blocks are mined as transactions come, so a receipt is there after milliseconds.
  return createTestClient({
    mode: 'anvil',
    account: accounts.treasury,
    chain,
    transport: http(rpcUrl),
    pollingInterval: 5,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions)
    .extend(() => ({ inTurn: queue() }));
}

/**
 * Waits for a transaction to be mined.
 *
 * @returns its receipt
 * @throws Error when the chain reverted it
 */
export async function mined(client: ChainClient, hash: Hex) {
  const receipt = await client.waitForTransactionReceipt({ hash });
  if (receipt.status !== 'success') throw new Error(`Transaction ${hash} was reverted.`);
  return receipt;
}

/** Anvil gives two transactions that arrive together the same account nonce, so sending goes one at a time. */
function queue() {
  let last: Promise<unknown> = Promise.resolve();
  return <Result>(task: () => Promise<Result>): Promise<Result> => {
    const result = last.then(task, task);
    last = result;
    return result;
  };
}
