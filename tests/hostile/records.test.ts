import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { changeRows } from '../support/own-database.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { decode, encode } from '../support/terms.ts';
import { askFor, recordsOf, startFlood, startWide } from './support/flood.ts';

// No answer leaves a record that cannot be read back.

let world: World;
let flood: Shop;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  flood = await startFlood(world);
  const app = new Hono();
  // As from a server that signs an offer for every price it takes: 50 KB and more of them.
  app.use(async (c, next) => {
    await next();
    const header = c.res.headers.get('PAYMENT-REQUIRED');
    if (header === null) return;
    const terms = decode(header);
    const offers = Array.from({ length: 5 }, () => ({ jws: 'a'.repeat(10_000) }));
    c.res.headers.set('PAYMENT-REQUIRED', encode({ ...terms, extensions: { notes: { info: { offers } } } }));
  });
  app.use(await paywallFor(world, { '/long': '$0.01', '/long-and-dear': '$1.50' }));
  shop = await startShop(app.get('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await Promise.all([flood?.stop(), shop?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const ASKS: readonly (readonly [string, string, string])[] = [
  ['a method of 33 letters', 'M'.repeat(33), '/ask/method'],
  ['a method of 200 letters', 'M'.repeat(200), '/ask/method'],
  ['an address of 66,000 characters', 'GET', `/ask/${'a'.repeat(4_000)}?${'b'.repeat(62_000)}`],
];

test.each(ASKS)(
  '%s is left alone, and popup, start and “Erase” work as before (audit 7)',
  async (_, method, path) => {
    const wide = await startWide(world);
    try {
      await reader.page.goto(`${wide.origin}/`);
      const status = await reader.page.evaluate(
        ([verb, address]) => fetch(address, { method: verb }).then((answer) => answer.status),
        [method, path] as const,
      );
      expect(status).toBe(402);
      await until(
        async () => ({
          written: (await recordsOf(reader.own())).count,
          leftAlone: (await reader.ask('overview', { tabId: reader.tabId })).leftAlone ?? null,
        }),
        ({ written, leftAlone }) => written > 0 || leftAlone !== null,
        'it was looked at, or left alone',
      );
      expect(await reader.activity()).toEqual([]);
      const popup = await reader.popup();
      await popup.getByRole('button', { name: 'Pause payments' }).waitFor();
      await popup.getByText('too long to be paid').waitFor();
      await reader.stopBackground();
      await reader.ask('erase', {});
      expect((await recordsOf(reader.own())).count).toBe(0);
      await expectPaid(world, reader, []);
    } finally {
      await wide.stop();
    }
  },
);

test('long honest terms are paid by themselves (audit 7)', async () => {
  await reader.page.goto(`${shop.origin}/long`);
  await reader.page.getByText('the content of long').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('long honest terms are asked about, and paid after a restart of the background (audit 7)', async () => {
  await reader.page.goto(`${shop.origin}/long-and-dear`);
  const question = await reader.question();
  await reader.stopBackground();
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  await reader.page.getByText('the content of long-and-dear').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
});

test('a record that can no longer be read stops no other of its tab (audit 7)', async () => {
  await reader.page.goto(`${flood.origin}/`);
  await askFor(reader.page, 3, { x402: { ask: false } });
  await changeRows(reader.own(), 'encounters', (row, at) =>
    at === 0 ? { ...row, state: 'unpaid', verdict: { outcome: 'perhaps' } } : row,
  );
  await reader.stopBackground();
  const { unpaid } = await reader.ask('overview', { tabId: reader.tabId });
  expect(unpaid.length).toBe((await recordsOf(reader.own())).count);
  await reader.ask('erase', {});
  expect((await recordsOf(reader.own())).count).toBe(0);
});
