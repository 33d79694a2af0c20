import * as lazy from '../lazy.ts';
import type { Announced } from '../wallet/announcements.ts';
import { findWallets } from '../wallet/discover.ts';
import type { Eip1193Provider } from '../wallet/eip1193.ts';
import { keyOf, rememberedWallet } from '../wallet/remembered.ts';

/** A wallet that the reader may choose; `open` loads what it needs. */
export type Wallet = {
  readonly info: Announced<unknown>['info'];
  readonly open: () => Promise<Eip1193Provider>;
};

/**
 * The wallets to choose from, best first, and the one to take without asking: the page's own, else the one that paid
 * here last, else the only one there is. Coinbase Wallet is always there, because it needs nothing installed.
 *
 * @param own a wallet that the page brings along, or null.
 */
export function walletsFor(own: Eip1193Provider | null): { all: readonly Wallet[]; taken: Wallet | null } {
  const mine = own && {
    info: { name: 'Wallet', icon: '', rdns: 'page', uuid: 'page' },
    open: async () => own,
  };
  if (mine) return { all: [mine], taken: mine };
  const found = findWallets().map(({ info, provider }): Wallet => ({ info, open: async () => provider }));
  const all = found.some(({ info }) => info.rdns === COINBASE.info.rdns) ? found : [...found, COINBASE];
  const remembered = rememberedWallet();
  const last = all.find(({ info }) => keyOf(info) === remembered) ?? null;
  const only = found.length === 1 ? (found[0] ?? null) : null;
  return { all, taken: last ?? only };
}

const COINBASE: Wallet = {
  info: { name: 'Coinbase Wallet', icon: '', rdns: 'com.coinbase.wallet', uuid: 'coinbase' },
  open: async () => (await lazy.coinbase()).coinbaseWallet(document.title || location.host),
};
