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
  const app = new Hono();
  app.use(await paywallFor(world, { '/paid': '$0.01', '/dear': '$1.50' }));
  app.use(await paywallFor(world, { '/order': '$0.02' }, 'POST'));
  app.get('/', (c) => c.html('<!doctype html><title>A site</title><h1>A site</h1>'));
  app.post('/order', async (c) => c.json({ got: await c.req.json(), said: c.req.header('x-said') }));
  shop = await startShop(app.get('/:name', (c) => c.json({ tide: 'high' })));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

type Sent = { method?: string; url: string; body?: string };

/** One asynchronous request with every listener there is, set in both ways, and what they heard. */
function request({ method = 'GET', url, body }: Sent) {
  return new Promise<{ events: string[]; status: number; response: unknown }>((resolve) => {
    const xhr = new XMLHttpRequest();
    const events: string[] = [];
    Object.assign(window, { xhr });
    const note = (event: Event) => events.push(`${event.type} ${xhr.readyState} ${xhr.status}`);
    for (const name of ['readystatechange', 'loadstart', 'load', 'error', 'abort', 'timeout'])
      xhr.addEventListener(name, note);
    xhr.onloadend = (event) => {
      note(event);
      resolve({ events, status: xhr.status, response: xhr.response });
    };
    xhr.upload.onload = () => events.push('uploaded');
    xhr.open(method, url);
    xhr.responseType = 'json';
    if (body !== undefined) {
      xhr.setRequestHeader('Content-Type', 'application/json');
      xhr.setRequestHeader('X-Said', 'twice');
    }
    xhr.send(body ?? null);
  });
}

test('an asynchronous request is paid, and its events are those of a free one', async () => {
  const free = await reader.page.evaluate(request, { url: '/free' });
  const paid = await reader.page.evaluate(request, { url: '/paid' });
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(paid).toEqual(free);
  expect(paid).toMatchObject({ status: 200, response: { tide: 'high' } });
});

test('a POST is made again with its headers and its body, and its upload is reported once', async () => {
  const answer = await reader.page.evaluate(request, {
    method: 'POST',
    url: '/order',
    body: '{"size":"large"}',
  });
  await reader.settled();
  await expectPaid(world, reader, [20_000n]);
  expect(answer.response).toEqual({ got: { size: 'large' }, said: 'twice' });
  expect(answer.events.filter((event) => event === 'uploaded')).toHaveLength(1);
});

test('refused, the page gets its 402 with every event once and in order', async () => {
  const answer = reader.page.evaluate(request, { url: '/dear' });
  const question = await reader.question();
  await question.getByRole('button', { name: 'Don’t pay' }).click();
  expect((await answer).events).toEqual([
    'readystatechange 1 0',
    'loadstart 1 0',
    'readystatechange 2 402',
    'readystatechange 3 402',
    'readystatechange 4 402',
    'load 4 402',
    'loadend 4 402',
  ]);
  await reader.settled();
  await expectPaid(world, reader, []);
});

test('aborted while the reader is asked, it ends as aborted', async () => {
  const answer = reader.page.evaluate(request, { url: '/dear' });
  await reader.question();
  await reader.page.evaluate('window.xhr.abort()');
  expect((await answer).events.slice(-3).map((event) => event.split(' ')[0])).toEqual([
    'readystatechange',
    'abort',
    'loadend',
  ]);
  await expectPaid(world, reader, []);
});

test('a synchronous request is left alone', async () => {
  const status = await reader.page.evaluate(() => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/paid', false);
    xhr.send();
    return xhr.status;
  });
  expect(status).toBe(402);
  expect(await reader.activity()).toEqual([]);
  await expectPaid(world, reader, []);
});
