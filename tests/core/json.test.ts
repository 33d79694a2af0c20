import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_JSON_LENGTH, MAX_TEXT_LENGTH, parseJson, toJson } from '../../component/src/core/index.ts';
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
      .filter((value) => !/"(__proto__|constructor|prototype)":/.test(JSON.stringify(value)));
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
    ['{"constructor":1}', '“constructor” should be an ordinary field name.', 'constructor'],
    ['[{"prototype":1}]', '“[0].prototype” should be an ordinary field name.', '[0].prototype'],
    ['{"a":1,"a":1}', '“a” should be there once, not twice.', 'a'],
  ])('refuses %s', async (text, message, path) => {
    expect(await thrownBy(() => parseJson(text))).toMatchObject({
      name: 'Json.MalformedError',
      message,
      path,
    });
  });

  it('takes 65,536 characters and no more', async () => {
    const text = `["${'a'.repeat(16_000)}","${'a'.repeat(16_000)}","${'a'.repeat(16_000)}","${'a'.repeat(16_000)}"]`;
    expect(parseJson(text.padEnd(MAX_JSON_LENGTH))).toHaveLength(4);
    expect(await thrownBy(() => parseJson(text.padEnd(MAX_JSON_LENGTH + 1)))).toMatchObject({
      message: 'This should be at most 65536 characters.',
    });
  });

  it('takes 32 levels and no more, however deep it goes', async () => {
    expect(JSON.stringify(parseJson(nested(33)))).toBe(nested(33));
    const error = await thrownBy(() => parseJson(nested(34)));
    expect(error).toMatchObject({ name: 'Json.MalformedError', expected: 'nested at most 32 levels deep' });
    expect(await thrownBy(() => parseJson(nested(32_000)))).toMatchObject({ name: 'Json.MalformedError' });
  });

  it('takes texts of 16,384 characters and keys of 256, and no longer ones', async () => {
    expect(parseJson(JSON.stringify('a'.repeat(MAX_TEXT_LENGTH)))).toHaveLength(16_384);
    expect(await thrownBy(() => parseJson(`{"a":"${'a'.repeat(MAX_TEXT_LENGTH + 1)}"}`))).toMatchObject({
      path: 'a',
      expected: 'a text of at most 16384 characters',
    });
    expect(parseJson(`{"${'k'.repeat(256)}":1}`)).toEqual({ ['k'.repeat(256)]: 1 });
    expect(await thrownBy(() => parseJson(`{"${'k'.repeat(257)}":1}`))).toMatchObject({
      path: 'k'.repeat(256),
      expected: 'an ordinary field name',
    });
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
