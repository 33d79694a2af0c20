import type { Purchase } from 'tuppence/core';
import { purchaseKey } from '../storage/intent-record.ts';

/** Two tabs, a double click, a second window: the same purchase walks the line one after the other. */
export function onePurchaseAtATime<T>(purchase: Purchase, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`purchase ${purchaseKey(purchase)}`, work);
}
