import { parseDecimal, USD_DECIMALS } from 'tuppence/core';
import type { PaymentSummary } from '../../extension/messaging/own-messages.ts';
import type { Settlement } from '../world/index.ts';
import type { Stop } from './stops.ts';

/** USDC in atomic units, as the chain has it. */
export type Balances = { readonly reader: bigint; readonly publisher: bigint };

/** One article, read and paid for. */
export type Reading = {
  readonly stop: Stop;
  readonly url: string;
  /** Every payment that the page led to: one, if all is well. */
  readonly payments: readonly PaymentSummary[];
  readonly before: Balances;
  readonly after: Balances;
  /** What the facilitator was asked to settle meanwhile: one thing, if all is well. */
  readonly settlements: readonly Settlement[];
  /** From the 402 until the paid text could be seen; null when it never could. */
  readonly milliseconds: number | null;
  /** Where its picture is. */
  readonly picture: string;
};

/** The article's price in atomic units of USDC, which are millionths of a dollar. */
export function priceOf({ article }: Stop): bigint {
  return parseDecimal(article.price.terms.slice(1), USD_DECIMALS);
}

/** What is not as it should be, a sentence each; none when exactly the price moved, exactly once, for the text. */
export function problemsOf(reading: Reading): readonly string[] {
  const { payments, settlements, before, after, milliseconds } = reading;
  const price = priceOf(reading.stop);
  const [payment] = payments;
  const [settlement] = settlements;
  const checks: readonly (readonly [boolean, string])[] = [
    [milliseconds !== null, 'The paid text never became visible.'],
    [payments.length === 1, `There are ${payments.length} payments instead of one.`],
    [settlements.length === 1, `There were ${settlements.length} settlements instead of one.`],
    [payment?.state === 'settled', `The payment is ${payment?.state ?? 'missing'}, not settled.`],
    [settlement?.success === true, 'The facilitator settled nothing.'],
    [
      payment?.transaction === settlement?.transaction,
      'The receipt names another transaction than the facilitator.',
    ],
    [before.reader - after.reader === price, 'The reader did not pay exactly the price.'],
    [after.publisher - before.publisher === price, 'The publisher did not get exactly the price.'],
  ];
  return checks.flatMap(([isRight, sentence]) => (isRight ? [] : [sentence]));
}
