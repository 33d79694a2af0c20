import { readFile } from 'node:fs/promises';
import { html, type Markup } from '../html.ts';

type Framework = {
  readonly slug: string;
  readonly title: string;
  /** In `frameworks/`; `npm run trial` builds the same file from the packed package. */
  readonly file: string;
  /** In the same folder: what is built for the page to run; null for a page of its own. */
  readonly entry: string | null;
  readonly text: Markup;
};

export const FRAMEWORKS: readonly Framework[] = [
  {
    slug: 'plain',
    title: 'Plain HTML',
    file: 'plain.html',
    entry: null,
    text: html`One file, and those that it loads later, side by side on your own server.`,
  },
  {
    slug: 'react',
    title: 'React',
    file: 'react.tsx',
    entry: 'react.tsx',
    text: html`<code>tuppence/react</code> is a component with typed properties and events, for React 18 and 19; it needs <code>@lit/react</code>. React 19 also takes the tag itself.`,
  },
  {
    slug: 'vue',
    title: 'Vue',
    file: 'vue.vue',
    entry: 'vue-main.js',
    text: html`Tell the compiler that the tag is none of yours: <code>vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'x402-paywall' } } })</code>.`,
  },
  {
    slug: 'svelte',
    title: 'Svelte',
    file: 'svelte.svelte',
    entry: 'svelte-main.js',
    text: html`Svelte 5 takes the tag and its events as they are.`,
  },
];

/** The whole source, and the same source running: built as a publisher's Vite would build it, or in a frame. */
export async function frameworkPage({ slug, title, file, entry, text }: Framework): Promise<Markup> {
  const code = await readFile(new URL(`frameworks/${file}`, import.meta.url), 'utf8');
  return html`<p>${text}</p><pre tabindex="0"><code>${code}</code></pre>
<h2>Running</h2>
${entry === null ? html`<iframe class="whole" src="/docs/live/${slug}" title="${title}, running"></iframe>` : html`<div id="app"></div>`}`;
}

/** The script that runs a framework's sample; none for a page of its own. */
export function frameworkScripts({ slug, entry }: Framework): readonly string[] {
  return entry === null ? [] : [`/docs/live/${slug}/main.js`];
}
