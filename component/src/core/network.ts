import { type Address, sameAddress } from './hex.ts';

/** How a token is paid with: EIP-3009 is the only method that is signed so far. */
export type KnownAsset = {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
  /** EIP-712 domain of the token contract; `name` differs between networks for the same token. */
  readonly domain: { readonly name: string; readonly version: string };
};

export type KnownNetwork = {
  /** CAIP-2, such as `"eip155:8453"`. */
  readonly id: string;
  readonly chainId: number;
  /** For people. */
  readonly name: string;
  /** Short name in x402 v1, where it has one. */
  readonly v1Name: string | null;
  readonly testnet: boolean;
  /** Block explorer, without a trailing slash; `/tx/<hash>` shows a transaction. */
  readonly explorer: string;
  /** Public JSON-RPC endpoint, for balances and for asking whether an authorization was used. */
  readonly rpc: string;
  readonly assets: readonly KnownAsset[];
};

const usdc = (address: Address, name: string): KnownAsset => ({
  address,
  symbol: 'USDC',
  decimals: 6,
  domain: { name, version: '2' },
});

/**
 * The networks and dollar tokens whose prices are believed. Addresses and domains are Circle's published ones, as
 * pinned in the default tables of `@x402/evm` 2.27; what a server says about decimals or names never counts.
 */
export const NETWORKS: readonly KnownNetwork[] = [
  {
    id: 'eip155:8453',
    chainId: 8453,
    name: 'Base',
    v1Name: 'base',
    testnet: false,
    explorer: 'https://basescan.org',
    rpc: 'https://mainnet.base.org',
    assets: [usdc('0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', 'USD Coin')],
  },
  {
    id: 'eip155:84532',
    chainId: 84532,
    name: 'Base Sepolia',
    v1Name: 'base-sepolia',
    testnet: true,
    explorer: 'https://sepolia.basescan.org',
    rpc: 'https://sepolia.base.org',
    assets: [usdc('0x036CbD53842c5426634e7929541eC2318f3dCF7e', 'USDC')],
  },
  {
    id: 'eip155:42161',
    chainId: 42161,
    name: 'Arbitrum One',
    v1Name: null,
    testnet: false,
    explorer: 'https://arbiscan.io',
    rpc: 'https://arb1.arbitrum.io/rpc',
    assets: [usdc('0xaf88d065e77c8cC2239327C5EDb3A432268e5831', 'USD Coin')],
  },
  {
    id: 'eip155:421614',
    chainId: 421614,
    name: 'Arbitrum Sepolia',
    v1Name: null,
    testnet: true,
    explorer: 'https://sepolia.arbiscan.io',
    rpc: 'https://sepolia-rollup.arbitrum.io/rpc',
    assets: [usdc('0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d', 'USD Coin')],
  },
  {
    id: 'eip155:137',
    chainId: 137,
    name: 'Polygon',
    v1Name: 'polygon',
    testnet: false,
    explorer: 'https://polygonscan.com',
    rpc: 'https://polygon-rpc.com',
    assets: [usdc('0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', 'USD Coin')],
  },
  {
    id: 'eip155:43114',
    chainId: 43114,
    name: 'Avalanche',
    v1Name: 'avalanche',
    testnet: false,
    explorer: 'https://snowtrace.io',
    rpc: 'https://api.avax.network/ext/bc/C/rpc',
    assets: [usdc('0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', 'USD Coin')],
  },
  {
    id: 'eip155:1',
    chainId: 1,
    name: 'Ethereum',
    v1Name: 'ethereum',
    testnet: false,
    explorer: 'https://etherscan.io',
    rpc: 'https://ethereum-rpc.publicnode.com',
    assets: [usdc('0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', 'USD Coin')],
  },
];

/** The network of a CAIP-2 id such as `"eip155:8453"`, or null when it is not one that is known. */
export function knownNetwork(id: string): KnownNetwork | null {
  return NETWORKS.find((network) => network.id === id) ?? null;
}

/** The CAIP-2 id behind an x402 v1 short name such as `"base"`; a name that is not known stays as it is. */
export function networkIdOfV1(name: string): string {
  return NETWORKS.find((network) => network.v1Name === name)?.id ?? name;
}

/** The pinned token at `address` on `network`, whatever the letter case, or null. */
export function knownAsset(network: KnownNetwork, address: string): KnownAsset | null {
  return network.assets.find((asset) => sameAddress(asset.address, address)) ?? null;
}

/** Where a person can look at a settlement, or null for a network that is not known. */
export function explorerLink(network: string, transaction: string): string | null {
  const known = knownNetwork(network);
  return known === null ? null : `${known.explorer}/tx/${transaction}`;
}
