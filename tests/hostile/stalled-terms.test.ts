import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { decode } from '../support/terms.ts';

/*
 * A 402 page with its terms in `window.x402`, as the official pages have them, at a server that begins to state them
 * when it is asked for JSON, and stops half-way.
 */

const PRICE = 10_000n;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use('/article', async (c, next) => {
    await next();
    const header = c.res.headers.get('PAYMENT-REQUIRED');
    if (c.res.status !== 402 || header === null) return;
    const isProbe = c.req.header('accept') === 'application/json';
    c.res = undefined;
    c.res = isProbe ? halfWay(c.req.query('then') ?? '') : pageWith(decode(header));
  });
  app.use(await paywallFor(world, { '/article': '$0.01' }));
  shop = await startShop(app.get('/article', (c) => c.html('<h1>The article</h1>')));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

function pageWith(paymentRequired: unknown): Response {
  const said = JSON.stringify({ paymentRequired }).replaceAll('<', '\\u003c');
  const page = `<!doctype html><title>Till</title><h1>The till</h1><script>window.x402 = ${said}</script>`;
  return new Response(page, { status: 402, headers: { 'Content-Type': 'text/html' } });
}

function halfWay(then: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(new TextEncoder().encode('{"x402Version":')),
    pull: (stream) =>
      then === 'break' ? stream.error(new Error('gone')) : new Promise<void>(() => undefined),
  });
  return new Response(body, { status: 402, headers: { 'Content-Type': 'application/json' } });
}

test.each(['stop', 'break'])(
  'when the terms %s half-way, those of the page are asked about and can be paid once (audit 33)',
  async (then) => {
    await reader.page.goto(`${shop.origin}/article?then=${then}`);
    const question = await reader.question();
    await question.getByText('The price comes from the page itself').waitFor();
    await expectPaid(world, reader, []);
    await question.getByRole('button', { name: 'Pay 1¢' }).click();
    await reader.page.getByText('The article').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [PRICE]);
  },
);
