import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import express from 'express';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { paymentMiddleware } from 'x402-express';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';
import { expectPaid, type Reader, type ReaderOptions, startReader, until } from '../support/reader.ts';
import { paywallFor } from '../support/shop.ts';

// A page that is loaded again with a header of ours and brings no content does not stay in the tab: the site's own does.

const CENT = 10_000n;
const OWN_PAGE = 'The site’s own page';
const CONTENT = 'What was paid for';
const UTF8 = '<!doctype html><meta charset="utf-8">';

const ERRORS = [403, 409, 400, 500, 'break'] as const;
/** Where a payment is answered with a redirect: to an error, to nothing at all, or to where it came from. */
const REDIRECTS = ['/lost/403', '/lost/500', '/lost/break', 'itself'] as const;

/** What a shop answers in place of the official server: an error, nothing at all, or a redirect. */
type Odd = number | 'break' | 'attachment' | (typeof REDIRECTS)[number];
type Visit = { readonly method: string; readonly path: string; readonly payment: string | null };
type Shop = Loopback & {
  readonly name: string;
  visits: Visit[];
  paid: Odd | null;
  rest: Odd | null;
};

let world: World;
let reader: Reader;
let shops: { readonly v1: Shop; readonly v2: Shop };

beforeAll(async () => {
  world = await startWorld();
  shops = { v1: await open('v1', oldShop()), v2: await open('v2', await newShop()) };
});
afterAll(async () => {
  await Promise.all(Object.values(shops ?? {}).map((one) => one.stop()));
  await world?.stop();
});
afterEach(() => reader?.close());

async function newShop(): Promise<RequestListener> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    const isOwn = c.res.status === 402 && c.req.header('payment-signature') === undefined;
    if (isOwn) c.res = new Response(UTF8 + OWN_PAGE, c.res);
  });
  app.use(await paywallFor(world, { '/page': '$0.01' }));
  app.use(await paywallFor(world, { '/page': '$0.01' }, 'POST'));
  app.all('/:name', (c) => c.html(UTF8 + (c.req.path === '/page' ? CONTENT : form)));
  return getRequestListener(app.fetch);
}

function oldShop(): RequestListener {
  const { payee, networkV1: network, facilitatorUrl } = world;
  const app = express();
  app.disable('etag'); // A conditional request would settle, and then be answered 304.
  const own = { price: '$0.01', network, config: { customPaywallHtml: UTF8 + OWN_PAGE } } as const;
  // Holds: loopback addresses start with http.
  app.use(paymentMiddleware(payee, { '/page': own }, { url: facilitatorUrl as `http://${string}` }));
  return app.all('/:name', (request, response) => {
    response.send(UTF8 + (request.path === '/page' ? CONTENT : form));
  });
}

const form = '<title>Front</title><form method="post" action="/page"><button>Send</button></form>';

function isRedirect(odd: Odd): odd is (typeof REDIRECTS)[number] {
  return REDIRECTS.some((one) => one === odd);
}

/** Serves a shop that answers as the test wants it to. */
async function open(name: string, listener: RequestListener): Promise<Shop> {
  const state: Pick<Shop, 'visits' | 'paid' | 'rest'> = { visits: [], paid: null, rest: null };
  const server = await listenOnLoopback((request, response) => {
    const { method = '', url: path = '', headers } = request;
    const header = headers['payment-signature'] ?? headers['x-payment'] ?? null;
    const isVisit = path.startsWith('/page') && headers.accept?.includes('text/html') === true;
    if (isVisit) state.visits.push({ method, path, payment: header === null ? null : `${header}` });
    const odd = header === null ? state.rest : state.paid;
    const [, lost] = /^\/lost\/(\w+)/.exec(path) ?? [];
    if (lost === 'break') return request.socket.destroy();
    if (lost !== undefined) return response.writeHead(Number(lost)).end('Lost');
    if (odd === null || !isVisit) return listener(request, response);
    if (odd === 'break') return request.socket.destroy();
    if (isRedirect(odd)) {
      response.writeHead(302, { location: odd === 'itself' ? path : odd });
      return response.end();
    }
    if (odd === 'attachment') {
      response.writeHead(200, { 'content-disposition': 'attachment; filename="paid.txt"' });
      return response.end(CONTENT);
    }
    response.writeHead(odd, { 'content-type': 'application/problem+json' });
    return response.end(odd === 500 ? '' : JSON.stringify({ type: 'about:blank', status: odd }));
  });
  return Object.assign(state, server, { name });
}

