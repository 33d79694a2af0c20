import { TuppenceError } from './errors.ts';

const MAX_UINT256 = 2n ** 256n - 1n;

/** Decimals of a dollar amount held as `bigint`: one unit is a millionth of a US dollar. */
export const USD_DECIMALS = 6;

/**
 * An amount in atomic units from its wire form, a string of decimal digits such as `"10000"`.
 *
 * @throws {NotAnAmountError} for anything else: signs, exponents, hex, fractions, blanks, more than uint256.
 */
export function parseAtomic(text: unknown): bigint {
  if (!isAtomic(text)) throw new NotAnAmountError(text);
  return BigInt(text);
}

/** Whether `text` is a string of decimal digits that is at most uint256. */
export function isAtomic(text: unknown): text is string {
  return typeof text === 'string' && /^\d{1,78}$/.test(text) && BigInt(text) <= MAX_UINT256;
}

/**
 * A decimal such as `"0.05"` in units of 10^-`decimals`.
 *
 * Digits beyond `decimals` are refused, not rounded: rounding would change what somebody wrote about money.
 * @throws {NotADecimalError} @throws {TooManyDecimalsError}
 */
export function parseDecimal(text: string, decimals: number): bigint {
  const [, whole, fraction = ''] = /^(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) throw new NotADecimalError(text);
  if (fraction.length > decimals) throw new TooManyDecimalsError(text, decimals);
  return BigInt(whole + fraction.padEnd(decimals, '0'));
}

/** `amount` units of 10^-`decimals` as an exact decimal without trailing zeros: `50000n, 6` is `"0.05"`. */
export function formatDecimal(amount: bigint, decimals: number): string {
  const sign = amount < 0n ? '-' : '';
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const split = digits.length - decimals;
  const fraction = digits.slice(split).replace(/0+$/, '');
  return sign + digits.slice(0, split) + (fraction === '' ? '' : `.${fraction}`);
}

/**
 * Atomic units of a dollar-pegged token as millionths of a US dollar, rounded **up**, so that a budget never counts
 * less than what leaves the wallet.
 */
export function toMicroUsd(atomic: bigint, decimals: number): bigint {
  if (decimals <= USD_DECIMALS) return atomic * 10n ** BigInt(USD_DECIMALS - decimals);
  const divisor = 10n ** BigInt(decimals - USD_DECIMALS);
  return (atomic + divisor - 1n) / divisor;
}

/**
 * Millionths of a US dollar as a person reads them: `5¢`, `0.04¢`, `$1.20`, `$2.505`. Exact, nothing is rounded.
 */
export function formatUsd(microUsd: bigint): string {
  if (microUsd > 0n && microUsd < 1_000_000n) return `${formatDecimal(microUsd, 4)}¢`;
  const [whole = '0', fraction = ''] = formatDecimal(microUsd, USD_DECIMALS).split('.');
  return `$${whole}.${fraction.padEnd(2, '0')}`;
}

/** A price that is not a string of decimal digits, or more than uint256. */
export class NotAnAmountError extends TuppenceError {
  override readonly name = 'Amount.NotAnAmountError';
  constructor(text: unknown) {
    super(`The price ${shown(text)} is not a whole number of the token's smallest units.`);
  }
}

/** A text that is not digits with at most one point, such as `0.05`. */
export class NotADecimalError extends TuppenceError {
  override readonly name = 'Amount.NotADecimalError';
  constructor(text: string) {
    super(`${shown(text)} is not an amount such as 0.05.`);
  }
}

/** More digits after the point than the token has; `decimals` is how many it has. */
export class TooManyDecimalsError extends TuppenceError {
  override readonly name = 'Amount.TooManyDecimalsError';
  readonly decimals: number;
  constructor(text: string, decimals: number) {
    super(`${shown(text)} has more than ${decimals} digits after the point.`);
    this.decimals = decimals;
  }
}

function shown(text: unknown): string {
  return typeof text === 'string' ? `“${text.slice(0, 40)}”` : `of type ${typeof text}`;
}
