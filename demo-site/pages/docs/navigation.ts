import type { Article } from '../article.ts';
import { html, type Markup } from '../html.ts';
import { examplesFor } from './examples.ts';
import { FRAMEWORKS } from './framework-pages.ts';

type Entry = { readonly slug: string; readonly title: string; readonly text: string };
type Group = { readonly title: string; readonly entries: readonly Entry[] };

/** All pages of the docs, in the order in which one would read them. */
export function docsGroups(article: Article): readonly Group[] {
  return [
    {
      title: 'Start',
      entries: [
        {
          slug: 'start',
          title: 'Sell your first page',
          text: 'Install, a server, a price, and a reader who pays it.',
        },
        {
          slug: 'checker',
          title: 'Is my server right?',
          text: 'What your address asks, and whether anybody can pay it.',
        },
        { slug: 'load-unpacked', title: 'Load the extension', text: 'Into your own browser, from a folder.' },
      ],
    },
    { title: 'Examples', entries: examplesFor(article) },
    {
      title: 'Frameworks',
      entries: FRAMEWORKS.map(({ slug, title }) => ({
        slug,
        title,
        text: 'The whole of it, running; and the same is tried from the packed npm package.',
      })),
    },
    {
      title: 'Reference',
      entries: [
        {
          slug: 'reference',
          title: 'The element',
          text: 'Attributes, methods, events, slots, parts and custom properties.',
        },
        { slug: 'look', title: 'Look', text: 'Try colours and corners, and copy the style.' },
      ],
    },
  ];
}

/** The way through the docs, beside each of their pages. `here` is the slug of the page that it stands on. */
export function docsNavigation(article: Article, here: string): Markup {
  const link = ({ slug, title }: Entry) =>
    slug === here
      ? html`<li><a href="/docs/${slug}" aria-current="page">${title}</a></li>`
      : html`<li><a href="/docs/${slug}">${title}</a></li>`;
  return html`<nav class="ways" aria-label="Docs"><details><summary>All pages</summary>${docsGroups(
    article,
  ).map(({ title, entries }) => html`<h2>${title}</h2><ul>${entries.map(link)}</ul>`)}</details></nav>`;
}
