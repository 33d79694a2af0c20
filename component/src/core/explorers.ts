/** Block explorers by chain id, without a trailing slash. A module of its own: paying takes none of them. */
const EXPLORERS: { readonly [chainId: number]: string } = {
  1: 'https://etherscan.io',
  14: 'https://flare-explorer.flare.network',
  50: 'https://xdcscan.com',
  51: 'https://testnet.xdcscan.com',
  137: 'https://polygonscan.com',
  143: 'https://monadscan.com',
  988: 'https://stablescan.xyz',
  1328: 'https://testnet.seiscan.io',
  1329: 'https://seiscan.io',
  1514: 'https://www.storyscan.io',
  2201: 'https://testnet.stablescan.xyz',
  2741: 'https://abscan.org',
  3338: 'https://peaq.subscan.io',
  4326: 'https://mega.etherscan.io',
  4689: 'https://iotexscan.io',
  8453: 'https://basescan.org',
  11124: 'https://sepolia.abscan.org',
  31611: 'https://explorer.test.mezo.org',
  31612: 'https://explorer.mezo.org',
  36900: 'https://explorer.adifoundation.ai',
  38833: 'https://explorer.igralabs.com',
  41923: 'https://explorer.educhain.xyz',
  42161: 'https://arbiscan.io',
  42220: 'https://celoscan.io',
  43113: 'https://testnet.snowtrace.io',
  43114: 'https://snowtrace.io',
  72344: 'https://testnet.radiustech.xyz',
  80002: 'https://amoy.polygonscan.com',
  84532: 'https://sepolia.basescan.org',
  181228: 'https://sepolia-explorer.hpp.io',
  190415: 'https://explorer.hpp.io',
  421614: 'https://sepolia.arbiscan.io',
  723487: 'https://network.radiustech.xyz',
  11142220: 'https://celo-sepolia.blockscout.com',
  11155111: 'https://sepolia.etherscan.io',
  324705682: 'https://base-sepolia-testnet-explorer.skalenodes.com',
};

/** The block explorer of a network by its CAIP-2 id, without a trailing slash, or null when none is known. */
export function publicExplorer(network: string): string | null {
  return EXPLORERS[Number(network.replace('eip155:', ''))] ?? null;
}

/**
 * Where a person can look at a settlement, or null for a network without a known explorer.
 *
 * @param network CAIP-2, such as `"eip155:8453"`.
 * @param transaction hash, `0x` and 64 hexadecimal digits.
 */
export function explorerLink(network: string, transaction: string): string | null {
  const explorer = publicExplorer(network);
  return explorer === null ? null : `${explorer}/tx/${encodeURIComponent(transaction)}`;
}
