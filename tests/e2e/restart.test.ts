import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { '/dear': '$1.50', '/cheap': '$0.01' }));
  app.get('/', (c) => c.html('<!doctype html><title>Home</title>'));
  shop = await startShop(app.get('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

test('the background may stop while the reader thinks about a page', async () => {
  await reader.page.goto(`${shop.origin}/dear`);
  const question = await reader.question();
  await reader.stopBackground();
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  await reader.page.getByText('the content of dear').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
});

test("the background may stop while the reader thinks about a page's fetch", async () => {
  await reader.page.goto(shop.origin);
  const answer = reader.page.evaluate(() => fetch('/dear').then((response) => response.text()));
  const question = await reader.question();
  await reader.stopBackground();
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  expect(await answer).toBe('the content of dear');
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
});

test('a 402 wakes a background that has stopped, and is paid', async () => {
  await reader.page.goto(shop.origin);
  await reader.stopBackground();
  await reader.page.goto(`${shop.origin}/cheap`);
  await reader.page.getByText('the content of cheap').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('the key stays unlocked, and limits and receipts stay, when the background stops', async () => {
  await reader.page.goto(`${shop.origin}/cheap`);
  await reader.page.getByText('the content of cheap').waitFor();
  await reader.settled();
  await reader.stopBackground();
  const { wallet, policy, payments, spentToday } = await reader.ask('overview', { tabId: null });
  expect([wallet, policy.autoPay, payments[0]?.state, spentToday]).toEqual([
    'ready',
    '100000',
    'settled',
    '10000',
  ]);
});
