import type { Page } from './page.ts';
import type { Delivery, Result } from './result.ts';
import { createTurns } from './turns.ts';

const turns = createTurns();

/**
 * Runs `buy` when no other press, on this page or in another tab of this site, is busy with `url`, and only if none
 * on this page has brought its content yet. What it brings goes to every element that shows `url`.
 */
export function checkout(page: Page, url: string, buy: () => Promise<Result>): Promise<Result> {
  return turns(url, async () => {
    const ready = page.deliveries.get(url);
    if (ready !== undefined) return { ...ready, kind: 'delivered', shared: true };
    const result = await acrossTabs(url, buy);
    if (result.kind === 'delivered') deliver(page, url, result);
    return result;
  });
}

/** The ledger is shared by the tabs of a site, so that a check of it and the write after it must not be parted. */
function acrossTabs<T>(url: string, task: () => Promise<T>): Promise<T> {
  const locks = globalThis.navigator?.locks;
  return locks === undefined ? task() : locks.request(`x402-paywall ${url}`, task);
}

function deliver(page: Page, url: string, { content, paid, transaction }: Delivery): void {
  const delivery = { content, paid, transaction };
  page.deliveries.set(url, delivery);
  for (const listener of page.listeners) listener(url, delivery);
}
