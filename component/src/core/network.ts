import { type Address, sameAddress } from './hex.ts';

/** How a token is moved: by its own ERC-3009 function, or through Uniswap's Permit2 contract. */
export type TransferMethod = 'eip3009' | 'permit2';

/** A dollar-pegged token, with everything about it that a server is not asked for. */
export type KnownAsset = {
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
  /** EIP-712 domain of the token contract; `name` differs between networks for the same token. */
  readonly domain: { readonly name: string; readonly version: string };
  readonly method: TransferMethod;
  /** False for one that the reader added and has not yet allowed to be paid without a question. */
  readonly trusted: boolean;
};

/** An EVM network, with its known tokens. */
export type KnownNetwork = {
  /** CAIP-2, such as `"eip155:8453"`. */
  readonly id: string;
  readonly chainId: number;
  /** For people. */
  readonly name: string;
  /** Short name in x402 v1, where it has one. */
  readonly v1Name: string | null;
  readonly testnet: boolean;
  readonly assets: readonly KnownAsset[];
};

/** A token that is pinned: version 2, 6 decimals and ERC-3009 unless said otherwise. */
export function token(
  symbol: string,
  address: Address,
  name: string,
  version = '2',
  decimals = 6,
  method: TransferMethod = 'eip3009',
): KnownAsset {
  return { address, symbol, decimals, domain: { name, version }, method, trusted: true };
}

/** Circle's USDC. */
export function usdc(address: Address, name = 'USDC'): KnownAsset {
  return token('USDC', address, name);
}

/** A network of real money. */
export function mainnet(
  chainId: number,
  name: string,
  v1Name: string | null,
  ...assets: KnownAsset[]
): KnownNetwork {
  return { id: `eip155:${chainId}`, chainId, name, v1Name, testnet: false, assets };
}

/** A network of test money. */
export function testnet(...network: Parameters<typeof mainnet>): KnownNetwork {
  return { ...mainnet(...network), testnet: true };
}

/**
 * The networks that most payments are made on: what a page carries. `ALL_NETWORKS` has every other one too.
 *
 * Addresses and domains are Circle's published ones, as pinned in the default tables of `@x402/evm` 2.27; what a
 * server says about decimals or names never counts.
 */
export const NETWORKS: readonly KnownNetwork[] = /* @__PURE__ */ commonNetworks();

function commonNetworks(): readonly KnownNetwork[] {
  return [
    mainnet(8453, 'Base', 'base', usdc('0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913', 'USD Coin')),
    testnet(84532, 'Base Sepolia', 'base-sepolia', usdc('0x036CbD53842c5426634e7929541eC2318f3dCF7e')),
    mainnet(42161, 'Arbitrum One', null, usdc('0xaf88d065e77c8cC2239327C5EDb3A432268e5831', 'USD Coin')),
    testnet(421614, 'Arbitrum Sepolia', null, usdc('0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d', 'USD Coin')),
    mainnet(137, 'Polygon', 'polygon', usdc('0x3c499c542cEF5E3811e1192ce70d8cC03d5c3359', 'USD Coin')),
    mainnet(43114, 'Avalanche', 'avalanche', usdc('0xB97EF9Ef8734C71904D8002F8b6Bc66Dd9c48a6E', 'USD Coin')),
    mainnet(1, 'Ethereum', 'ethereum', usdc('0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48', 'USD Coin')),
  ];
}

/**
 * The network of a CAIP-2 id such as `"eip155:8453"`, of a chain id, or of a name as v1 or people have it (`"base"`,
 * `"Base"`, `"base-mainnet"`, `"Base Sepolia"`), which servers put into v2 terms too
 * (https://github.com/Merit-Systems/x402scan/issues/1108); null when it is not one of `networks`.
 */
export function knownNetwork(id: string, networks = NETWORKS): KnownNetwork | null {
  const name = slugOf(id).replace(/-mainnet$/, '');
  return (
    networks.find((network) =>
      [network.id, network.id.slice(7), network.v1Name, slugOf(network.name)].includes(name),
    ) ?? null
  );
}

function slugOf(name: string): string {
  return name.toLowerCase().replace(/[ _]/g, '-');
}

/** The CAIP-2 id behind a name such as `"base"`; a name that is not known stays as it is. */
export function networkIdOf(name: string, networks = NETWORKS): string {
  return knownNetwork(name, networks)?.id ?? name;
}

/** The known token at `address` on `network`, whatever the letter case, or null. */
export function knownAsset(network: KnownNetwork, address: string): KnownAsset | null {
  return network.assets.find((asset) => sameAddress(asset.address, address)) ?? null;
}
