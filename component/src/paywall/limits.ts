import { isAddress, parseDecimal, type Quote, sameAddress, USD_DECIMALS } from '../core/index.ts';
import type { Fault } from './fault.ts';

/** What the page that holds the paywall allows to be paid, whatever the server asks for. */
export type Limits = {
  /** Dollars, as a decimal such as `"0.10"`. */
  readonly maxAmount: string;
  /** Addresses, separated by blanks or commas; any payee when empty. */
  readonly payTo: string;
};

/** Why `quote` must not be paid, or null. A limit that can't be read allows nothing. */
export function faultOf(
  quote: Quote,
  { maxAmount, payTo }: Limits,
  price: (usd: bigint) => string,
): Fault | null {
  const most = microUsdOf(maxAmount);
  if (most === null) return { code: 'bad-setting', name: 'max-amount' };
  const payees = payTo.split(/[\s,]+/).filter(Boolean);
  if (!payees.every(isAddress)) return { code: 'bad-setting', name: 'pay-to' };
  if (quote.microUsd > most) return { code: 'too-dear', price: price(quote.microUsd), most: price(most) };
  const isListed = payees.length === 0 || payees.some((payee) => sameAddress(payee, quote.payTo));
  return isListed ? null : { code: 'other-payee', payTo: quote.payTo };
}

function microUsdOf(amount: string): bigint | null {
  try {
    return parseDecimal(amount, USD_DECIMALS);
  } catch {
    return null;
  }
}
