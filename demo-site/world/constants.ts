import type { Address } from 'viem';

/** Base Sepolia's id, so that `"$0.05"` prices, v1 network names and wallets' asset tables all apply locally. */
export const chainId = 84532;

/** The chain as x402 v2 writes it (CAIP-2). */
export const network = 'eip155:84532';

/** The chain as x402 v1 writes it. */
export const networkV1 = 'base-sepolia';

/** Circle's USDC on Base Sepolia. */
export const usdcAddress: Address = '0x036CbD53842c5426634e7929541eC2318f3dCF7e';

/** Multicall3, at the address that it has on every chain. */
export const multicall3Address: Address = '0xcA11bde05977b3631167028862bE2a173976CA11';

/**
 * The world keeps the last three of anvil's ten well-known accounts; the first seven are free for callers. They are
 * fixed so that a wallet which has pinned the payee recognises it after a restart.
 */
export const accounts = {
  payee: '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
  facilitator: '0x23618e81E3f5cdF7f54C3d65f7FBc0aBf5B21E8f',
  treasury: '0xa0Ee7A142d267C1f36714E4a8F75612F20a79720',
} as const satisfies Record<string, Address>;
