import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let site: Shop;
let api: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  site = await startShop(
    new Hono().get('/', (c) => c.html('<!doctype html><title>A site</title><h1>A site</h1>')),
  );
  api = await startShop(await hostileApi());
});
afterAll(async () => {
  await Promise.all([site?.stop(), api?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  const allowedOrigins = [{ site: site.origin, origin: api.origin }];
  reader = await startReader(world, { policy: { allowedOrigins } });
  await reader.page.goto(site.origin);
});
afterEach(() => reader?.close());

/** Lets any origin read its answers, but exposes no header, and refuses every preflight. */
async function hostileApi(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.method === 'OPTIONS') return c.text('No preflight here', 405);
    await next();
    c.res.headers.set('Access-Control-Allow-Origin', '*');
    return undefined;
  });
  app.use(await paywallFor(world, { '/tides': '$0.01' }));
  return app.get('/tides', (c) => c.json({ high: '04:12', low: '10:31' }));
}

test("a page's fetch of an endpoint that exposes no header and refuses OPTIONS is paid", async () => {
  const answer = await reader.page.evaluate(async (url) => {
    const response = await fetch(url);
    return { status: response.status, type: response.type, url: response.url, body: await response.json() };
  }, `${api.origin}/tides`);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(answer).toEqual({
    status: 200,
    type: 'cors',
    url: `${api.origin}/tides`,
    body: { high: '04:12', low: '10:31' },
  });
  expect(api.requests().map(({ method }) => method)).not.toContain('OPTIONS');
});

test('page code sees neither the payment header nor any signature', async () => {
  const from = api.requests().length;
  const seen = await reader.page.evaluate(spyOnEverything, `${api.origin}/tides`);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  const [paid] = api
    .requests()
    .slice(from)
    .filter(({ headers }) => headers['payment-signature'] !== undefined);
  const header = paid?.headers['payment-signature'] ?? '';
  const { signature, authorization } = JSON.parse(atob(header)).payload;
  expect(signature).toMatch(/^0x[0-9a-f]{130}$/);
  expect(seen.events.some((event) => event.includes('tuppence:'))).toBe(true); // The spy does hear our own events.
  const everything = JSON.stringify(seen).toLowerCase();
  for (const secret of [
    header,
    signature,
    authorization.nonce,
    reader.address,
    'payment-signature',
    'x-payment',
  ])
    expect(everything).not.toContain(secret.toLowerCase());
});

test('the same fetch again asks first: what was paid once is not paid again by itself', async () => {
  const url = `${api.origin}/tides`;
  await reader.page.evaluate((at) => fetch(at).then((response) => response.status), url);
  const second = reader.page.evaluate((at) => fetch(at).then((response) => response.status), url);
  const question = await reader.question();
  await Promise.all([
    question.waitForEvent('close'),
    question.getByRole('button', { name: 'Don’t pay' }).click(),
  ]);
  expect(await second).toBe(402);
  await reader.settled(2);
  await expectPaid(world, reader, [10_000n]);
});

/** Everything that page code could watch: its own calls, every event, every message, every header it can name. */
async function spyOnEverything(url: string) {
  const events: string[] = [];
  const headers: string[] = [];
  const native = EventTarget.prototype.dispatchEvent;
  EventTarget.prototype.dispatchEvent = function (event) {
    events.push(`${event.type} ${event instanceof CustomEvent ? JSON.stringify(event.detail) : ''}`);
    return native.call(this, event);
  };
  const customEvent = window.CustomEvent;
  window.CustomEvent = new Proxy(customEvent, {
    construct(target, args: [string, CustomEventInit]) {
      events.push(JSON.stringify(args));
      return new target(...args);
    },
  });
  addEventListener('message', ({ data }) => events.push(JSON.stringify(data)));
  const request = window.Request;
  window.Request = new Proxy(request, {
    construct(target, args: [RequestInfo, RequestInit?]) {
      const made = new target(...args);
      headers.push(JSON.stringify([...made.headers]));
      return made;
    },
  });
  const set = Headers.prototype.set;
  Headers.prototype.set = function (name, value) {
    headers.push(`${name} ${value}`);
    return set.call(this, name, value);
  };
  const response = await window.fetch(url, { headers: { Accept: 'application/json' } });
  headers.push(JSON.stringify([...response.headers]));
  const timings = performance.getEntriesByType('resource').map((entry) => JSON.stringify(entry));
  const globals = Object.getOwnPropertyNames(window).filter((name) => /tuppence|x402/i.test(name));
  return { events, headers, timings, globals, body: await response.text(), status: response.status };
}
