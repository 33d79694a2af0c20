import { relative } from 'node:path';
import { formatDecimal, formatUsd, knownNetwork } from 'tuppence/core';
import type { PaymentSummary } from '../../extension/messaging/own-messages.ts';
import { verdictInWords } from '../../extension/ui/words.ts';
import { priceOf, problemsOf, type Reading } from './reading.ts';
import { type Stage, THRESHOLD } from './stage.ts';
import type { Terminal } from './terminal.ts';

/** What reading an article cost, why it was paid, and where the money went. */
export function showReading(terminal: Terminal, reading: Reading, stage: Stage): void {
  const { stop, url, payments, before, after, milliseconds, picture } = reading;
  terminal.fact('Address', url);
  terminal.fact('Price', `${formatUsd(priceOf(stop))}${inTokens(payments[0])}`);
  for (const payment of payments) {
    terminal.fact('Decision', decision(payment, stage));
    terminal.fact('Transaction', payment.transaction ?? 'none');
  }
  terminal.fact('Reader', `${usdc(before.reader)} → ${usdc(after.reader)}`);
  terminal.fact('Publisher', `${usdc(before.publisher)} → ${usdc(after.publisher)}`);
  terminal.fact('Readable', milliseconds === null ? 'never' : `${Math.round(milliseconds)} ms after the 402`);
  terminal.fact('Picture', relative(process.cwd(), picture));
  for (const problem of problemsOf(reading)) terminal.fail(problem);
}

/** Atomic units of USDC as an amount with at least two decimals: `9.95 USDC`. */
export function usdc(atomic: bigint): string {
  const [whole = '0', fraction = ''] = formatDecimal(atomic, 6).split('.');
  return `${whole}.${fraction.padEnd(2, '0')} USDC`;
}

function inTokens(payment: PaymentSummary | undefined): string {
  if (payment === undefined) return '';
  const { amount, decimals, symbol, network } = payment.terms;
  const name = knownNetwork(network)?.name ?? network;
  return ` (${formatDecimal(BigInt(amount), decimals)} ${symbol} on ${name})`;
}

function decision({ verdict }: PaymentSummary, { session }: Stage): string {
  if (verdict.reason === 'under-threshold')
    return `paid without asking, because it is within the reader's limit of ${formatUsd(THRESHOLD)}`;
  return verdictInWords(verdict, session.policy);
}
