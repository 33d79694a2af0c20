/** By chain id, as viem 2.57's chain definitions name them. */
const ENDPOINTS: { readonly [chainId: string]: string } = {
  8453: 'https://mainnet.base.org',
  84532: 'https://sepolia.base.org',
  42161: 'https://arb1.arbitrum.io/rpc',
  421614: 'https://sepolia-rollup.arbitrum.io/rpc',
  137: 'https://polygon.drpc.org',
  80002: 'https://polygon-amoy.drpc.org',
  43114: 'https://api.avax.network/ext/bc/C/rpc',
  43113: 'https://api.avax-test.network/ext/bc/C/rpc',
  1: 'https://ethereum-rpc.publicnode.com',
  11155111: 'https://ethereum-sepolia-rpc.publicnode.com',
  42220: 'https://forno.celo.org',
  11142220: 'https://forno.celo-sepolia.celo-testnet.org',
  143: 'https://rpc.monad.xyz',
  1329: 'https://evm-rpc.sei-apis.com',
  1328: 'https://evm-rpc-testnet.sei-apis.com',
  50: 'https://rpc.xdcrpc.com',
  51: 'https://erpc.apothem.network',
  988: 'https://rpc.stable.xyz',
  2201: 'https://rpc.testnet.stable.xyz',
  14: 'https://flare-api.flare.network/ext/C/rpc',
  190415: 'https://mainnet.hpp.io',
  181228: 'https://testnet.hpp.io',
  36900: 'https://rpc.adifoundation.ai',
  4326: 'https://mainnet.megaeth.com/rpc',
  31612: 'https://rpc.mezo.org',
  31611: 'https://rpc.test.mezo.org',
  723487: 'https://rpc.radiustech.xyz',
  72344: 'https://rpc.testnet.radiustech.xyz',
  38833: 'https://rpc.igralabs.com:8545',
};

/**
 * A public JSON-RPC endpoint of a network (CAIP-2), for balances and for asking whether an authorization was used;
 * null when none is known. Kept apart from the networks, so that a page that asks no chain does not carry it.
 */
export function publicRpc(network: string): string | null {
  const [namespace, chainId = ''] = network.split(':');
  return (namespace === 'eip155' && Object.hasOwn(ENDPOINTS, chainId) ? ENDPOINTS[chainId] : null) ?? null;
}
