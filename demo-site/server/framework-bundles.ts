import { fileURLToPath } from 'node:url';
import type { PluginOption } from 'vite';

/** Compilers of frameworks; loaded when somebody opens such a page, as Vite is, since they are large. */
const COMPILERS: Readonly<Record<string, () => Promise<PluginOption>>> = {
  vue: async () => {
    const { default: vue } = await import('@vitejs/plugin-vue');
    return vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'x402-paywall' } } });
  },
  svelte: async () => (await import('@sveltejs/vite-plugin-svelte')).svelte({ configFile: false }),
};

const bundles = new Map<string, Promise<ReadonlyMap<string, string>>>();

/**
 * The modules of a sample in `pages/docs/frameworks`, built as a publisher's own Vite would, once per process.
 *
 * @param entry its first file, such as `react.tsx`
 * @returns code by file name, `main.js` first; what is needed later is in files of its own.
 */
export function frameworkBundle(framework: string, entry: string): Promise<ReadonlyMap<string, string>> {
  const known = bundles.get(framework);
  if (known !== undefined) return known;
  const bundle = bundled(framework, entry);
  bundles.set(framework, bundle);
  return bundle;
}

async function bundled(framework: string, entry: string): Promise<ReadonlyMap<string, string>> {
  const { build } = await import('vite');
  const built = await build({
    root: fileURLToPath(new URL('..', import.meta.url)),
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    base: './',
    mode: 'production',
    plugins: [await COMPILERS[framework]?.()],
    build: {
      write: false,
      target: 'es2022',
      modulePreload: { polyfill: false },
      rolldownOptions: {
        input: fileURLToPath(new URL(`../pages/docs/frameworks/${entry}`, import.meta.url)),
        output: { entryFileNames: 'main.js', chunkFileNames: '[name].js' },
      },
    },
  });
  const [first] = Array.isArray(built) ? built : [built];
  if (first === undefined || !('output' in first)) throw new Error(`${framework}: nothing was built`);
  return new Map(
    first.output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code] as const] : [])),
  );
}
