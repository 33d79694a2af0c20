import { describe, expect, it } from 'vitest';
import { fuzz } from '../support/fuzz.ts';

/** Milliseconds that one input may take here; the long run says what the slowest really took. */
const PATIENCE = 250;

describe('40,000 generated and mutated inputs', () => {
  const report = fuzz(40_000, 402);

  it('make nothing throw but a named error', () => {
    expect(report.broken).toEqual([]);
  });

  it('make nothing hang', () => {
    expect(report.slowest[0]?.ms).toBeLessThan(PATIENCE);
  });

  it('are neither all refused nor all read', () => {
    expect(report.refused).toBeGreaterThan(5_000);
    expect(report.inputs - report.refused).toBeGreaterThan(5_000);
  });
});
