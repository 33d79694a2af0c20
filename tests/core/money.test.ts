import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatPrice, formatToken, parseMoney } from '../../component/src/core/index.ts';
import { thrownBy } from '../support/terms.ts';

const USDC = { decimals: 6, symbol: 'USDC' };

describe('formatPrice', () => {
  it.each([
    [50_000n, 'en', '5¢'],
    [50_000n, 'en-GB', '5¢'],
    [400n, 'en', '0.04¢'],
    [1n, 'en', '0.0001¢'],
    [999_999n, 'en', '99.9999¢'],
    [0n, 'en', '$0.00'],
    [1_000_000n, 'en', '$1.00'],
    [1_200_000n, 'en', '$1.20'],
    [1_234_567_891_234n, 'en', '$1,234,567.891234'],
    [50_000n, 'de', '0,05\u00a0$'],
    [1n, 'de', '0,000001\u00a0$'],
    [1_200_000n, 'fr', '1,20\u00a0$'],
    [1_200_000n, 'ja', '$1.20'],
    [50_000n, 'enm', '$0.05'],
  ])('prints %i in %s as %s', (micro, locale, text) => expect(formatPrice(micro, locale)).toBe(text));
});

it('in English both say what the platform would', () => {
  const amounts = fc.bigInt(-(10n ** 24n), 10n ** 24n);
  fc.assert(
    fc.property(amounts, fc.integer({ min: 0, max: 18 }), (amount, decimals) => {
      // `en-US` goes the long way, and is written like `en`.
      expect(formatPrice(amount, 'en')).toBe(formatPrice(amount, 'en-US'));
      const token = { decimals, symbol: 'X' };
      expect(formatToken(amount, token, 'en')).toBe(formatToken(amount, token, 'en-US'));
    }),
    { numRuns: 500 },
  );
});

describe('formatToken', () => {
  it.each([
    [400n, USDC, 'en', '0.0004 USDC'],
    [400n, USDC, 'de', '0,0004 USDC'],
    [1n, { decimals: 18, symbol: 'mUSD' }, 'en', '0.000000000000000001 mUSD'],
    [
      123_456_789_012_345_678_901_234n,
      { decimals: 18, symbol: 'mUSD' },
      'en',
      '123,456.789012345678901234 mUSD',
    ],
    [0n, USDC, 'en', '0 USDC'],
  ])('prints %i of %j in %s as %s', (atomic, token, locale, text) => {
    expect(formatToken(atomic, token, locale)).toBe(text);
  });

  it('shows every digit there is', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 30n - 1n), fc.integer({ min: 0, max: 20 }), (atomic, decimals) => {
        const shown = formatToken(atomic, { decimals, symbol: 'X' }, 'en').slice(0, -2).replaceAll(',', '');
        expect(parseMoney(shown, decimals, 'en')).toBe(atomic);
      }),
    );
  });
});

describe('parseMoney', () => {
  it.each([
    ['0.05', 'en', 50_000n],
    ['0,05', 'de', 50_000n],
    ['0,05', 'fr', 50_000n],
    ['12', 'de', 12_000_000n],
  ])('reads %s in %s', (text, locale, amount) => expect(parseMoney(text, 6, locale)).toBe(amount));

  it.each([
    ['1.000', 'de'],
    ['1,000', 'en'],
    ['1.000,50', 'de'],
    ['0,05', 'en'],
    ['', 'en'],
  ])('refuses %s in %s', async (text, locale) => {
    expect(await thrownBy(() => parseMoney(text, 6, locale))).toMatchObject({
      name: 'Amount.NotADecimalError',
    });
  });
});
