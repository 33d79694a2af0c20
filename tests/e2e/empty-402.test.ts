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
  shop = await startShop(await barePaywall());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

/** 402s without a body, in whose place the browser shows a page of its own, where no script runs. */
async function barePaywall(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (c.res.status === 402) c.res = new Response(null, { status: 402, headers: c.res.headers });
  });
  app.use(await paywallFor(world, { '/cheap': '$0.02', '/dear': '$1.50' }));
  return app.get('/:name', (c) => c.html(`<!doctype html><p>the content of ${c.req.param('name')}`));
}

test('an article whose 402 has no body is paid by itself, at the same address', async () => {
  // The browser counts its own error page as a failed navigation.
  await reader.page.goto(`${shop.origin}/cheap#part`).catch(() => null);
  await reader.page.getByText('the content of cheap').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [20_000n]);
  expect(reader.page.url()).toBe(`${shop.origin}/cheap#part`);
});

test('above the threshold the window asks although there is no page yet', async () => {
  await reader.page.goto(`${shop.origin}/dear`).catch(() => null);
  const question = await reader.question();
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  await reader.page.getByText('the content of dear').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
});