async function arrive(shop: Shop, options: ReaderOptions = {}): Promise<void> {
  Object.assign(shop, { paid: null, rest: null });
  reader = await startReader(world, options);
  await reader.page.goto(`${shop.origin}/front`);
  shop.visits = [];
}

const page = (shop: Shop) => `${shop.origin}/page`;
const text = () => reader.page.evaluate(() => document.body.textContent).catch(() => null);
const stands = (what: string) => until(text, (shown) => shown === what, `the tab shows: ${what}`);
const badge = () => reader.own().evaluate<string>(`chrome.action.getBadgeText({ tabId: ${reader.tabId} })`);
const payments = (shop: Shop) => shop.visits.flatMap(({ payment }) => payment ?? []);
/** Whether each visit carried a payment. The browser itself repeats a request whose connection breaks: that is one visit. */
const carried = (shop: Shop) =>
  shop.visits
    .map(({ payment }) => payment)
    .filter((one, index, all) => one === null || one !== all[index - 1])
    .map((one) => one !== null);
const visit = (shop: Shop) => reader.page.goto(page(shop)).catch(() => null); // Loaded again by us meanwhile.

/** Waits until a payment has failed, the site's own page was loaded after it and stands in the tab, and the badge says so. */
async function undone(shop: Shop): Promise<void> {
  await until(
    async () => carried(shop).length,
    (count) => count === 3,
    'the page is loaded again without the payment',
  );
  await until(
    () => reader.own().evaluate<string>(`chrome.tabs.get(${reader.tabId}).then(({ status }) => status)`),
    (status) => status === 'complete',
    'it is loaded',
  );
  await until(
    () => badge(),
    (badge) => badge === '!',
    'the badge',
  );
  await stands(OWN_PAGE);
}

async function buy(shop: Shop): Promise<void> {
  await visit(shop);
  await stands(CONTENT);
  await reader.settled();
  shop.visits = [];
}

