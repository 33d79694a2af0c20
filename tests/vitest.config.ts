import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/**
 * Test files at a time. Browsers and chains wait for each other most of the time, so even two cores bear two; more than
 * four browsers are more memory than a laptop has to spare.
 */
const maxWorkers = Math.min(4, availableParallelism());

/** Milliseconds that what is waited for may take: on a loaded machine it comes late. */
const poll = { timeout: 60_000 };

/**
 * Two projects. `unit` is quick; `e2e` drives real Chromium against a real chain. Long files come first, and the quick
 * ones fill what is left of the time at the end. The files of `e2e` share processes, since loading Playwright, viem and
 * the official servers takes as long as a test; each has browsers of its own.
 */
export default defineConfig({
  test: {
    maxWorkers,
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
          expect: { poll },
          maxWorkers,
          testTimeout: 120_000, // Some of them start a chain, on machines that do other things too.
          hookTimeout: 120_000,
          include: ['tests/{core,component,extension,demo-site,conformance}/**/*.test.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          expect: { poll },
          environment: './tests/support/environment.ts',
          maxWorkers,
          isolate: false,
          globalSetup: 'tests/support/ready.ts',
          include: ['tests/{e2e,hostile}/**/*.test.ts'],
          // Of tests that end in seconds, on a machine that may do a lot else.
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
