import type { Purchase } from '../core/index.ts';
import { createMemoryLedger } from './memory-ledger.ts';
import type { Delivery, Result } from './result.ts';
import { createTurns } from './turns.ts';

/** The page's payments: one ledger for every element, so that no two of them pay for the same thing. */
export const ledger = createMemoryLedger();

const turns = createTurns();
const deliveries = new Map<string, Delivery>();
const listeners = new Set<(url: string, delivery: Delivery) => void>();

/** A plain GET of `url` by this page. Browser only. */
export function purchaseOf(url: string): Purchase {
  return { site: location.origin, url, method: 'GET', bodyHash: null };
}

/**
 * Runs `buy` when no other press on this page is busy with `url`, and only if none has brought its content yet.
 * What it brings goes to every element that shows `url`.
 */
export function checkout(url: string, buy: () => Promise<Result>): Promise<Result> {
  return turns(url, async () => {
    const ready = deliveryOf(url);
    if (ready !== null) return { ...ready, kind: 'delivered', shared: true };
    const result = await buy();
    if (result.kind === 'delivered') deliver(url, result);
    return result;
  });
}

/** What this page has bought from `url` already, or null. */
export function deliveryOf(url: string): Delivery | null {
  return deliveries.get(url) ?? null;
}

/** Calls `listener` for every delivery to this page. @returns a function that ends it. */
export function onDelivery(listener: (url: string, delivery: Delivery) => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

function deliver(url: string, { content, paid, transaction }: Delivery): void {
  const delivery = { content, paid, transaction };
  deliveries.set(url, delivery);
  for (const listener of listeners) listener(url, delivery);
}
