import type { Hindrance } from '../wallet/hindrance.ts';
import type { Content } from './content.ts';
import type { Look } from './look.ts';

/** What the reader has bought. `transaction` is the hash that the server named, or null. */
export type Delivery = {
  readonly content: Content;
  readonly paid: boolean;
  readonly transaction: string | null;
};

/**
 * How a press ended.
 *
 * - `delivered`: here is the content; `shared` when another press on this page paid for it.
 * - `looked`: the terms are not those that were shown; nothing was signed.
 * - `declined`: nothing was signed. With a step, a press leads to where the reader can change that.
 * - `paid-before`: it was paid and read earlier, and the site gives it no second time; nothing new was signed.
 * - `rejected`: the site says that it took nothing. The same payment is sent again by the next press.
 * - `unknown`: nobody says how it ended. The same payment is sent again by the next press.
 * - `undelivered`: paid, and the content did not come. No press pays again. `openAt`: where the reader can go for it.
 */
export type Result =
  | (Delivery & { readonly kind: 'delivered'; readonly shared: boolean })
  | { readonly kind: 'looked'; readonly look: Look }
  | { readonly kind: 'declined'; readonly sentence: string; readonly step?: Step }
  | { readonly kind: 'paid-before' | 'rejected' | 'unknown'; readonly sentence: string }
  | {
      readonly kind: 'undelivered';
      readonly sentence: string;
      readonly transaction: string | null;
      readonly openAt?: string;
    };

/** What the reader can do in the extension, with the words of its button. */
export type Step = { readonly hindrance: Hindrance; readonly button: string };
