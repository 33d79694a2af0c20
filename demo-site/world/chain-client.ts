import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTestClient,
  defineChain,
  type Hex,
  http,
  publicActions,
  type TransactionReceipt,
  TransactionReceiptNotFoundError,
  walletActions,
} from 'viem';
import { accounts, chainId } from './constants.ts';

/** Milliseconds. Blocks are mined as transactions come, so a receipt is there after a few. */
const POLLING_INTERVAL = 5;
const MINED_WITHIN = 10_000;

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
  return createTestClient({
    mode: 'anvil',
    account: accounts.treasury,
    chain,
    transport: http(rpcUrl),
    pollingInterval: POLLING_INTERVAL,
    cacheTime: 0,
  })
    .extend(publicActions)
    .extend(walletActions)
    .extend(() => ({ inTurn: queue() }));
}

/**
 * The receipt of a transaction, once it is mined. viem's own waiting looks when a block comes, and misses one that
 * comes while it looks for a replacement of the transaction; on this chain there may never be another.
 *
 * @throws Error when it is not mined within ten seconds
 */
export async function receiptOf(client: ChainClient, hash: Hex): Promise<TransactionReceipt> {
  for (const deadline = Date.now() + MINED_WITHIN; Date.now() < deadline; await sleep(POLLING_INTERVAL))
    try {
      return await client.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  throw new Error(`Transaction ${hash} was not mined.`);
}

/**
 * Waits for a transaction to be mined.
 *
 * @returns its receipt
 * @throws Error when it is not, or the chain reverted it
 */
export async function mined(client: ChainClient, hash: Hex): Promise<TransactionReceipt> {
  const receipt = await receiptOf(client, hash);
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
