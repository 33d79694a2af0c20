import { formatPrice, type Quote } from '../core/index.ts';
import type { X402ErrorCode } from '../events.ts';
import type { Face } from '../locales/words.ts';

export const STATES = [
  'checking',
  'locked',
  'confirming',
  'paying',
  'unlocked',
  'refused',
  'unsupported',
  'error',
  'offline',
] as const;

/**
 * - `checking`: the price is looked up.
 * - `locked`: there is a price, and a button.
 * - `confirming`: the extension or the wallet asks the reader.
 * - `paying`: the payment has left.
 * - `unlocked`: the content is there.
 * - `refused`: the reader, the wallet or the page said no. Nothing was signed; the button is ready again.
 * - `unsupported`: this can't be paid here.
 * - `error`: something failed; the words say whether money moved, and what the button does.
 * - `offline`: no network; it goes on by itself.
 */
export type PaywallState = (typeof STATES)[number];

/** All that is on the screen. */
export type Model = {
  readonly state: PaywallState;
  readonly quote: Quote | null;
  /** What has just happened, as a sentence; empty for nothing. */
  readonly status: string;
  /** The button's words, or null for no button. */
  readonly button: string | null;
  /** What stands below: how to pay, which wallets there are, a way to those, or to what was bought. */
  readonly extra: 'help' | 'choose' | 'other' | 'sign-in' | 'open' | null;
  /** What was bought here, for the line that stays; null when there was nothing to pay. */
  readonly receipt: { readonly transaction: string | null } | null;
  /** A named failure, or null. */
  readonly failure: X402ErrorCode | null;
};

export const BLANK: Omit<Model, 'state'> = {
  quote: null,
  status: '',
  button: null,
  extra: null,
  receipt: null,
  failure: null,
};

export function priceOf(quote: Quote | null, face: Face): string | null {
  return quote && formatPrice(quote.microUsd, face.locale);
}

export function checking(face: Face): Model {
  return { ...BLANK, state: 'checking', status: face.checking };
}

/** The price, with the button ready. `quote` is null when only an extension may read it. */
export function locked(quote: Quote | null, face: Face): Model {
  const price = priceOf(quote, face);
  return { ...BLANK, state: 'locked', quote, button: price ? face.readOnFor(price) : face.readOn };
}
