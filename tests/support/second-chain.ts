import type { Address } from 'viem';
import { startAnvil } from '../../demo-site/world/anvil.ts';
import type { World } from '../../demo-site/world/index.ts';
import { rpc } from './on-chain.ts';

/** A chain beside the world's: Arbitrum Sepolia's id, with Circle's USDC at its address there. */
export type SecondChain = {
  readonly network: 'eip155:421614';
  readonly usdc: Address;
  readonly rpcUrl: string;
  stop(): Promise<void>;
};

/** Starts it with the token's code of `world`. @throws AnvilError */
export async function startSecondChain(world: World): Promise<SecondChain> {
  const usdc = '0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d';
  const { rpcUrl, stop } = await startAnvil(421614);
  const code = await rpc(world, 'eth_getCode', [world.usdc, 'latest']);
  await rpc({ rpcUrl }, 'anvil_setCode', [usdc, code]);
  return { network: 'eip155:421614', usdc, rpcUrl, stop };
}
