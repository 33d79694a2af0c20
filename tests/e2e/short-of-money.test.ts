import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// What a site shows and what is signed when the purse holds less than the price: nothing, and a next step.

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(await paywallFor(world, { '/article': '$0.05', '/small': '$0.01', '/other': '$0.01' }));
  app.get('/', (c) => c.html('<!doctype html><title>Front</title>'));
  shop = await startShop(app.get('/:name', (c) => c.html('<!doctype html><title>read</title>the content')));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
afterEach(() => reader?.close());

const paidRequests = () => shop.requests().filter((one) => one.headers['payment-signature'] !== undefined);
const overview = () => reader.ask('overview', { tabId: null });

test.each([
  ['an empty purse', 0n],
  ['a purse that holds a cent', 10_000n],
])(
  '%s on a site that may be paid signs nothing, books nothing, and keeps the site’s own page',
  async (_, purse) => {
    reader = await startReader(world, { purse });
    const before = paidRequests().length;
    for (let load = 0; load < 2; load += 1) {
      await reader.page.goto(`${shop.origin}/article`);
      const items = await until(
        reader.activity,
        (all) => all.length > load && all.every(({ encounter }) => encounter.state !== 'handling'),
        'the 402 is decided',
      );
      expect(items.at(-1)?.encounter.verdict).toMatchObject({ outcome: 'ask', reason: 'short-of-money' });
      expect(items.every(({ payment }) => payment === null)).toBe(true);
      expect(await reader.page.content()).toContain('Payment Required');
    }
    expect(paidRequests()).toHaveLength(before);
    expect(await overview()).toMatchObject({ spentToday: '0', payments: [] });
    await expectPaid(world, reader, []);
  },
);

test('a purse that is filled after it was too small pays the same article, with no restart', async () => {
  reader = await startReader(world, { purse: 0n });
  await reader.page.goto(`${shop.origin}/article`);
  await until(
    reader.activity,
    (items) => items.some(({ encounter }) => encounter.verdict?.reason === 'short-of-money'),
    'the reader is told',
  );
  await world.mint(reader.address, 60_000n);
  await reader.page.goto(`${shop.origin}/article`);
  await reader.page.getByText('the content').waitFor();
  await reader.settled();
  await expectPaid(world, { ...reader, purse: 60_000n }, [50_000n]);
});

test('a purse for one of two articles pays one, also when both are asked for at once', async () => {
  reader = await startReader(world, { purse: 15_000n });
  await reader.page.goto(shop.origin);
  await reader.page.evaluate(() =>
    Promise.all(['/small', '/other'].map((path) => fetch(path, { x402: { ask: false } } as RequestInit))),
  );
  const items = await reader.settled(2);
  expect(items.map(({ payment }) => payment?.state ?? 'none').sort()).toEqual(['none', 'settled']);
  await expectPaid(world, { ...reader, purse: 15_000n }, [10_000n]);
});
