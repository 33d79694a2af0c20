import { formatDecimal, NotADecimalError, parseDecimal, USD_DECIMALS } from './amount.ts';

/**
 * Millionths of a US dollar as people of `locale` read them: `5¢` and `$1.20` in English, `0,05 $` in German.
 *
 * Every digit is shown, so that nothing costs more than it says.
 * @param locale BCP 47, such as `"en"` or `"de-CH"`.
 */
export function formatPrice(microUsd: bigint, locale: string): string {
  if (microUsd > 0n && microUsd < 1_000_000n && /^en\b/i.test(locale))
    return `${formatNumber(microUsd, 4, locale)}¢`;
  if (microUsd >= 0n && locale === 'en') return `$${withCents(grouped(microUsd, USD_DECIMALS))}`;
  const options = { style: 'currency', currency: 'USD', currencyDisplay: 'narrowSymbol' } as const;
  return new Intl.NumberFormat(locale, { ...options, maximumFractionDigits: USD_DECIMALS }).format(
    numeric(microUsd, USD_DECIMALS),
  );
}

/**
 * Atomic units of a token as people of `locale` read them: `0.0004 USDC`, `0,0004 USDC`. Every digit is shown.
 *
 * @throws {RangeError} for a locale that is not well-formed.
 */
export function formatToken(
  atomic: bigint,
  { decimals, symbol }: { readonly decimals: number; readonly symbol: string },
  locale: string,
): string {
  return `${formatNumber(atomic, decimals, locale)} ${symbol}`;
}

/**
 * An amount that a person of `locale` wrote, in units of 10^-`decimals`: `"0.05"` in English and `"0,05"` in German
 * are 50000 of 6 decimals. Separators of thousands are refused, because the next locale reads them as decimal points.
 *
 * @throws {NotADecimalError} @throws {TooManyDecimalsError}
 */
export function parseMoney(text: string, decimals: number, locale: string): bigint {
  const point = new Intl.NumberFormat(locale).format(0.5).replace(/\p{Nd}/gu, '');
  if (point !== '.' && text.includes('.')) throw new NotADecimalError(text);
  return parseDecimal(text.replace(point, '.'), decimals);
}

function formatNumber(amount: bigint, decimals: number, locale: string): string {
  if (locale === 'en') return grouped(amount, decimals);
  return new Intl.NumberFormat(locale, { maximumFractionDigits: decimals }).format(numeric(amount, decimals));
}

/** What `Intl` makes of it in English: its first use costs a page 20 ms and more before the price is there. */
function grouped(amount: bigint, decimals: number): string {
  return formatDecimal(amount, decimals).replace(/^-?\d+/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ','));
}

function withCents(dollars: string): string {
  return dollars.replace(/^[^.]+$/, '$&.00').replace(/\.\d$/, '$&0');
}

/** `Intl` keeps every digit of a decimal text, and would lose some of a number. */
function numeric(amount: bigint, decimals: number): Intl.StringNumericLiteral {
  return formatDecimal(amount, decimals) as Intl.StringNumericLiteral; // Holds: digits and at most one point.
}
