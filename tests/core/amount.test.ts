import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatDecimal,
  formatUsd,
  isAtomic,
  parseAtomic,
  parseDecimal,
  toMicroUsd,
} from '../../component/src/core/index.ts';
import { thrownBy } from '../support/terms.ts';

const MAX_UINT256 = '115792089237316195423570985008687907853269984665640564039457584007913129639935';

describe('parseAtomic', () => {
  it.each([
    ['0', 0n],
    ['10000', 10_000n],
    ['00010', 10n],
    [MAX_UINT256, 2n ** 256n - 1n],
  ])('reads %s', (text, amount) => expect(parseAtomic(text)).toBe(amount));

  it.each([
    '',
    ' 1',
    '1 ',
    '1\n',
    '-1',
    '+1',
    '1.0',
    '1e3',
    '0x10',
    '١',
    '1_000',
    '115792089237316195423570985008687907853269984665640564039457584007913129639936',
    `0${MAX_UINT256}`,
    `${'0'.repeat(78)}1`,
    1,
    1n,
    null,
    undefined,
    ['1'],
  ])('refuses %s', async (value) => {
    expect(await thrownBy(() => parseAtomic(value))).toMatchObject({ name: 'Amount.NotAnAmountError' });
    expect(isAtomic(value)).toBe(false);
  });

  it('says what it got, cut short', async () => {
    expect(await thrownBy(() => parseAtomic('x'.repeat(50)))).toMatchObject({
      message: `The price “${'x'.repeat(40)}” is not a whole number of the token's smallest units.`,
    });
    expect(await thrownBy(() => parseAtomic(5))).toMatchObject({
      message: "The price of type number is not a whole number of the token's smallest units.",
    });
  });
});

describe('parseDecimal', () => {
  it.each([
    ['0.05', 6, 50_000n],
    ['1', 6, 1_000_000n],
    [' 1.5 ', 6, 1_500_000n],
    ['0.000001', 6, 1n],
    ['12', 0, 12n],
    ['1.000000000000000001', 18, 1_000_000_000_000_000_001n],
  ])('reads %s with %i decimals', (text, decimals, amount) => {
    expect(parseDecimal(text, decimals)).toBe(amount);
  });

  it.each([
    '',
    '.',
    '.5',
    '5.',
    '1,5',
    '-1',
    '1e2',
    '0x1',
    '1 000',
    '1.2.3',
    '9'.repeat(31),
    `0.${'1'.repeat(31)}`,
  ])('refuses %j', async (text) => {
    expect(await thrownBy(() => parseDecimal(text, 40))).toMatchObject({
      name: 'Amount.NotADecimalError',
      message: `“${text.slice(0, 40)}” is not an amount such as 0.05.`,
    });
  });

  it('refuses more digits than the token has, rather than rounding', async () => {
    expect(await thrownBy(() => parseDecimal('0.0000001', 6))).toMatchObject({
      name: 'Amount.TooManyDecimalsError',
      decimals: 6,
      message: '“0.0000001” has more than 6 digits after the point.',
    });
  });
});

describe('formatDecimal', () => {
  it.each([
    [50_000n, 6, '0.05'],
    [0n, 6, '0'],
    [1n, 18, '0.000000000000000001'],
    [1_000_000n, 6, '1'],
    [120n, 0, '120'],
    [-1_500_000n, 6, '-1.5'],
    [1_000_001n, 6, '1.000001'],
  ])('prints %i of %i decimals as %s', (amount, decimals, text) => {
    expect(formatDecimal(amount, decimals)).toBe(text);
  });

  it('is undone by parseDecimal, to the last atomic unit', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 29n), fc.integer({ min: 0, max: 29 }), (amount, decimals) => {
        expect(parseDecimal(formatDecimal(amount, decimals), decimals)).toBe(amount);
      }),
    );
  });
});

describe('toMicroUsd', () => {
  it.each([
    [1n, 6, 1n],
    [1n, 2, 10_000n],
    [5n, 0, 5_000_000n],
    [1n, 18, 1n],
    [10n ** 12n, 18, 1n],
    [10n ** 12n + 1n, 18, 2n],
    [0n, 18, 0n],
  ])('counts %i of %i decimals as %i', (atomic, decimals, micro) => {
    expect(toMicroUsd(atomic, decimals)).toBe(micro);
  });

  it('never counts less than what leaves the wallet, nor a whole unit more', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 200n), fc.integer({ min: 0, max: 24 }), (atomic, decimals) => {
        const micro = toMicroUsd(atomic, decimals) * 10n ** 18n;
        const exact = atomic * 10n ** BigInt(24 - decimals);
        expect(micro >= exact && micro - exact < 10n ** 18n).toBe(true);
      }),
    );
  });
});

describe('formatUsd', () => {
  it.each([
    [50_000n, '5¢'],
    [400n, '0.04¢'],
    [1n, '0.0001¢'],
    [999_999n, '99.9999¢'],
    [1_000_000n, '$1.00'],
    [1_200_000n, '$1.20'],
    [2_505_000n, '$2.505'],
    [0n, '$0.00'],
    [-50_000n, '$-0.05'],
    [1_234_567_890_000n, '$1234567.89'],
  ])('prints %i as %s', (micro, text) => expect(formatUsd(micro)).toBe(text));
});
