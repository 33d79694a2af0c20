import { defineConfig } from 'vitest/config';

/** The tests that have to notice when the code about money is changed: fast ones, without a chain or a browser. */
// biome-ignore lint/style/noDefaultExport: vitest asks for one.
export default defineConfig({
  test: {
    include: [
      'tests/core/{amount,authorization,budget,flow,intent,money,pause,payment-header,policy,quote,settlement}.test.ts',
    ],
    pool: 'threads',
    isolate: false,
    bail: 1,
    reporters: ['dot'],
  },
});
