import type { Article } from '../article.ts';

/** One use of the element. `code` is both what the page runs and what it shows. */
export type Example = {
  readonly slug: string;
  readonly title: string;
  readonly text: string;
  readonly code: string;
  /** File of the site that belongs to it, shown too. */
  readonly script?: string;
};

/** Live examples, all of them about the one article that is sold as a fragment. */
export function examplesFor({ paidPath }: Article): readonly Example[] {
  const tag = (attributes: string, inside = '<p>The first paragraph is free …</p>') =>
    `<x402-paywall src="${paidPath}"${attributes}>\n  ${inside}\n</x402-paywall>`;
  const sold = (name: string, attributes = '', inside = '<p>What it is about is free …</p>') =>
    `<x402-paywall src="/docs/sold/${name}"${attributes}>\n  ${inside}\n</x402-paywall>`;
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
    {
      slug: 'events',
      title: 'Events',
      text: 'They bubble, so one listener on the document hears every paywall. For analytics, send them where you like; the element sends nothing anywhere.',
      code: `${tag('')}\n<ol id="log"></ol>`,
      script: 'docs-events.js',
    },
    {
      slug: 'markdown',
      title: 'Markdown',
      text: 'An answer of text/markdown becomes HTML, tables included, and is sanitised like any HTML.',
      code: sold('tides.md'),
    },
    {
      slug: 'data',
      title: 'Data in a template of yours',
      text: 'JSON fills a template in the tag: {{ path }} in texts, data-each for lists. The event x402-content gives it to your script.',
      code: sold(
        'tides.json',
        '',
        '<p>High water at Leith is …</p>\n  <template>\n    <h3>{{ port }}</h3>\n    <ul><li data-each="tides">{{ at }}, {{ metres }} m</li></ul>\n  </template>',
      ),
    },
    {
      slug: 'picture',
      title: 'A picture',
      text: 'label says what it shows to those who can’t see it.',
      code: sold('curve.svg', ' label="The tide’s height through a day, as a curve"'),
    },
    {
      slug: 'recording',
      title: 'A recording',
      text: 'Audio and video get the browser’s own player. Where the reader is entitled by a cookie and the server answers ranges, it is played from its address, part by part.',
      code: sold('foghorn.wav', ' label="A foghorn"'),
    },
    {
      slug: 'file',
      title: 'A file to save',
      text: 'Content-Disposition: attachment, or a type that is not shown, becomes a link that saves it under its name.',
      code: sold('tides.csv'),
    },
  ];
}
