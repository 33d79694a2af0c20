import { defineConfig } from 'vitest/config';

/**
 * Two projects. `unit` runs everywhere in parallel; `e2e` drives real Chromium against a real chain, one file at
 * a time, because the browser and the chain are what takes the time and the machine may have two cores.
 */
export default defineConfig({
  test: {
    // Measured with `--coverage` only. The core handles money: no branch of it goes untested.
    coverage: {
      include: ['component/src/core/**/*.ts'],
      reporter: ['text-summary'],
      reportsDirectory: 'node_modules/.cache/coverage',
      thresholds: { statements: 100, branches: 100, functions: 100, lines: 100 },
    },
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 30_000, // Some of them start a chain, on machines that do other things too.
          hookTimeout: 60_000,
          include: ['tests/{core,component,extension,demo-site,conformance}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          globalSetup: 'tests/support/ready.ts',
          include: ['tests/{e2e,hostile}/**/*.test.ts'],
          fileParallelism: false,
          testTimeout: 45_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
