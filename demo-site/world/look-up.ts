import { type Address, type Hash, parseEventLogs, TransactionReceiptNotFoundError } from 'viem';
import type { ChainClient } from './chain-client.ts';
import { usdcAddress } from './constants.ts';
import { usdcAbi } from './contracts.ts';

/** What the chain has of a transaction. Times are unix seconds, amounts atomic units of USDC. */
export type LookedUp = {
  readonly transaction: Hash;
  readonly succeeded: boolean;
  readonly block: bigint;
  readonly time: bigint;
  /** Who sent it and paid its gas: for a payment, the facilitator. */
  readonly sender: Address;
  /** The USDC that it moved. */
  readonly transfers: readonly { readonly from: Address; readonly to: Address; readonly value: bigint }[];
};

/** A transaction of the chain, or null when the chain has none of that hash. */
export async function lookUp(client: ChainClient, transaction: Hash): Promise<LookedUp | null> {
  try {
    const receipt = await client.getTransactionReceipt({ hash: transaction });
    const { timestamp } = await client.getBlock({ blockNumber: receipt.blockNumber });
    const events = parseEventLogs({ abi: usdcAbi, eventName: 'Transfer', logs: receipt.logs });
    return {
      transaction,
      succeeded: receipt.status === 'success',
      block: receipt.blockNumber,
      time: timestamp,
      sender: receipt.from,
      transfers: events
        .filter(({ address }) => address.toLowerCase() === usdcAddress.toLowerCase())
        .map(({ args: { from, to, value } }) => ({ from, to, value })),
    };
  } catch (error) {
    if (error instanceof TransactionReceiptNotFoundError) return null;
    throw error;
  }
}
