import { formatUsd, parseDecimal, USD_DECIMALS } from 'tuppence/core';
import type { PageReport, PaymentReport } from './report.ts';

/** Exit codes, as the usage text has them. */
export const EXIT = { readable: 0, refused: 1, badUsage: 2, timedOut: 3, unreadable: 4 } as const;

/**
 * The run's exit code: what cut it short first, then what was not paid, then pages that could not be read.
 *
 * @param problems sentences about pages that could not be read, or about the run itself
 */
export function exitCodeOf(
  isTimedOut: boolean,
  pages: readonly PageReport[],
  problems: readonly string[],
): number {
  const payments = pages.flatMap((page) => page.payments);
  if (isTimedOut) return EXIT.timedOut;
  if (payments.some(isRefused)) return EXIT.refused;
  if (problems.length > 0 || payments.some(isRejected) || !pages.every(isReadable)) return EXIT.unreadable;
  return EXIT.readable;
}

/** What went wrong on a page, a sentence each; none when it ended readable. */
export function complaintsAbout(page: PageReport): readonly string[] {
  const payments = page.payments.flatMap((payment) => complaintAbout(payment) ?? []);
  const isExplained = page.status === null || (page.status === 402 && payments.length > 0);
  return isReadable(page) || isExplained ? payments : [...payments, `${page.url} answered ${page.status}.`];
}

function complaintAbout(payment: PaymentReport): string | null {
  const { url, decision, note } = payment;
  const price = payment.usd === null ? '' : `${formatUsd(parseDecimal(payment.usd, USD_DECIMALS))} for `;
  if (isRefused(payment)) return `Not paid: ${price}${url}. ${decision?.sentence ?? ''}`.trim();
  if (isRejected(payment))
    return `Payment refused by the server: ${price}${url} (${note ?? 'no reason given'}).`;
  if (payment.state === 'unknown')
    return `Payment with an open end: ${price}${url} (${note ?? 'no answer'}).`;
  return null;
}

function isReadable({ status }: PageReport): boolean {
  return status !== null && status < 400;
}

function isRefused({ state }: PaymentReport): boolean {
  return state === 'unpaid';
}

/** Signed and sent, and the server or the chain says that it took nothing. */
function isRejected({ state }: PaymentReport): boolean {
  return state === 'rejected' || state === 'expired';
}
