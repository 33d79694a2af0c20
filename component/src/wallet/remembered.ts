import type { AnnouncedInfo } from './announcements.ts';

const KEY = 'x402-paywall wallet';

/** The wallet that the reader paid with last on this site, or null. */
export function rememberedWallet(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // Storage is switched off.
  }
}

export function rememberWallet(info: AnnouncedInfo): void {
  try {
    localStorage.setItem(KEY, keyOf(info));
  } catch {
    // It will be asked for again.
  }
}

/** `uuid` is new with every page, so a wallet is known by its domain name where it gives one. */
export function keyOf({ rdns, name }: AnnouncedInfo): string {
  return rdns || name;
}
