import { MalformedError } from '../core/index.ts';
import { type Announced, listen, type Registry } from './announcements.ts';
import type { Eip1193Provider } from './eip1193.ts';

export const WALLET_EVENTS = {
  request: 'eip6963:requestProvider',
  announce: 'eip6963:announceProvider',
} as const;

let registry: Registry<Eip1193Provider> | null = null;

/** The wallets in this browser: all that announce themselves (EIP-6963), else `window.ethereum`. Browser only. */
export function findWallets(): readonly Announced<Eip1193Provider>[] {
  registry ??= listen(window, WALLET_EVENTS, asEip1193Provider);
  registry.ask(); // Every time: a wallet may have been switched on since.
  const found = registry.found();
  return found.length > 0 ? found : injectedWallet();
}

function injectedWallet(): readonly Announced<Eip1193Provider>[] {
  try {
    const provider = asEip1193Provider('ethereum' in window ? window.ethereum : null);
    return [{ info: { name: 'Wallet', icon: '', rdns: '', uuid: 'window.ethereum' }, provider }];
  } catch {
    return [];
  }
}

/** @throws {MalformedError} when `value` has no `request`. */
export function asEip1193Provider(value: unknown): Eip1193Provider {
  if (typeof value !== 'object' || value === null || !('request' in value))
    throw new MalformedError('provider', 'an object with request');
  const { request } = value;
  if (typeof request !== 'function') throw new MalformedError('provider', 'an object with request');
  // Called on the wallet's own object: some wallets are classes and need their `this`.
  return { request: async (call) => request.call(value, call) };
}
