import fc from 'fast-check';
import { expect, test } from 'vitest';
import { timeOrderedId } from '../../../extension/storage/time-ordered-id.ts';

const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });

test('an id is a UUID of version 7 that tells its time', () => {
  fc.assert(
    fc.property(time, (at) => {
      const id = timeOrderedId(at);
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toBe(at);
    }),
  );
});

test('later ones sort after earlier ones, and two of one moment differ', () => {
  fc.assert(
    fc.property(time, time, (one, other) => {
      const [first, second] = [timeOrderedId(one), timeOrderedId(other)];
      if (one < other) expect(first < second).toBe(true);
      expect(first).not.toBe(second);
    }),
  );
});
