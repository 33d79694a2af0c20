import type { Environment } from 'vitest/runtime';

type Kept = { readonly close: () => Promise<void> };
declare global {
  /** Browsers between two tests; the environment is loaded apart from the tests, and shares nothing else with them. */
  var idleBrowsers: Kept[] | undefined;
}

/** Node as it is. When a process of the test runner ends, it first closes the browsers that it has kept. */
// biome-ignore lint/style/noDefaultExport: the test runner takes the default one.
export default {
  name: 'idle-browsers',
  viteEnvironment: 'ssr',
  setup: () => ({
    teardown: async () => {
      await Promise.all((globalThis.idleBrowsers ?? []).map((browser) => browser.close()));
    },
  }),
} satisfies Environment;
