import { type Intent, type Outcome, sentenceOf } from '../core/index.ts';
import { type Content, readContent } from './content.ts';
import type { Look } from './look.ts';
import { reasonOf, type Sent } from './paid-answer.ts';
import { words } from './words.ts';

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
 * - `declined`: nothing was signed.
 * - `rejected`: the site says that it took nothing. The same payment is sent again by the next press.
 * - `unknown`: nobody says how it ended. The same payment is sent again by the next press.
 * - `undelivered`: paid, and the content did not come. No press pays again.
 */
export type Result =
  | (Delivery & { readonly kind: 'delivered'; readonly shared: boolean })
  | { readonly kind: 'looked'; readonly look: Look }
  | { readonly kind: 'declined' | 'rejected' | 'unknown'; readonly sentence: string }
  | { readonly kind: 'undelivered'; readonly sentence: string; readonly transaction: string | null };

/** How a paid request ended, for the reader. Content that came is shown, whatever was said about the money. */
export async function resultOf(
  outcome: Outcome | Intent,
  { answer, response }: Sent,
  url: string,
): Promise<Result> {
  const transaction = 'transaction' in outcome ? outcome.transaction : null;
  const { state } = outcome;
  if (response?.ok) {
    const content = await readContent(response, url).catch(() => null);
    if (content !== null)
      return { kind: 'delivered', shared: false, content, paid: state !== 'rejected', transaction };
  }
  if (state === 'settled')
    return { kind: 'undelivered', transaction, sentence: words.notDelivered(answer.status) };
  const reason = (response === null ? null : await reasonOf(response)) ?? noteOf(outcome);
  return state === 'rejected'
    ? { kind: 'rejected', sentence: words.rejected(reason) }
    : { kind: 'unknown', sentence: words.unknown(reason) };
}

/** Of something thrown before anything was signed. */
export function declined(thrown: unknown): Result {
  return { kind: 'declined', sentence: sentenceOf(thrown) };
}

function noteOf(outcome: Outcome | Intent): string | null {
  if ('note' in outcome) return outcome.note;
  return 'reason' in outcome ? outcome.reason : null;
}
