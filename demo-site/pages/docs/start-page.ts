import { readFile } from 'node:fs/promises';
import { Marked } from 'marked';
import type { Markup } from '../html.ts';

const START = new URL('../../../docs/START.md', import.meta.url);
const TAG = new URL('../../../component/dist/cdn/tag.html', import.meta.url);
/** How the examples load the element; whoever copies from the page gets the hash of this version with it. */
const PLAIN_TAG = '<script type="module" src="/tuppence/x402-paywall.js"></script>';

const markdown = new Marked({
  renderer: {
    heading({ tokens, depth, text }) {
      return `<h${depth} id="${idOf(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    table(token) {
      const row = (cells: typeof token.header, tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('')}</tr>`;
      const body = token.rows.map((cells) => row(cells, 'td')).join('');
      return `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>`;
    },
  },
});

/** `docs/START.md`, without its title, which the page has already; the file is ours. */
export async function startMarkup(): Promise<Markup> {
  const [text, tag] = await Promise.all([readFile(START, 'utf8'), readFile(TAG, 'utf8')]);
  return markdownMarkup(text.replace(/^# .*\n/, '').replaceAll(PLAIN_TAG, tag.trim()));
}

/** One section of it, by its heading. @throws Error when there is none of that name */
export async function startSection(heading: string): Promise<Markup> {
  const section = (await readFile(START, 'utf8'))
    .split(/^## /m)
    .find((one) => one.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/START.md has no section “${heading}”.`);
  return markdownMarkup(section.slice(heading.length));
}

/** Markdown of our own as HTML; comments are for the tests. */
export function markdownMarkup(text: string): Markup {
  return { markup: markdown.parse(text.replace(/^<!-- .* -->$/gm, ''), { async: false }) };
}

/** Inline Markdown of our own, such as code in backticks. */
export function inlineMarkup(text: string): Markup {
  return { markup: markdown.parseInline(text, { async: false }) };
}

function idOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\w]+/g, '-')
    .replace(/^-|-$/g, '');
}
