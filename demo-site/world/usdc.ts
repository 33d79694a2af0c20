import { type Address, type Hash, zeroAddress } from 'viem';
import { type ChainClient, mined } from './chain-client.ts';
import { usdcAddress } from './constants.ts';
import { usdcAbi } from './contracts.ts';

/** One movement of USDC on the chain. `value` is in atomic units: 1,000,000 are one USDC. */
export type Transfer = {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly transaction: Hash;
};

/** Only transfers from and to these accounts. */
export type TransferFilter = { readonly from?: Address; readonly to?: Address };

const usdc = { address: usdcAddress, abi: usdcAbi } as const;

/** Mints `atomic` units of USDC to `to` and waits for the block. */
export async function mint(client: ChainClient, to: Address, atomic: bigint): Promise<void> {
  const send = () => client.writeContract({ ...usdc, functionName: 'mint', args: [to, atomic] });
  await mined(client, await client.inTurn(send));
}

/** USDC held by `account`, in atomic units. */
export function balanceOf(client: ChainClient, account: Address): Promise<bigint> {
  return client.readContract({
    ...usdc,
    functionName: 'balanceOf',
    args: [account],
  });
}

/** Every transfer since the chain began, oldest first. Mints are left out. */
export async function transfers(
  client: ChainClient,
  filter: TransferFilter = {},
): Promise<readonly Transfer[]> {
  const logs = await client.getContractEvents({
    ...usdc,
    eventName: 'Transfer',
    args: filter,
    fromBlock: 0n,
    strict: true,
  });
  return logs
    .map(({ args, transactionHash }) => ({
      ...args,
      transaction: transactionHash,
    }))
    .filter(({ from }) => from !== zeroAddress);
}
