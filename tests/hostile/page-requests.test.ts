import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const PRICE = 10_000n;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await app());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  await reader.page.goto(`${shop.origin}/a/`);
});
afterEach(() => reader?.close());

/** `/a/data` is sold, and `/b/data` is another resource; `/endless` is a 402 whose body has no end. */
async function app(): Promise<Hono> {
  const said = (text: string) => new Response(text, { headers: { 'Cache-Control': 'no-store' } });
  return new Hono()
    .get('/a/', (c) => c.html('<!doctype html><title>A page</title><h1>A page</h1>'))
    .all('/b/data', () => said('another resource'))
    .post('/endless', (c) => endless402(c.req.query('pace') ?? ''))
    .use(await paywallFor(world, { '/a/data': '$0.01' }))
    .use(await paywallFor(world, { '/a/data': '$0.01' }, 'POST'))
    .get('/a/data', () => said('what was bought'))
    .post('/a/data', async (c) => said(`what was ordered: ${await c.req.text()}`));
}

function endless402(pace: string): Response {
  const body = new ReadableStream<Uint8Array>({
    start: (stream) => stream.enqueue(new TextEncoder().encode('{')),
    // Of the slow one no more ever comes.
    pull: (stream) =>
      pace === 'fast' ? stream.enqueue(new Uint8Array(16_384).fill(32)) : new Promise<void>(() => undefined),
  });
  return new Response(body, { status: 402, headers: { 'Content-Type': 'application/json' } });
}

type Method = 'GET' | 'POST';

/** Asks for `data` relative to the page, and has the page be elsewhere by the time that the answer comes. */
const byXhr = ([method, move]: readonly [Method, string]) =>
  new Promise<string>((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.onload = () => resolve(xhr.responseText);
    xhr.open(method, 'data');
    xhr.send(method === 'POST' ? 'two of them' : null);
    new Function(move)();
  });
const byFetch = async ([method, move]: readonly [Method, string]) => {
  const request = new Request('data', { method, body: method === 'POST' ? 'two of them' : null });
  const answer = fetch(request);
  new Function(move)();
  return (await answer).text();
};

const MOVES = {
  'another history entry': `history.pushState(null, '', '/b/')`,
  'another base': `document.head.append(Object.assign(document.createElement('base'), { href: '/b/' }))`,
};

describe.each(Object.entries(MOVES))('a page that has gone on to %s', (_, move) => {
  test.each([
    ['XMLHttpRequest', 'GET', byXhr],
    ['XMLHttpRequest', 'POST', byXhr],
    ['fetch', 'GET', byFetch],
    ['fetch', 'POST', byFetch],
  ] as const)('gets by %s (%s) what it has asked for and paid (audit 16)', async (_by, method, ask) => {
    const elsewhere = () => shop.requests().filter(({ path }) => path.startsWith('/b/data')).length;
    const before = elsewhere();
    const text = await reader.page.evaluate(ask, [method, move] as const);
    expect(text).toBe(method === 'GET' ? 'what was bought' : 'what was ordered: two of them');
    await reader.settled();
    await expectPaid(world, reader, [PRICE]);
    expect(elsewhere()).toBe(before);
  });
});

test.each(['fast', 'slow'])(
  'a 402 to a POST whose body never ends (%s) is the page’s in the end (audit 33)',
  async (pace) => {
    const status = await reader.page.evaluate(async (pace) => {
      const response = await fetch(`/endless?pace=${pace}`, { method: 'POST', body: 'two of them' });
      await response.body?.cancel();
      return response.status;
    }, pace);
    expect(status).toBe(402);
    await expectPaid(world, reader, []);
  },
);
