import { readFile } from 'node:fs/promises';
import { html, type Markup } from '../html.ts';

type Framework = {
  readonly slug: string;
  readonly title: string;
  /** In `frameworks/`; `npm run trial` builds the same file from the packed package. */
  readonly file: string;
  readonly text: string;
};

export const FRAMEWORKS: readonly Framework[] = [
  {
    slug: 'plain',
    title: 'Plain HTML',
    file: 'plain.html',
    text: 'One file, and those that it loads later, side by side on your own server.',
  },
  {
    slug: 'react',
    title: 'React',
    file: 'react.tsx',
    text: 'tuppence/react is a component with typed properties and events, for React 18 and 19; it needs @lit/react. React 19 also takes the tag itself.',
  },
  {
    slug: 'vue',
    title: 'Vue',
    file: 'vue.vue',
    text: 'Tell the compiler that the tag is none of yours: vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === "x402-paywall" } } }).',
  },
  {
    slug: 'svelte',
    title: 'Svelte',
    file: 'svelte.svelte',
    text: 'Svelte 5 takes the tag and its events as they are.',
  },
];

export async function frameworkPage({ file, text }: Framework): Promise<Markup> {
  const code = await readFile(new URL(`frameworks/${file}`, import.meta.url), 'utf8');
  return html`<p>${text}</p><pre tabindex="0"><code>${code}</code></pre>`;
}
