import type { Activity } from '../../../extension/messaging/own-messages.ts';

export type Item = Activity['items'][number];
type Encounter = Item['encounter'];
type Payment = NonNullable<Item['payment']>;

const PRICE = {
  amount: '50000',
  microUsd: '50000',
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  symbol: 'USDC',
  decimals: 6,
  network: 'eip155:84532',
  payTo: '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955',
};
const ALLOWED = { outcome: 'allow', reason: 'under-threshold' } as const;

/** A 402 of a navigation that would cost 5¢, looked at and not yet decided. */
export function encounter(change: Partial<Encounter> = {}): Encounter {
  const url = change.url ?? 'https://example.com/a';
  return {
    id: 'encounter',
    tabId: 1,
    frameId: 0,
    documentId: null,
    topDocumentId: null,
    kind: 'navigation',
    initiator: null,
    askedBy: null,
    isTabless: false,
    again: 'page',
    site: new URL(url).origin,
    url,
    redirectedFrom: null,
    method: 'GET',
    bodyHash: null,
    at: 0,
    state: 'handling',
    verdict: null,
    sentence: null,
    price: PRICE,
    intentId: null,
    terms: null,
    windowId: null,
    figures: null,
    freeWay: null,
    freeWayHelped: false,
    isUndone: false,
    ...change,
  };
}

/** A settled payment of 5¢. */
export function payment(change: Partial<Payment> = {}): Payment {
  return {
    id: 'payment',
    purchase: { site: 'https://example.com', url: 'https://example.com/a', method: 'GET', bodyHash: null },
    terms: PRICE,
    state: 'settled',
    verdict: ALLOWED,
    transaction: '0xabc',
    note: null,
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

/** A 402 that was paid, with its payment in the given state. */
export function paidItem(state: Payment['state'], change: Partial<Encounter> = {}): Item {
  return {
    encounter: encounter({ state: 'paid', verdict: ALLOWED, ...change }),
    payment: payment({ state }),
  };
}

/** A 402 that was not paid. */
export function unpaidItem(change: Partial<Encounter> = {}): Item {
  return { encounter: encounter({ state: 'unpaid', ...change }), payment: null };
}
