import { createCoinbaseWalletSDK } from '@coinbase/wallet-sdk';
import { NETWORKS } from '../core/index.ts';
import { asEip1193Provider } from './discover.ts';
import type { Eip1193Provider } from './eip1193.ts';

/** Coinbase Wallet, as its own library offers it: a window of Coinbase's, or its extension. Reports nothing home. */
export function coinbaseWallet(appName: string): Eip1193Provider {
  const sdk = createCoinbaseWalletSDK({
    appName,
    appChainIds: NETWORKS.map(({ chainId }) => chainId),
    preference: { options: 'all', telemetry: false },
  });
  return asEip1193Provider(sdk.getProvider());
}
