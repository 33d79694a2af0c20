import { countWords, type Markup } from './html.ts';

/** One piece in the magazine. `opening` is free; `rest` must never be in an answer that was not paid for. */
export type Article = {
  /** Last segment of its addresses. */
  readonly slug: string;
  /** Where a reader goes: always a path on the publication's own origin. */
  readonly path: string;
  /** Where the paid text is, if it is not at `path` itself. */
  readonly paidPath: string;
  readonly kicker: string;
  readonly title: string;
  readonly standfirst: string;
  readonly author: string;
  readonly price: Price;
  readonly opening: Markup;
  readonly rest: Markup;
};

/** The same price twice: as payment middleware takes it, and as people read it. */
export type Price = { readonly terms: `$${string}`; readonly label: string };

const wordsPerMinute = 220;

/** Whole minutes that the piece takes to read, at least 1. */
export function readingMinutes({ opening, rest }: Article): number {
  return Math.max(1, Math.round((countWords(opening) + countWords(rest)) / wordsPerMinute));
}
