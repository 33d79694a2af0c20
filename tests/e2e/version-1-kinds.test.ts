import express, { type Express } from 'express';
import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { paymentMiddleware } from 'x402-express';
import { silence } from '../../demo-site/server/wave.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const CENT = 10_000n;

let world: World;
let shop: Loopback;
let odd: Shop;
let reader: Reader;
/** Paths that were asked for with a payment. */
let paid: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  shop = await listenOnLoopback(oldShop());
  odd = await startShop(await oddShop());
});
afterAll(async () => {
  await Promise.all([shop?.stop(), odd?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  paid = [];
  reader = await startReader(world, { policy: { allowedSites: [shop.origin, odd.origin] } });
});
afterEach(() => reader?.close());

const DRAWING =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40v20H0z"/></svg>';

/** The official v1 server: its terms are only ever in the body, as JSON, and never for what looks like a browser. */
function oldShop(): Express {
  const { payee, networkV1: network, facilitatorUrl } = world;
  const app = express();
  app.disable('etag'); // A conditional request would settle, and then be answered 304.
  app.use((request, _response, next) => {
    if (request.header('x-payment') !== undefined) paid.push(request.path);
    if (request.path === '/paid/only-page') {
      request.headers.accept = 'text/html'; // Whoever asks, and however.
      request.headers['user-agent'] = 'Mozilla/5.0';
    }
    next();
  });
  const till = '<!doctype html><title>The till</title><p>The till';
  const plain = { price: '$0.01', network, config: { customPaywallHtml: till } } as const;
  const official = { price: '$0.01', network } as const; // With the official page, and `window.x402` in it.
  const routes = { 'GET /paid/only-page': official, 'GET /paid/*': plain, 'POST /paid/*': plain };
  // Holds: loopback addresses start with http.
  app.use(paymentMiddleware(payee, routes, { url: facilitatorUrl as `http://${string}` }));
  app.get('/free', (_request, response) => void response.send('<!doctype html><title>Free</title><body>'));
  app.get('/paid/drawing', (_request, response) => void response.type('image/svg+xml').send(DRAWING));
  app.get('/paid/style', (_request, response) => void response.type('css').send('body { margin: 41px }'));
  app.get('/paid/sound', (_request, response) => void response.type('audio/wav').send(silence(1)));
  app.get('/paid/plan', (_request, response) => void response.type('text').send('The plan'));
  app.get('/paid/data', (_request, response) => void response.json({ tide: 'high' }));
  app.post('/paid/order', express.json(), (request, response) => void response.json({ got: request.body }));
  app.get('/paid/:page', (_request, response) => void response.send('<!doctype html><p>The paid page'));
  return app;
}

/** The official v2 server, with its terms in a header that no specification names. */
async function oddShop(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const terms = c.res.headers.get('PAYMENT-REQUIRED');
    if (terms === null) return;
    const value = c.req.path === '/as-json' ? JSON.stringify(JSON.parse(atob(terms))) : terms;
    c.res = undefined; // Else it would keep its headers.
    c.res = new Response('The till', { status: 402, headers: { 'X-PAYMENT-REQUIRED': value } });
  });
  app.use(await paywallFor(world, { '/as-json': '$0.01', '/as-base64': '$0.01' }));
  return app.get('/:name', (c) => c.html('<!doctype html><p>The paid page'));
}

const free = () => reader.page.goto(`${shop.origin}/free`);
/** Puts an element into the page. Its attributes are what it shows. */
const add = (html: string) =>
  reader.page.evaluate((text) => document.body.insertAdjacentHTML('beforeend', text), html);

type Kind = readonly [name: string, html: string, path: string, works: (page: Page) => Promise<unknown>];

const KINDS: readonly Kind[] = [
  [
    'an image',
    '<img src="/paid/drawing">',
    '/paid/drawing',
    (page) => page.waitForFunction(() => document.images[0]?.naturalWidth === 40),
  ],
  [
    'a frame',
    '<iframe src="/paid/framed"></iframe>',
    '/paid/framed',
    (page) => page.frameLocator('iframe').getByText('The paid page').waitFor(),
  ],
  [
    'a style sheet',
    '<link rel="stylesheet" href="/paid/style">',
    '/paid/style',
    (page) => page.waitForFunction("getComputedStyle(document.body).marginTop === '41px'"),
  ],
  [
    'a sound',
    '<audio src="/paid/sound" preload="auto"></audio>',
    '/paid/sound',
    (page) => page.waitForFunction("document.querySelector('audio').readyState > 2"),
  ],
];

