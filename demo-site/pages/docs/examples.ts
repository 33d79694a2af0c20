import type { Article } from '../article.ts';

/** One use of the element. `code` is both what the page runs and what it shows. */
export type Example = {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  readonly code: string;
};

/** Live examples, all of them about the one article that is sold as a fragment. */
export function examplesFor({ paidPath }: Article): readonly Example[] {
  const tag = (attributes: string, inside = '<p>The first paragraph is free …</p>') =>
    `<x402-paywall src="${paidPath}"${attributes}>\n  ${inside}\n</x402-paywall>`;
  return [
    {
      slug: 'one-tag',
      title: 'One tag',
      text: 'What is in the tag is free. The rest comes from src once it is paid.',
      code: tag(''),
    },
    {
      slug: 'limits',
      title: 'Limits of your own',
      text: 'A price above max-amount, or a payee that pay-to does not list, is not paid, whatever the server says.',
      code: tag(' max-amount="0.01"'),
    },
    {
      slug: 'own-button',
      title: 'A button of your own',
      text: 'A slot named after a state takes the place of the card. A press on data-x402-pay pays.',
      code: tag(
        '',
        '<p>The first paragraph is free …</p>\n  <button slot="locked" data-x402-pay>Two pennies, please</button>',
      ),
    },
    {
      slug: 'language',
      title: 'Your reader’s language',
      text: 'It speaks the language of the nearest lang: English, German, Spanish, French, Japanese or Portuguese.',
      code: tag(' lang="de"', '<p>Der erste Absatz ist frei …</p>'),
    },
    {
      slug: 'auto',
      title: 'By itself, when it is seen',
      text: 'With auto, an extension may pay under the reader’s own limits once the tag scrolls into view.',
      code: tag(' auto'),
    },
  ];
}
