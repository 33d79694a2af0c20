import { type Address, type Hex, maxUint256 } from 'viem';
import { type ChainClient, mined } from './chain-client.ts';
import { accounts, multicall3Address, usdcAddress } from './constants.ts';
import { fiatTokenBytecode, multicall3Bytecode, signatureCheckerBytecode, usdcAbi } from './contracts.ts';

const { treasury } = accounts;
const usdc = { address: usdcAddress, abi: usdcAbi } as const;

/**
 * Puts USDC and Multicall3 where Base Sepolia has them, and makes the treasury USDC's owner and minter.
 *
 * @throws Error when the chain refuses a step
 */
export async function installContracts(client: ChainClient): Promise<void> {
  await place(client, multicall3Address, multicall3Bytecode());
  const signatureChecker = await deploy(client, signatureCheckerBytecode());
  await place(client, usdcAddress, fiatTokenBytecode(signatureChecker));
  await initializeUsdc(client);
}

async function deploy(client: ChainClient, bytecode: Hex): Promise<Address> {
  const receipt = await mined(client, await client.sendTransaction({ data: bytecode }));
  if (!receipt.contractAddress) throw new Error('The chain deployed no contract.');
  return receipt.contractAddress;
}

/** Runtime code only exists after a constructor has run, so it is deployed somewhere first and copied. */
async function place(client: ChainClient, address: Address, bytecode: Hex): Promise<void> {
  const code = await client.getCode({
    address: await deploy(client, bytecode),
  });
  if (code === undefined) throw new Error(`There is no code to place at ${address}.`);
  await client.setCode({ address, bytecode: code });
}

/** The same history that the real token has: each upgrade's initializer, in order. */
async function initializeUsdc(client: ChainClient): Promise<void> {
  const roles = [treasury, treasury, treasury, treasury] as const;
  const steps = [
    () =>
      client.writeContract({
        ...usdc,
        functionName: 'initialize',
        args: ['USDC', 'USDC', 'USD', 6, ...roles],
      }),
    () =>
      client.writeContract({
        ...usdc,
        functionName: 'initializeV2',
        args: ['USDC'],
      }),
    () =>
      client.writeContract({
        ...usdc,
        functionName: 'initializeV2_1',
        args: [treasury],
      }),
    () =>
      client.writeContract({
        ...usdc,
        functionName: 'initializeV2_2',
        args: [[], 'USDC'],
      }),
    () =>
      client.writeContract({
        ...usdc,
        functionName: 'configureMinter',
        args: [treasury, maxUint256],
      }),
  ];
  for (const step of steps) await mined(client, await step());
}
