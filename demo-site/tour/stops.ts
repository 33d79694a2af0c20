import type { Page } from 'playwright';
import type { Article } from '../pages/article.ts';
import { pennyPost, soldTheTime, tideMachine } from '../pages/articles/index.ts';

/** An article on the tour, and how it is paid for. */
export type Stop = {
  readonly article: Article;
  /** How its price is told and paid, for people. */
  readonly way: string;
  /** What the reader has to do beyond opening it. */
  readonly act: (page: Page) => Promise<void>;
};

const nothing = async () => {};

/** The three ways in which a page can ask for money. */
export const stops: readonly Stop[] = [
  { article: tideMachine, way: 'x402 v2, the page itself is paid', act: nothing },
  { article: soldTheTime, way: 'x402 v1, the page itself is paid', act: nothing },
  { article: pennyPost, way: '<x402-paywall>, one press on its button', act: pressButton },
];

async function pressButton(page: Page): Promise<void> {
  await page.locator('x402-paywall').getByRole('button').click();
}

/** The first words of what has to be paid for, as they stand in one paragraph. */
export function firstPaidWords({ rest }: Article): string {
  const [, paragraph = ''] = /<p>([\s\S]*?)<\/p>/.exec(rest.markup) ?? [];
  return paragraph
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
}
