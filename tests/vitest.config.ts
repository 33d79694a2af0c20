import { defineConfig } from 'vitest/config';

/**
 * Two projects. `unit` runs everywhere in parallel; `e2e` drives real Chromium against a real chain, one file at
 * a time, because the browser and the chain are what takes the time and the machine may have two cores.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['tests/{core,component,extension,demo-site,conformance}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 90_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