describe.each(['v1', 'v2'] as const)('%s', (version) => {
  const shopOf = () => shops[version];

  test.each([
    ['refuses', 'Don’t pay', OWN_PAGE],
    ['agrees', 'Pay 1¢', CONTENT],
  ])('a bought page that is loaded again, and whose reader %s', async (_, button, shown) => {
    const shop = shopOf();
    await arrive(shop);
    await buy(shop);
    await reader.page.reload().catch(() => null);
    const question = await reader.question();
    await stands(OWN_PAGE); // Under the question as well.
    await Promise.all([
      question.waitForEvent('close'),
      question.getByRole('button', { name: button }).click(),
    ]);
    await stands(shown);
    await reader.settled();
    await expectPaid(world, reader, shown === CONTENT ? [CENT, CENT] : [CENT]);
    await reader.page.goBack();
    expect(reader.page.url()).toBe(`${shop.origin}/front`);
  });

  test('an empty purse leaves the site’s own page, also when it is loaded again', async () => {
    const shop = shopOf();
    await arrive(shop, { purse: 0n });
    for (const load of [1, 2]) {
      await visit(shop);
      await until(
        reader.activity,
        (items) => items.filter(({ encounter }) => encounter.state !== 'handling').length >= load,
        'the 402 is decided',
      );
      await stands(OWN_PAGE);
      expect(carried(shop)).toEqual(Array(load).fill(false)); // Nothing is under way that could replace it.
    }
    await expectPaid(world, reader, []);
  });

  test('a purse that is found empty by the site alone leaves the site’s own page', async () => {
    const shop = shopOf();
    await arrive(shop, { purse: 0n });
    await reader.ask('setRpc', { network: world.network, url: 'http://127.0.0.1:9' });
    await visit(shop);
    await undone(shop);
    expect(carried(shop)).toEqual([false, true, false]);
    await expectPaid(world, reader, []);
  });

  test('a payment that is answered with an error leaves the site’s own page, and is signed once', async () => {
    const shop = shopOf();
    await arrive(shop);
    const paid: bigint[] = [];
    const entries = await reader.page.evaluate(() => history.length);
    for (const answer of ERRORS) {
      const url = `${page(shop)}?${answer}`; // Each query is a purchase of its own.
      Object.assign(shop, { paid: answer, visits: [] });
      await reader.page.goto(url).catch(() => null);
      await undone(shop);
      expect(carried(shop)).toEqual([false, true, false]);
      await expectPaid(world, reader, paid);
      expect(await reader.page.evaluate(() => history.length)).toBe(entries + 1);
      shop.paid = null; // The same payment is what opens it, and no other.
      await reader.page.reload().catch(() => null);
      await stands(CONTENT);
      expect(new Set(payments(shop)).size).toBe(1);
      paid.push(CENT);
      await reader.settled();
      await expectPaid(world, reader, paid);
      await reader.page.goBack();
      expect(reader.page.url()).toBe(`${shop.origin}/front`);
    }
  });

  test.each(REDIRECTS)(
    'a payment that is answered with a redirect to %s leaves the site’s own page, and is signed once',
    async (where) => {
      const shop = shopOf();
      await arrive(shop);
      shop.paid = where;
      const url = `${page(shop)}?${where}`;
      await reader.page.goto(url).catch(() => null);
      await undone(shop);
      expect(reader.page.url()).toBe(url);
      expect(new Set(payments(shop)).size).toBe(1);
      expect(carried(shop)).toEqual([false, true, false]);
      await expectPaid(world, reader, []);
      shop.paid = null; // The same payment is what opens it, and no other.
      await reader.page.reload().catch(() => null);
      await stands(CONTENT);
      expect(new Set(payments(shop)).size).toBe(1);
      await reader.settled();
      await expectPaid(world, reader, [CENT]);
      // The browser's own error page, in which no script runs, can't be taken out of the history.
      if (where === '/lost/break') return;
      await reader.page.goBack();
      expect(reader.page.url()).toBe(`${shop.origin}/front`);
    },
  );

  test.each(REDIRECTS)(
    'a bought page whose old payment is answered with a redirect to %s asks once, over the site’s own page',
    async (where) => {
      const shop = shopOf();
      await arrive(shop);
      await buy(shop);
      shop.paid = where;
      await reader.page.reload().catch(() => null);
      const question = await reader.question();
      await question.getByText('You paid for this address before: 1¢').waitFor();
      await stands(OWN_PAGE);
      expect(reader.page.url()).toBe(page(shop));
      await Promise.all([
        question.waitForEvent('close'),
        question.getByRole('button', { name: 'Don’t pay' }).click(),
      ]);
      await stands(OWN_PAGE);
      expect(carried(shop)).toEqual([false, true, false]);
      await expectPaid(world, reader, [CENT]);
    },
  );

  test('a bought page whose old payment is answered with an error asks once, over the site’s own page', async () => {
    const shop = shopOf();
    await arrive(shop);
    for (const [index, answer] of ERRORS.entries()) {
      shop.paid = null;
      await reader.page.goto(`${page(shop)}?${answer}`).catch(() => null);
      await stands(CONTENT);
      await reader.settled();
      Object.assign(shop, { paid: answer, visits: [] });
      await reader.page.reload().catch(() => null);
      const question = await reader.question();
      await question.getByText('You paid for this address before: 1¢').waitFor();
      await stands(OWN_PAGE);
      await Promise.all([
        question.waitForEvent('close'),
        question.getByRole('button', { name: 'Don’t pay' }).click(),
      ]);
      await stands(OWN_PAGE);
      expect(carried(shop)).toEqual([false, true, false]);
      await expectPaid(world, reader, Array(index + 1).fill(CENT));
    }
  });

  test('a site that answers 503 to everything is loaded once more, and no oftener', async () => {
    const shop = shopOf();
    await arrive(shop);
    shop.paid = 503;
    await visit(shop).finally(() => Object.assign(shop, { rest: 503 }));
    await until(
      async () => carried(shop).length,
      (count) => count === 3,
      'the page is loaded again without the payment',
    );
    await until(text, (shown) => shown?.includes('503') === true, 'its answer stands');
    await reader.page.goto(`${shop.origin}/front`);
    expect(carried(shop)).toEqual([false, true, false]);
    await expectPaid(world, reader, []);
  });

  test('a download is content: the site’s own page stays, and is not loaded again', async () => {
    const shop = shopOf();
    await arrive(shop);
    shop.paid = 'attachment';
    const download = reader.page.waitForEvent('download');
    await visit(shop);
    expect((await download).suggestedFilename()).toBe('paid.txt');
    await stands(OWN_PAGE);
    await reader.settled();
    expect(carried(shop)).toEqual([false, true]);
  });
});

test('a form is not sent once more after its payment has failed', async () => {
  const shop = shops.v2;
  await arrive(shop);
  shop.paid = 403;
  await reader.page.getByRole('button', { name: 'Send' }).click();
  await (await reader.question()).getByRole('button', { name: 'Pay 1¢' }).click();
  await until(
    async () => payments(shop).length,
    (count) => count === 1,
    'the form is sent with the payment',
  );
  await until(
    () => badge(),
    (badge) => badge === '!',
    'the badge',
  );
  expect(shop.visits.map(({ method }) => method)).toEqual(['POST', 'POST']);
  await expectPaid(world, reader, []);
});
