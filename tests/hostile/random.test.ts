import { expect, test } from 'vitest';
import { runHostile } from './random/run.ts';

// `npm run hostile` is the long run of this.

test('random sequences of hostile acts move no money that the reader has not allowed', {
  timeout: 180_000,
}, async () => {
  const { violations, reading, charges } = await runHostile({ sequences: 10, seed: 20_261_125 });
  expect(violations).toEqual([]);
  expect(reading).toEqual({ tried: 2, read: 2 });
  expect(charges).toBeGreaterThan(0);
});
