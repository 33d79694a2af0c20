import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const FILES = ['/one.svg', '/two.svg', '/three.svg'];

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.get('/', (c) => {
    const boxes = FILES.map((_, at) => `<p class="box${at}">A box`).join('');
    return c.html(`<!doctype html><title>A sheet</title><link rel="stylesheet" href="/sheet.css">${boxes}`);
  });
  app.get('/sheet.css', (c) => {
    const rules = FILES.map((file, at) => `.box${at} { background: url(${file}) }`);
    return c.body(rules.join('\n'), 200, { 'Content-Type': 'text/css', 'Cache-Control': 'no-store' });
  });
  app.use(await paywallFor(world, Object.fromEntries(FILES.map((file) => [file, '$0.01']))));
  app.get('/:file', async (c) => {
    await untilAnotherIsPaidFor(c.req.path);
    return c.body(PIXEL, 200, { 'Content-Type': 'image/svg+xml' });
  });
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false } });
});
afterEach(() => reader?.close());

const paidRequests = () =>
  shop.requests().filter(({ headers }) => headers['payment-signature'] !== undefined);

/** A slow server: long enough for another file of the sheet to be loaded again, if anybody tries. */
async function untilAnotherIsPaidFor(path: string): Promise<void> {
  const before = paidRequests().length;
  for (const end = Date.now() + 2_000; Date.now() < end; await sleep(20))
    if (paidRequests().length > before && paidRequests().at(-1)?.path !== path) return;
}

const listed = () =>
  reader.activity().then((items) => items.filter(({ encounter }) => encounter.state === 'listed'));

test('the files of a style sheet that a slow server sells come with one press, each paid once and none broken off', async () => {
  await reader.page.goto(shop.origin);
  const items = await until(listed, ({ length }) => length === FILES.length, 'every file is listed');
  await expectPaid(world, reader, []);
  const ids = items.map(({ encounter }) => encounter.id);
  await reader.ask('answerListed', { tabId: reader.tabId, ids, approve: true, allowSite: false });
  const ended = await reader.settled(FILES.length);
  expect(ended.map(({ payment }) => payment?.state)).toEqual(FILES.map(() => 'settled'));
  await expectPaid(
    world,
    reader,
    FILES.map(() => 10_000n),
  );
  expect(paidRequests().map(({ path, status }) => `${path} ${status}`)).toEqual(
    expect.arrayContaining(FILES.map((file) => `${file} 200`)),
  );
  expect(paidRequests()).toHaveLength(FILES.length);
});
