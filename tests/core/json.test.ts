import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_LENGTH, parseJson, toJson } from '../../component/src/core/index.ts';
import { thrownBy } from '../support/terms.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('parseJson', () => {
  it('reads every kind of value, frozen', () => {
    const json = parseJson('{"a":[1,"two",true,null,{}],"b":-1.5e3}');
    expect(json).toEqual({ a: [1, 'two', true, null, {}], b: -1500 });
    expect(Object.isFrozen(json)).toBe(true);
    expect(Object.isFrozen((json as { a: object }).a)).toBe(true);
  });

  it('reads what JSON.stringify writes, and nothing is lost', () => {
    const ordinary = fc
      .jsonValue({ maxDepth: 6 })
      .filter((value) => !JSON.stringify(value).includes('"__proto__":'));
    fc.assert(
      fc.property(ordinary, (value) => {
        const text = JSON.stringify(value);
        expect(JSON.stringify(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it.each([
    ['', 'This should be JSON.', ''],
    ['{', 'This should be JSON.', ''],
    ["{'a':1}", 'This should be JSON.', ''],
    ['NaN', 'This should be JSON.', ''],
    ['1e999', 'This should be a JSON value.', ''],
    ['{"a":{"__proto__":{}}}', '“a.__proto__” should be an ordinary field name.', 'a.__proto__'],
    ['[{"__proto__":1}]', '“[0].__proto__” should be an ordinary field name.', '[0].__proto__'],
    ['{"a":1,"a":1}', '“a” should be there once, not twice.', 'a'],
  ])('refuses %s', async (text, message, path) => {
    expect(await thrownBy(() => parseJson(text))).toMatchObject({
      name: 'Json.MalformedError',
      message,
      path,
    });
  });

  it('takes a million characters and no more', async () => {
    const text = JSON.stringify(['a'.repeat(1_000_000)]);
    expect(parseJson(text.padEnd(MAX_JSON_LENGTH))).toHaveLength(1);
    expect(await thrownBy(() => parseJson(text.padEnd(MAX_JSON_LENGTH + 1)))).toMatchObject({
      message: 'This should be at most 1048576 characters.',
    });
  });

  it('takes 64 levels and no more, however deep it goes', async () => {
    expect(JSON.stringify(parseJson(nested(65)))).toBe(nested(65));
    const error = await thrownBy(() => parseJson(nested(66)));
    expect(error).toMatchObject({ name: 'Json.MalformedError', expected: 'nested at most 64 levels deep' });
    expect(await thrownBy(() => parseJson(nested(32_000)))).toMatchObject({ name: 'Json.MalformedError' });
  });

  it('has no limit for texts and keys within that', () => {
    const long = 'a'.repeat(100_000);
    expect(parseJson(JSON.stringify({ [long]: long }))).toEqual({ [long]: long });
  });

  it('takes the names of an object’s own machinery for names like any other', () => {
    const text = '{"constructor":{"type":"string"},"prototype":1,"toString":null,"hasOwnProperty":[]}';
    expect(JSON.stringify(parseJson(text))).toBe(text);
  });
});

describe('toJson', () => {
  it.each([undefined, () => 1, Symbol('s'), 1n, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %s',
    async (value) => {
      expect(await thrownBy(() => toJson({ a: [value] }))).toMatchObject({
        name: 'Json.MalformedError',
        path: 'a[0]',
        expected: 'a JSON value',
      });
    },
  );

  it('copies, so that later changes of the original change nothing', () => {
    const original = { a: { b: 1 } };
    const copy = toJson(original);
    original.a.b = 2;
    expect(copy).toEqual({ a: { b: 1 } });
  });

  it('ends on an object that holds itself', async () => {
    const loop: Record<string, unknown> = {};
    loop['loop'] = loop;
    expect(await thrownBy(() => toJson(loop))).toMatchObject({ name: 'Json.MalformedError' });
  });
});
