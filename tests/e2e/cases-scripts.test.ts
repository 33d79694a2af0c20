import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { centV1For, header, paymentIn, settle } from '../support/till.ts';

const CENT = 10_000n;

let world: World;
let shop: Shop;
let reader: Reader;
/** Requests without a payment, by path. */
let unpaid = new Map<string, number>();

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(app());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  unpaid = new Map();
  reader = await startReader(world, { policy: { allowedSites: [shop.origin] } });
  await reader.context.addCookies([{ name: 'session', value: '1', url: shop.origin }]);
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

/** A v1 server of its own making: its terms are in the body, and not everybody gets them. */
function app(): Hono {
  const terms = (path: string, change: object = {}) =>
    Response.json(
      {
        x402Version: 1,
        error: 'X-PAYMENT',
        accepts: [{ ...centV1For(world, shop.origin + path), ...change }],
      },
      { status: 402 },
    );
  return new Hono()
    .get('/', (c) => c.html('<!doctype html><title>An app</title><body>'))
    .use(async (c, next) => {
      const payment = paymentIn(c.req.raw.headers);
      if (payment === null) return next();
      const settled = await settle(world, payment);
      return c.json({ paid: true }, settled.success ? 200 : 402, { 'X-PAYMENT-RESPONSE': header(settled) });
    })
    .use(async (c, next) => {
      unpaid.set(c.req.path, (unpaid.get(c.req.path) ?? 0) + 1);
      await next();
    })
    .get('/by-header', (c) =>
      c.req.header('x-tenant') === 'a' ? terms('/by-header') : c.json({ error: 'no tenant' }, 400),
    )
    .get('/by-cookie', (c) =>
      c.req.header('cookie') === undefined ? c.json({ error: 'who are you?' }, 401) : terms('/by-cookie'),
    )
    .get('/by-accept', (c) =>
      c.req.header('accept') === 'text/event-stream' ? terms('/by-accept') : c.json({ usage: 'SSE' }),
    )
    .get('/limited', (c) =>
      unpaid.get('/limited') === 1 ? terms('/limited') : c.json({ error: 'slow down' }, 429),
    )
    .post('/binary', () => terms('/binary'))
    .post('/large', () => terms('/large', { outputSchema: { text: 'x'.repeat(200_000) } }));
}

type Call = { path: string; headers?: Record<string, string> };
const fetched = ({ path, headers = {} }: Call) =>
  reader.page.evaluate(
    async ([url, sent]) => {
      const response = await fetch(url, { headers: sent });
      return { status: response.status, body: await response.json() };
    },
    [path, headers] as const,
  );

describe('C09: a GET whose terms a second request does not get', () => {
  test.each([
    ['a header', { path: '/by-header', headers: { 'X-Tenant': 'a' } }],
    ['a cookie', { path: '/by-cookie' }],
    ['what it accepts', { path: '/by-accept', headers: { Accept: 'text/event-stream' } }],
    ['the number of requests (429)', { path: '/limited' }],
  ])('is asked about by the terms that its page got: they depend on %s', async (_, call) => {
    const answer = fetched(call);
    const question = await reader.question();
    const [asked] = await reader.activity();
    expect(asked?.encounter).toMatchObject({
      terms: { from: 'page' },
      verdict: { outcome: 'ask', reason: 'terms-from-page' },
    });
    await expectPaid(world, reader, []);
    await question.getByRole('button', { name: 'Pay 1¢' }).click();
    expect(await answer).toEqual({ status: 200, body: { paid: true } });
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
    expect(unpaid.get(call.path)).toBe(2);
  });

  test('is not asked a second time within the hour by which its page got nothing', async () => {
    for (let round = 0; round < 2; round += 1) {
      const answer = fetched({ path: '/by-cookie' });
      const question = await reader.question();
      await Promise.all([
        question.waitForEvent('close'),
        question.getByRole('button', { name: 'Don’t pay' }).click(),
      ]);
      expect((await answer).status).toBe(402);
      await reader.page.reload();
    }
    expect(unpaid.get('/by-cookie')).toBe(3);
    await expectPaid(world, reader, []);
  });
});

describe('C10: a POST by XMLHttpRequest', () => {
  const sent = (type: XMLHttpRequestResponseType) =>
    reader.page.evaluate(
      (responseType) =>
        new Promise<{ status: number; text: string }>((resolve) => {
          const xhr = new XMLHttpRequest();
          xhr.open('POST', '/binary');
          xhr.responseType = responseType;
          xhr.onloadend = async () =>
            resolve({ status: xhr.status, text: await new Response(xhr.response).text() });
          xhr.send('{"size":"large"}');
        }),
      type,
    );

  test.each(['blob', 'arraybuffer'] as const)('for a %s is asked about and paid', async (type) => {
    const answer = sent(type);
    await (await reader.question()).getByRole('button', { name: 'Pay 1¢' }).click();
    expect(await answer).toEqual({ status: 200, text: '{"paid":true}' });
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });
});

describe('C06: a POST with terms beyond 64 KB', () => {
  test('is asked about and paid', async () => {
    const answer = reader.page.evaluate(() =>
      fetch('/large', { method: 'POST', body: '{}' }).then(({ status }) => status),
    );
    await (await reader.question()).getByRole('button', { name: 'Pay 1¢' }).click();
    expect(await answer).toBe(200);
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });
});
