import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { render } from '@lit-labs/ssr';
import { collectResult } from '@lit-labs/ssr/lib/render-result.js';
import { html, unsafeStatic } from 'lit/static-html.js';
import { build } from 'vite';
import '../../component/src/define.ts';

/** Drawn by the page's script, or by the server and taken over by Lit's hydration. */
export const RENDERINGS = ['client-rendered', 'hydrated'] as const;
export type Rendering = (typeof RENDERINGS)[number];

/** Markup with a paywall in it, with its shadow tree when a server draws it. */
export function rendered(markup: string, rendering: Rendering): Promise<string> {
  return rendering === 'hydrated'
    ? collectResult(render(html`${unsafeStatic(markup)}`))
    : Promise.resolve(markup);
}

/** For `style-src`: what a server draws carries its style along, which a strict policy has to name. */
export function styleHashesOf(markup: string): string {
  const styles = [...markup.matchAll(/<style>([\s\S]*?)<\/style>/g)].map(([, css = '']) => css);
  return styles.map((css) => `'sha256-${createHash('sha256').update(css).digest('base64')}'`).join(' ');
}

/** The element as modules with Lit's hydration before it, in one file: what a framework's bundle has. */
export async function hydratingBundle(): Promise<string> {
  const built = await build({
    root: fileURLToPath(new URL('../..', import.meta.url)),
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      write: false,
      target: 'es2022',
      lib: { entry: 'tests/support/hydrating.ts', formats: ['es'], fileName: () => 'hydrating.js' },
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !('output' in first)) throw new Error('nothing was built');
  return first.output[0].code;
}
