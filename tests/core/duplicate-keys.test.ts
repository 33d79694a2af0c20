import { describe, expect, it } from 'vitest';
import { duplicateKey } from '../../component/src/core/duplicate-keys.ts';

describe('duplicateKey', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"b":{"a":1},"a":2}', 'a'],
    ['{"b":{"amount":1,"amount":2}}', 'amount'],
    ['[{"x":1},{"x":1,"y":[],"x":2}]', 'x'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"":1,"":2}', ''],
    ['{"a" : 1, "a"\n: 2}', 'a'],
    ['{"q\\"":1,"q\\"":2}', 'q"'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('finds the one in %s', (text, key) => expect(duplicateKey(text)).toBe(key));

  it.each([
    '{}',
    '"a"',
    '{"a":1,"b":1}',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":"{\\"a\\":1}","b":1}',
    '{"a":"\\\\","b":"\\"a\\":"}',
    '{"a":["a","a"]}',
    '{"x":{"a":1},"a":1}',
    '{"x":[{"a":1}],"a":1,"y":{"a":2}}',
  ])('finds none in %s', (text) => expect(duplicateKey(text)).toBeNull());
});
