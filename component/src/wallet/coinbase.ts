import { createCoinbaseWalletSDK } from '@coinbase/wallet-sdk';
import { NETWORKS } from '../core/index.ts';
import { asEip1193Provider } from './discover.ts';
import type { Eip1193Provider } from './eip1193.ts';

/** Milliseconds between two looks at the wallet's window, while it is waited for. */
const LOOKS_EVERY = 500;

/**
 * Coinbase Wallet, as its own library offers it: a window of Coinbase's, or its extension. Reports nothing home. A
 * window that is closed is a no, also when nothing was ever loaded in it, of which the library takes no notice.
 */
export function coinbaseWallet(appName: string): Eip1193Provider {
  const sdk = createCoinbaseWalletSDK({
    appName,
    appChainIds: NETWORKS.map(({ chainId }) => chainId),
    preference: { options: 'all', telemetry: false },
  });
  const provider = sdk.getProvider();
  const { request } = asEip1193Provider(provider);
  return {
    request(call) {
      const stop = whenClosed(Reflect.get(provider, 'communicator'));
      return request(call).finally(stop);
    },
  };
}

/**
 * Ends what the library waits for once its window has been closed for two looks in a row: an answer that was sent just
 * before is read first.
 *
 * @param communicator the part of the library that has the window; without one, or in an unknown form, nothing is done.
 * @returns what ends that.
 */
function whenClosed(communicator: unknown): () => void {
  let wasClosed = false;
  const timer = setInterval(() => {
    const isClosed = field(field(communicator, 'popup'), 'closed') === true;
    const end = field(communicator, 'disconnect');
    if (isClosed && wasClosed && typeof end === 'function') end.call(communicator);
    wasClosed = isClosed;
  }, LOOKS_EVERY);
  return () => clearInterval(timer);
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
