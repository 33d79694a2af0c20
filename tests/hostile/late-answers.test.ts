import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { changeRows, rowsOf } from '../support/own-database.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { ENTRY_V2, encode, RESOURCE } from '../support/terms.ts';

// A server that answers a paid request only after the chain has found the payment dead.

let world: World;
let shop: Shop;
let reader: Reader;
let answer: () => void;
let status: 200 | 402;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.get('/slow', async (c) => {
    const terms = encode({
      x402Version: 2,
      resource: { ...RESOURCE, url: c.req.url },
      accepts: [{ ...ENTRY_V2, payTo: world.payee }],
    });
    const unpaid = () => c.html('<h1>The till</h1>', 402, { 'PAYMENT-REQUIRED': terms });
    if (c.req.header('payment-signature') === undefined) return unpaid();
    await new Promise<void>((resolve) => {
      answer = resolve;
    });
    return status === 402 ? unpaid() : c.html('<h1>Here it is</h1>');
  });
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

/** Writes what the background writes when the chain has found every payment dead. */
function expireAll(): Promise<void> {
  return changeRows(reader.own(), 'intents', ({ openPurchase: _open, todo: _todo, ...rest }) => ({
    ...rest,
    state: 'expired',
  }));
}

const deliveries = async () => (await rowsOf(reader.own(), 'deliveries')).length;

test.each([200, 402] as const)(
  'a payment that has expired when its answer, a %i, comes stays expired, and its delivery is forgotten (audit 33)',
  async (answered) => {
    status = answered;
    const load = reader.page.goto(`${shop.origin}/slow`).catch(() => null);
    const isPaid = () => shop.requests().some(({ headers }) => headers['payment-signature'] !== undefined);
    await until(async () => isPaid(), Boolean, 'the payment has left');
    await until(deliveries, (count) => count === 1, 'the delivery is on its way');
    await expireAll();
    answer();
    await load;
    await until(deliveries, (count) => count === 0, 'the delivery is forgotten');
    const { payments } = await reader.ask('overview', { tabId: null });
    expect(payments.map(({ state }) => state)).toEqual(['expired']);
    expect(await world.transfers({ from: reader.address })).toEqual([]);
  },
);
