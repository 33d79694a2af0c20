import { describe, expect, it } from 'vitest';
import {
  asAddress,
  asArray,
  asBoolean,
  asHex,
  asInteger,
  asObject,
  asOneOf,
  asString,
  asTextOrNull,
  isAddress,
  randomHex,
  sameAddress,
} from '../../component/src/core/index.ts';
import { thrownBy } from '../support/terms.ts';

const malformed = (expected: string) => ({ name: 'Json.MalformedError', path: 'field', expected });
const ADDRESS = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C';

describe('readers of fields', () => {
  it('give back what has the right shape', () => {
    expect(asObject({ a: 1 }, 'field')).toEqual({ a: 1 });
    expect(asArray([1, 2], 'field', 2)).toEqual([1, 2]);
    expect(asString('a', 'field', 1)).toBe('a');
    expect(asString('a'.repeat(4096), 'field')).toHaveLength(4096);
    expect(asInteger(3, 'field', 3)).toBe(3);
    expect(asBoolean(false, 'field')).toBe(false);
    expect(asOneOf('b', 'field', ['a', 'b'])).toBe('b');
    expect(asTextOrNull('a')).toBe('a');
    expect(asTextOrNull('a'.repeat(1024))).toHaveLength(1024);
  });

  it.each([
    ['an object', () => asObject([], 'field')],
    ['an object', () => asObject(null, 'field')],
    ['an object', () => asObject('text', 'field')],
    ['a list', () => asArray({}, 'field', 2)],
    ['a list of at most 2 items', () => asArray([1, 2, 3], 'field', 2)],
    ['a text of 1 to 4096 characters', () => asString('', 'field')],
    ['a text of 1 to 2 characters', () => asString('abc', 'field', 2)],
    ['a text of 1 to 4096 characters', () => asString(1, 'field')],
    ['a whole number of at least 1', () => asInteger(0, 'field', 1)],
    ['a whole number of at least 1', () => asInteger(1.5, 'field', 1)],
    ['a whole number of at least 1', () => asInteger('1', 'field', 1)],
    ['a whole number of at least 1', () => asInteger(2 ** 53, 'field', 1)],
    ['true or false', () => asBoolean('true', 'field')],
    ['one of a, b', () => asOneOf('c', 'field', ['a', 'b'])],
    ['an address of 0x and 40 hexadecimal digits', () => asAddress(`${ADDRESS}0`, 'field')],
    ['0x and hexadecimal digits, at most 1 bytes', () => asHex('0x0102', 'field', 1)],
    ['0x and hexadecimal digits, at most 8192 bytes', () => asHex('0x012', 'field')],
    ['0x and hexadecimal digits, at most 8192 bytes', () => asHex('0x', 'field')],
    ['0x and hexadecimal digits, at most 8192 bytes', () => asHex(1, 'field')],
  ])('want %s', async (expected, read) => expect(await thrownBy(read)).toMatchObject(malformed(expected)));

  it.each([[''], [null], [undefined], [1], ['a'.repeat(1025)]])('take %j for no text', (value) => {
    expect(asTextOrNull(value)).toBeNull();
  });
});

describe('hexadecimal', () => {
  it('addresses are kept as they are written, and compared without regard to case', () => {
    expect(asAddress(ADDRESS, 'field')).toBe(ADDRESS);
    expect(sameAddress(ADDRESS, ADDRESS.toLowerCase())).toBe(true);
    expect(sameAddress(ADDRESS, '0x209693Bc6afc0C5328bA36FaF03C514EF312287D')).toBe(false);
  });

  it.each([
    '209693Bc6afc0C5328bA36FaF03C514EF312287C',
    `0X${ADDRESS.slice(2)}`,
    `${ADDRESS}\n`,
    ADDRESS.slice(0, -1),
    1,
  ])('addresses are not %j', (value) => expect(isAddress(value)).toBe(false));

  it('bytes are kept as they are', () => {
    expect(asHex('0xABcd', 'field')).toBe('0xABcd');
    expect(asHex('0x0102', 'field', 2)).toBe('0x0102');
  });

  it('random bytes have the length that was asked for, and differ', () => {
    const drawn = Array.from({ length: 100 }, () => randomHex(32));
    for (const hex of drawn) expect(hex).toMatch(/^0x[0-9a-f]{64}$/);
    expect(new Set(drawn).size).toBe(100);
  });
});
