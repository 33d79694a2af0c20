import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { page } from './support/till.ts';

// A site whose 402s may be kept by the browser's cache: a kept one must not answer the request that is paid.

const PRICE = 10_000n;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
/** What is sold, and its type. */
const GOODS: Readonly<Record<string, readonly [type: string, body: string]>> = {
  picture: ['image/svg+xml', SVG],
  poster: ['image/svg+xml', SVG],
  object: ['image/svg+xml', SVG],
  script: ['text/javascript', 'document.title = "bought"'],
  style: ['text/css', 'body { color: green }'],
  article: ['text/html', '<p>bought</p>'],
  data: ['text/plain', 'bought'],
  worked: ['text/plain', 'bought'],
};

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const prices = Object.fromEntries(Object.keys(GOODS).map((name) => [`/paid/${name}`, '$0.01']));
  const app = new Hono()
    .get('/', (c) => page(c.req.query('has') ?? ''))
    .get('/worker.js', () => new Response(WORKER, { headers: { 'Content-Type': 'text/javascript' } }))
    .use('/paid/*', async (c, next) => {
      await next();
      c.header('Cache-Control', 'max-age=600');
    })
    .use(await paywallFor(world, prices));
  shop = await startShop(
    app.get('/paid/:name', (c) => {
      const [type = '', body = ''] = GOODS[c.req.param('name')] ?? [];
      return c.body(body, 200, { 'Content-Type': type });
    }),
  );
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false, allowedSites: [shop.origin] } });
});
afterEach(() => reader?.close());

/** A service worker that answers from the browser's cache wherever that has something. */
const WORKER = `
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => event.respondWith(fetch(event.request, { cache: 'force-cache' })));`;

const paidRequests = () =>
  shop.requests().filter(({ headers }) => headers['payment-signature'] !== undefined).length;

/** It was paid once, by a request that has reached the server, and the reader is told so. */
async function expectBought(before: number): Promise<void> {
  const items = await until(
    () => reader.activity(),
    (all) => all.some(({ payment }) => payment?.state === 'settled' || payment?.state === 'rejected'),
    'the payment has ended',
  );
  expect(items.flatMap(({ payment }) => payment?.state ?? [])).toEqual(['settled']);
  expect(paidRequests()).toBe(before + 1);
  await expectPaid(world, reader, [PRICE]);
}

test.each<[string, string]>([
  ['a picture', '<img src="/paid/picture">'],
  ['a poster', '<video poster="/paid/poster"></video>'],
  ['an object', '<object data="/paid/object"></object>'],
  ['a script', '<script src="/paid/script"></script>'],
  ['a style sheet', '<link rel="stylesheet" href="/paid/style">'],
])('%s whose 402 may be kept is paid once, and comes (audit 18)', async (_, body) => {
  const before = paidRequests();
  await reader.page.goto(`${shop.origin}/?has=${encodeURIComponent(body)}`);
  await expectBought(before);
});

test('a page whose 402 is kept already is paid once, and comes', async () => {
  const before = paidRequests();
  await reader.page.goto(`${shop.origin}/paid/article`);
  await reader.page.getByText('bought').waitFor();
  await expectBought(before);
});

test('what a page fetches is paid once, although it asks for what is kept', async () => {
  const before = paidRequests();
  await reader.page.goto(shop.origin);
  const text = await reader.page.evaluate(async () => {
    const options = { cache: 'force-cache' } as const;
    return (await fetch('/paid/data', options)).text();
  });
  expect(text).toBe('bought');
  await expectBought(before);
});

test('what a page fetches through a service worker that answers from the cache is paid once, and comes (audit 18)', async () => {
  const before = paidRequests();
  await reader.page.goto(shop.origin);
  await reader.page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    if (navigator.serviceWorker.controller === null)
      await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
  });
  const text = await reader.page.evaluate(async () => (await fetch('/paid/worked')).text());
  expect(text).toBe('bought');
  await expectBought(before);
});
