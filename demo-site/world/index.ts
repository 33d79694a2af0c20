import type { Address, Hash } from 'viem';
import { startAnvil } from './anvil.ts';
import { createChainClient } from './chain-client.ts';
import { accounts, chainId, network, networkV1, usdcAddress } from './constants.ts';
import { type Settlement, startFacilitator } from './facilitator.ts';
import { installContracts } from './genesis.ts';
import { type LookedUp, lookUp } from './look-up.ts';
import { balanceOf, mint, type Transfer, type TransferFilter, transfers } from './usdc.ts';

export type { Settlement } from './facilitator.ts';
export type { Transfer, TransferFilter } from './usdc.ts';

/**
 * Everything that an x402 payment touches, for real and on this machine: a chain with Base Sepolia's id, Circle's
 * USDC at its Base Sepolia address, and a facilitator for v1 and v2. Amounts are atomic units; 1,000,000 are one USDC.
 */
export type World = {
  readonly chainId: typeof chainId;
  readonly network: typeof network;
  readonly networkV1: typeof networkV1;
  readonly rpcUrl: string;
  readonly usdc: Address;
  /** Base address: `POST /verify`, `POST /settle`, `GET /supported`. */
  readonly facilitatorUrl: string;
  /** The account that publications are paid to, the same in every world. */
  readonly payee: Address;
  /** Process id of the chain. */
  readonly pid: number;
  mint(to: Address, atomic: bigint): Promise<void>;
  balanceOf(account: Address): Promise<bigint>;
  /** Transfers on the chain, oldest first, without mints. */
  transfers(filter?: TransferFilter): Promise<readonly Transfer[]>;
  /** A transaction by its hash, or null when the chain has none such. */
  lookUp(transaction: Hash): Promise<LookedUp | null>;
  /** What the facilitator was asked to settle, in order, failures included. */
  settlements(): readonly Settlement[];
  /** Ends the facilitator and the chain. Idempotent. */
  stop(): Promise<void>;
};

export type WorldOptions = {
  /** Gets one short line for each step of the start. */
  readonly onProgress?: (line: string) => void;
  /** Any free one unless given. */
  readonly facilitatorPort?: number;
};

/**
 * Starts a world on free loopback ports. Several can run at once; none outlives this process.
 *
 * @throws AnvilError when the chain cannot be started, EADDRINUSE when the facilitator's port is taken
 */
export async function startWorld({
  onProgress = () => {},
  facilitatorPort = 0,
}: WorldOptions = {}): Promise<World> {
  const anvil = await startAnvil(chainId);
  try {
    onProgress(`Local chain ${chainId} at ${anvil.rpcUrl}`);
    const client = createChainClient(anvil.rpcUrl);
    await installContracts(client);
    onProgress(`USDC at ${usdcAddress}`);
    const facilitator = await startFacilitator(client, facilitatorPort);
    onProgress(`Facilitator at ${facilitator.origin}`);
    return {
      chainId,
      network,
      networkV1,
      rpcUrl: anvil.rpcUrl,
      usdc: usdcAddress,
      facilitatorUrl: facilitator.origin,
      payee: accounts.payee,
      pid: anvil.pid,
      mint: (to, atomic) => mint(client, to, atomic),
      balanceOf: (account) => balanceOf(client, account),
      transfers: (filter) => transfers(client, filter),
      lookUp: (transaction) => lookUp(client, transaction),
      settlements: facilitator.settlements,
      stop: async () => {
        await facilitator.stop();
        await anvil.stop();
      },
    };
  } catch (error) {
    await anvil.stop();
    throw error;
  }
}
