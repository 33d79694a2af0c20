import { formatDecimal, USD_DECIMALS } from 'tuppence/core';
import type { Receipt } from '../messaging/receipt.ts';
import { networkName } from './words.ts';

/** One payment as an accountant reads it. Every field is text; amounts are exact decimals with a point. */
const COLUMNS: readonly (readonly [string, (receipt: Receipt) => string])[] = [
  ['date_utc', ({ createdAt }) => new Date(createdAt).toISOString()],
  ['status', ({ state }) => state],
  ['site', ({ purchase }) => purchase.site],
  ['url', ({ purchase }) => purchase.url],
  ['method', ({ purchase }) => purchase.method],
  ['amount', ({ terms }) => formatDecimal(BigInt(terms.amount), terms.decimals)],
  ['currency', ({ terms }) => terms.symbol],
  ['amount_usd', ({ terms }) => formatDecimal(BigInt(terms.microUsd), USD_DECIMALS)],
  ['network', ({ terms }) => networkName(terms.network)],
  ['network_id', ({ terms }) => terms.network],
  ['token_contract', ({ terms }) => terms.asset],
  ['payer', ({ payer }) => payer ?? ''],
  ['payee', ({ terms }) => terms.payTo],
  ['transaction', ({ transaction }) => transaction ?? ''],
  ['authorization_nonce', ({ nonce }) => nonce ?? ''],
  ['payment_id', ({ paymentId }) => paymentId ?? ''],
  ['decided_by', ({ verdict }) => verdict.reason],
  ['concluded_utc', ({ updatedAt }) => new Date(updatedAt).toISOString()],
  ['note', ({ note }) => note ?? ''],
];

export const CSV_HEADER = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

/** Rows of RFC 4180, without the header. */
export function csvRows(receipts: readonly Receipt[]): string {
  return receipts.map((one) => `${COLUMNS.map(([, of]) => csvCell(of(one))).join(',')}\r\n`).join('');
}

/** The same fields as objects, one a line of the array, with what the server signed, for whoever checks it anew. */
export function jsonRows(receipts: readonly Receipt[]): readonly object[] {
  return receipts.map((one) => ({
    ...Object.fromEntries(COLUMNS.map(([name, of]) => [name, of(one)])),
    ...(one.signed?.offer === undefined ? {} : { signed_offer: one.signed.offer }),
    ...(one.signed?.receipt === undefined ? {} : { signed_receipt: one.signed.receipt }),
  }));
}

/** A spreadsheet would run what begins like a formula, and addresses and notes are what sites make them. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
