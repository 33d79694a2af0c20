import { readFile } from 'node:fs/promises';
import type { Article } from '../article.ts';
import { html, type Markup } from '../html.ts';
import { renderPage } from '../layout.ts';
import { type Example, examplesFor } from './examples.ts';
import { FRAMEWORKS, frameworkPage, frameworkScripts } from './framework-pages.ts';
import { docsGroups, docsNavigation } from './navigation.ts';
import { referenceTables } from './reference-page.ts';
import { startMarkup, startSection } from './start-page.ts';

const ELEMENT = '/x402-paywall.js';

/** The list of what can be read about the element. */
export function docsIndex(article: Article): string {
  const groups = docsGroups(article).map(
    ({ title, entries }) =>
      html`<h2>${title}</h2><dl>${entries.map(
        ({ slug, title, text }) => html`<dt><a href="/docs/${slug}">${title}</a></dt><dd>${text}</dd>`,
      )}</dl>`,
  );
  return page(article, '', 'Sell a page with one tag', html`${groups}`);
}

/** `docs/START.md`: from nothing to a page that was paid. */
export async function startPage(article: Article): Promise<string> {
  return page(article, 'start', 'Sell your first page', await startMarkup());
}

/** How the extension gets into the reader's own browser. */
export async function loadUnpackedPage(article: Article): Promise<string> {
  const text = await startSection('The extension in your own browser');
  return page(article, 'load-unpacked', 'Load the extension', text);
}

/** A feature, with its source and the same source running. @returns null when there is none of that name. */
export async function docsPage(article: Article, slug: string): Promise<string | null> {
  const framework = FRAMEWORKS.find((one) => one.slug === slug);
  if (framework !== undefined)
    return page(article, slug, framework.title, await frameworkPage(framework), frameworkScripts(framework));
  const example = examplesFor(article).find((one) => one.slug === slug);
  if (example === undefined) return null;
  const { script } = example;
  const scripts = script ? [`/${script}`, ELEMENT] : [ELEMENT];
  return page(article, slug, example.title, await exampleMarkup(example), scripts);
}

async function exampleMarkup({ text, code, script }: Example): Promise<Markup> {
  // The code is ours, and shown in one place and run in the other: it must be the same.
  const source = script ? await readFile(new URL(`../${script}`, import.meta.url), 'utf8') : '';
  return html`<p>${text}</p><pre tabindex="0"><code>${code}</code></pre>
${script ? html`<p><code>/${script}</code>, loaded as a module:</p><pre tabindex="0"><code>${source}</code></pre>` : ''}
<h2>Running</h2>${{ markup: code }}`;
}

/** What the class of the element says. */
export async function referencePage(article: Article): Promise<string> {
  return page(article, 'reference', 'Reference', await referenceTables());
}

/** A playground for the element's custom properties. */
export function lookPage(article: Article): string {
  return page(
    article,
    'look',
    'Look',
    html`<form id="look" class="tools">
<label>Accent <input type="color" name="--x402-accent" value="#14594d"></label>
<label>Surface <input type="color" name="--x402-surface" value="#f0f4f1"></label>
<label>Text <input type="color" name="--x402-text" value="#17211f"></label>
<label>Radius <input type="range" name="--x402-radius" min="0" max="28" value="10"></label>
<label>Width <input type="range" name="width" min="240" max="720" value="560"></label>
</form>
<x402-paywall id="shown" src="${article.paidPath}"><p>The first paragraph is free …</p></x402-paywall>
<pre tabindex="0"><code id="style"></code></pre>`,
    [ELEMENT, '/docs-look.js'],
  );
}

/** Looks at an address as a reader's browser does, from the server of this page, which pages can't do everywhere. */
export function checkerPage(article: Article, url: string): string {
  return page(
    article,
    'checker',
    'Is my server right?',
    html`<p>This asks the address as a reader’s browser does, and offers it a payment that nobody signed. Nothing is
paid.</p>
<form id="check" class="tools"><label>Address <input name="url" type="text" size="50" inputmode="url" required
value="${url === '' ? article.paidPath : url}"></label>
<label>Origin of the page, if another <input name="from" type="text" size="30" inputmode="url"
placeholder="https://www.example.com"></label>
<button class="action">Check</button></form>
<div id="found" aria-live="polite"></div>`,
    ['/docs-checker.js'],
  );
}

function page(
  article: Article,
  slug: string,
  title: string,
  main: Markup,
  scripts: readonly string[] = [],
): string {
  return renderPage({
    title: `${title} · <x402-paywall>`,
    description: title,
    scripts: [...scripts, '/docs-page.js', '/local-receipts.js'],
    styles: ['/docs.css'],
    main: html`<article class="piece docs"><header class="head"><p class="kicker"><a href="/docs">For publishers</a></p>
<h1>${title}</h1></header>${docsNavigation(article, slug)}<div class="prose manual">${main}</div></article>`,
  });
}
