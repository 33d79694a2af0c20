import { MalformedError } from '../core/index.ts';
import { type Announced, listen, type Registry } from './announcements.ts';
import type { Eip1193Provider } from './eip1193.ts';

export const WALLET_EVENTS = {
  request: 'eip6963:requestProvider',
  announce: 'eip6963:announceProvider',
} as const;

let registry: Registry<Eip1193Provider> | null = null;

/**
 * A wallet in this browser, or null: the first that announces itself (EIP-6963), else `window.ethereum`.
 * Browser only.
 */
export function findWallet(): Announced<Eip1193Provider> | null {
  registry ??= listen(window, WALLET_EVENTS, asEip1193Provider);
  registry.ask(); // Every time: a wallet may have been switched on since.
  return registry.found()[0] ?? injectedWallet();
}

function injectedWallet(): Announced<Eip1193Provider> | null {
  try {
    const provider = asEip1193Provider('ethereum' in window ? window.ethereum : null);
    return { info: { name: 'your wallet', icon: '', rdns: '', uuid: 'window.ethereum' }, provider };
  } catch {
    return null;
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
