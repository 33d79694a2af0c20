import { asInteger, type Purchase } from 'tuppence/core';
import { purchaseKey } from '../storage/intent-record.ts';

/** What a purchase is called once its details are erased: SHA-256 as hex. */
export async function boughtKey(purchase: Purchase): Promise<string> {
  const bytes = new TextEncoder().encode(purchaseKey(purchase));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws {MalformedError} */
export function asTimeOrNull(value: unknown): number | null {
  return value === undefined ? null : asInteger(value, 'bought', 0);
}
