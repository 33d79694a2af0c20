/** A Solana network with its dollar tokens. They are shown by name and never paid: only EVM payments are signed. */
export type SolanaNetwork = {
  /** CAIP-2. */
  readonly id: string;
  readonly name: string;
  /** Short name in x402 v1. */
  readonly v1Name: string;
  readonly testnet: boolean;
  /** All have 6 decimals. */
  readonly tokens: readonly { readonly mint: string; readonly symbol: string }[];
};

/** Decimals of every token below. */
export const SOLANA_DECIMALS = 6;

const TEST_USDC = [{ mint: '4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU', symbol: 'USDC' }];

/** The networks and tokens that official x402 servers take on Solana, so that such an offer can be named. */
export const SOLANA_NETWORKS: readonly SolanaNetwork[] = [
  {
    id: 'solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp',
    name: 'Solana',
    v1Name: 'solana',
    testnet: false,
    tokens: [
      { mint: 'EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v', symbol: 'USDC' },
      { mint: 'Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB', symbol: 'USDT' },
      { mint: '2u1tszSeqZ3qBWF3uNGPFc8TzMk2tdiwknnRMWGWjGWH', symbol: 'USDG' },
      { mint: '2b1kV6DkPAnxd5ixfnxCpjxmKwqjjaYmCZfHsFu24GXo', symbol: 'PYUSD' },
      { mint: 'CASHx9KJUStyftLFWGvEVf59SGeG9sh5FfcnZMVPCASH', symbol: 'CASH' },
    ],
  },
  {
    id: 'solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1',
    name: 'Solana Devnet',
    v1Name: 'solana-devnet',
    testnet: true,
    tokens: TEST_USDC,
  },
  {
    id: 'solana:4uhcVJyU9pJkvQyS88uRDiswHXSCkY3z',
    name: 'Solana Testnet',
    v1Name: 'solana-testnet',
    testnet: true,
    tokens: TEST_USDC,
  },
];

/** The Solana network of a CAIP-2 id or a v1 name, or null. */
export function solanaNetwork(id: string): SolanaNetwork | null {
  return SOLANA_NETWORKS.find((network) => network.id === id || network.v1Name === id) ?? null;
}

/** The symbol of a token on a Solana network, or null. Base58 is compared letter by letter, case included. */
export function solanaSymbol(network: string, mint: string): string | null {
  return solanaNetwork(network)?.tokens.find((token) => token.mint === mint)?.symbol ?? null;
}
