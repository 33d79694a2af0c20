import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// The official v2 server settles after its page, so what a failing page answers says what became of the money.

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { '/broken': '$0.01', '/gateway': '$0.01' }));
  app.get('/broken', (c) => c.text('This page failed.', 500));
  app.get('/gateway', (c) => c.text('Nobody answers behind this gateway.', 502));
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

test('a page that fails before it is settled is not paid, and the reader is told; the reservation stands', async () => {
  await reader.page.goto(`${shop.origin}/broken`);
  const [item] = await reader.settled();
  expect(item?.payment).toMatchObject({ state: 'rejected', note: 'the page failed with status 500' });
  await expectPaid(world, reader, []);
  expect((await reader.ask('overview', { tabId: null })).spentToday).toBe('10000');
  expect(await reader.ask('check', {})).toMatchObject({ undecided: 1 });
});

test('a gateway knows nothing of the money behind it, so the payment stays unknown', async () => {
  await reader.page.goto(`${shop.origin}/gateway`);
  const [item] = await reader.settled();
  expect(item?.payment).toMatchObject({ state: 'unknown', note: 'status 502 without a settlement' });
  await expectPaid(world, reader, []);
});
