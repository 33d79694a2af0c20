import {
  type Address,
  createTestClient,
  encodeAbiParameters,
  http,
  keccak256,
  numberToHex,
  publicActions,
} from 'viem';
import { startAnvil } from '../../demo-site/world/anvil.ts';
import type { World } from '../../demo-site/world/index.ts';

/** Where `FiatTokenV2_2` keeps balances: https://github.com/circlefin/stablecoin-evm */
const BALANCES_SLOT = 9n;

/** A chain beside the world's: Arbitrum Sepolia's id, with Circle's USDC at its address there. */
export type SecondChain = {
  readonly network: 'eip155:421614';
  readonly usdc: Address;
  readonly rpcUrl: string;
  /** Lets an account hold `atomic` units of USDC. */
  hold(account: Address, atomic: bigint): Promise<void>;
  stop(): Promise<void>;
};

/** Starts it with the token's code of `world`. @throws AnvilError */
export async function startSecondChain(world: World): Promise<SecondChain> {
  const usdc = '0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d';
  const anvil = await startAnvil(421614);
  const clientOf = (url: string) => createTestClient({ mode: 'anvil', transport: http(url) });
  const client = clientOf(anvil.rpcUrl);
  const bytecode = await clientOf(world.rpcUrl).extend(publicActions).getCode({ address: world.usdc });
  if (bytecode === undefined) throw new Error('The world has no USDC.');
  await client.setCode({ address: usdc, bytecode });
  return {
    network: 'eip155:421614',
    usdc,
    rpcUrl: anvil.rpcUrl,
    hold: (account, atomic) =>
      client.setStorageAt({
        address: usdc,
        index: keccak256(
          encodeAbiParameters([{ type: 'address' }, { type: 'uint256' }], [account, BALANCES_SLOT]),
        ),
        value: numberToHex(atomic, { size: 32 }),
      }),
    stop: anvil.stop,
  };
}
