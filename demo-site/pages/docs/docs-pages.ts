import { readFile } from 'node:fs/promises';
import type { Article } from '../article.ts';
import { html, type Markup } from '../html.ts';
import { renderPage } from '../layout.ts';
import { type Example, examplesFor } from './examples.ts';
import { FRAMEWORKS, frameworkPage, frameworkScripts } from './framework-pages.ts';
import { referenceTables } from './reference-page.ts';

const ELEMENT = '/x402-paywall.js';

/** The list of what can be read about the element. */
export function docsIndex(article: Article): string {
  const links = examplesFor(article).map(
    ({ slug, title, text }) => html`<dt><a href="/docs/${slug}">${title}</a></dt><dd>${text}</dd>`,
  );
  return page(
    'Sell a page with one tag',
    html`<dl>${links}
${FRAMEWORKS.map(({ slug, title }) => html`<dt><a href="/docs/${slug}">${title}</a></dt><dd>The whole of it, running; and the same is tried from the packed npm package.</dd>`)}
<dt><a href="/docs/reference">Reference</a></dt><dd>Attributes, methods, events, slots, parts and custom properties.</dd>
<dt><a href="/docs/look">Look</a></dt><dd>Try colours and corners, and copy the style.</dd>
<dt><a href="/docs/checker">Is my server right?</a></dt><dd>Looks at an address as the element does, and pays nothing.</dd></dl>`,
  );
}

/** A feature, with its source and the same source running. @returns null when there is none of that name. */
export async function docsPage(article: Article, slug: string): Promise<string | null> {
  const framework = FRAMEWORKS.find((one) => one.slug === slug);
  if (framework !== undefined)
    return page(framework.title, await frameworkPage(framework), frameworkScripts(framework));
  const example = examplesFor(article).find((one) => one.slug === slug);
  if (example === undefined) return null;
  const { script } = example;
  return page(example.title, await exampleMarkup(example), script ? [`/${script}`, ELEMENT] : [ELEMENT]);
}

async function exampleMarkup({ text, code, script }: Example): Promise<Markup> {
  // The code is ours, and shown in one place and run in the other: it must be the same.
  const source = script ? await readFile(new URL(`../${script}`, import.meta.url), 'utf8') : '';
  return html`<p>${text}</p><pre tabindex="0"><code>${code}</code></pre>
${script ? html`<p><code>/${script}</code>, loaded as a module:</p><pre tabindex="0"><code>${source}</code></pre>` : ''}
<h2>Running</h2>${{ markup: code }}`;
}

/** What the class of the element says. */
export async function referencePage(): Promise<string> {
  return page('Reference', await referenceTables());
}

/** A playground for the element's custom properties. */
export function lookPage({ paidPath }: Article): string {
  return page(
    'Look',
    html`<form id="look" class="tools">
<label>Accent <input type="color" name="--x402-accent" value="#14594d"></label>
<label>Surface <input type="color" name="--x402-surface" value="#f0f4f1"></label>
<label>Text <input type="color" name="--x402-text" value="#17211f"></label>
<label>Radius <input type="range" name="--x402-radius" min="0" max="28" value="10"></label>
<label>Width <input type="range" name="width" min="240" max="720" value="560"></label>
</form>
<x402-paywall id="shown" src="${paidPath}"><p>The first paragraph is free …</p></x402-paywall>
<pre tabindex="0"><code id="style"></code></pre>`,
    [ELEMENT, '/docs-look.js'],
  );
}

/** Looks at an address from the reader's own browser. */
export function checkerPage({ paidPath }: Article): string {
  return page(
    'Is my server right?',
    html`<p>This page asks the address as a reader’s browser does, from this origin. Nothing is signed or paid.</p>
<form id="check" class="tools"><label>Address <input name="url" type="text" size="50" value="${paidPath}"></label>
<button>Look</button></form><ol id="findings" aria-live="polite"></ol>`,
    ['/docs-checker.js'],
  );
}

function page(title: string, main: Markup, scripts: readonly string[] = []): string {
  return renderPage({
    title: `${title} · <x402-paywall>`,
    description: title,
    scripts,
    main: html`<article class="piece"><header class="head"><p class="kicker"><a href="/docs">For publishers</a></p>
<h1>${title}</h1></header><div class="prose manual">${main}</div></article>`,
  });
}