test.each(KINDS)('%s with terms in the body is paid once and comes', async (_, html, path, works) => {
  await free();
  await add(html);
  await works(reader.page);
  await reader.settled();
  await expectPaid(world, reader, [CENT]);
  expect(paid).toEqual([path]);
});

test('a download with terms in the body is paid and fetched once more', async () => {
  await free();
  await add('<a href="/paid/plan" download="plan.txt">The plan</a>');
  await reader.page.getByRole('link').click();
  await until(
    async () => paid,
    (paths) => paths.includes('/paid/plan'),
    'it is fetched with a payment',
  );
  await reader.settled();
  await expectPaid(world, reader, [CENT]);
});

test('a link to a page with terms in the body is paid', async () => {
  await free();
  await add('<a href="/paid/page?from=free#part">The page</a>');
  await reader.page.getByRole('link').click();
  await reader.page.getByText('The paid page').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [CENT]);
  expect(reader.page.url()).toBe(`${shop.origin}/paid/page?from=free#part`);
});

/** What a page gets by `XMLHttpRequest`. */
function byXhr([method, url, type]: readonly [string, string, '' | 'json']) {
  return new Promise<unknown>((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, url);
    xhr.responseType = type;
    xhr.setRequestHeader('Content-Type', 'application/json');
    xhr.onloadend = () => resolve(type === '' ? JSON.parse(xhr.responseText) : xhr.response);
    xhr.send(method === 'POST' ? '{"tea":2}' : null);
  });
}

/** What a page gets by `fetch`. */
function byFetch([method, url]: readonly [string, string, '' | 'json']) {
  const init = { method, headers: { 'Content-Type': 'application/json' } };
  return fetch(url, method === 'POST' ? { ...init, body: '{"tea":2}' } : init).then(
    (response): Promise<unknown> => response.json(),
  );
}

const SCRIPTS = [
  ['fetch', byFetch, ''],
  ['XHR as text', byXhr, ''],
  ['XHR as JSON', byXhr, 'json'],
] as const;

test.each(SCRIPTS)('a GET by %s is paid on the terms that the background reads', async (_, call, type) => {
  await free();
  expect(await reader.page.evaluate(call, ['GET', '/paid/data', type] as const)).toEqual({ tide: 'high' });
  const [item] = await reader.settled();
  await expectPaid(world, reader, [CENT]);
  expect(item?.encounter.terms?.from).toBe('body');
});

test.each(SCRIPTS)(
  'a POST by %s is asked about, since only its page saw the terms',
  async (_, call, type) => {
    await free();
    const answer = reader.page.evaluate(call, ['POST', '/paid/order', type] as const);
    const question = await reader.question();
    const [asked] = await reader.activity();
    expect(asked?.encounter).toMatchObject({
      state: 'asking',
      terms: { from: 'page' },
      verdict: { outcome: 'ask', reason: 'terms-from-page' },
    });
    await expectPaid(world, reader, []);
    await question.getByRole('button', { name: 'Pay 1¢' }).click();
    expect(await answer).toEqual({ got: { tea: 2 } });
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  },
);

test('a POST that is refused gives its page the 402', async () => {
  await free();
  const answer = reader.page.evaluate(byFetch, ['POST', '/paid/order', ''] as const);
  await (await reader.question()).getByRole('button', { name: 'Don’t pay' }).click();
  expect(await answer).toMatchObject({ x402Version: 1 });
  await reader.settled();
  await expectPaid(world, reader, []);
});

test('terms that are only in the script of a page are asked about', async () => {
  await reader.page.goto(`${shop.origin}/paid/only-page`);
  const question = await reader.question();
  const [asked] = await reader.activity();
  expect(asked?.encounter).toMatchObject({
    terms: { from: 'page' },
    verdict: { outcome: 'ask', reason: 'terms-from-page' },
  });
  await expectPaid(world, reader, []);
  await question.getByRole('button', { name: 'Pay 1¢' }).click();
  await reader.page.getByText('The paid page').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [CENT]);
});

test.each(['/as-json', '/as-base64'])('terms in X-PAYMENT-REQUIRED%s are read and paid', async (path) => {
  await reader.page.goto(odd.origin + path);
  await reader.page.getByText('The paid page').waitFor();
  const [item] = await reader.settled();
  await expectPaid(world, reader, [CENT]);
  expect(item?.encounter.terms?.from).toBe('unspecified');
});
