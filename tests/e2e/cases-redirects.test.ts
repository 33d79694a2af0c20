import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { silence } from '../../demo-site/server/wave.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const CENT = 10_000n;

let world: World;
let shop: Shop;
let other: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  other = await startShop(await contents());
  shop = await startShop(await contents());
});
afterAll(async () => {
  await Promise.all([shop?.stop(), other?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, {
    policy: {
      allowedSites: [shop.origin, other.origin],
      allowedOrigins: [{ site: shop.origin, origin: other.origin }],
    },
  });
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

const DRAWING =
  '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><path d="M0 0h40v20H0z"/></svg>';

async function contents(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.header('Access-Control-Allow-Origin', '*');
  });
  app.get('/', (c) => c.html('<!doctype html><title>A site</title><body>'));
  app.all('/:status{[0-9]+}/:name', (c) => {
    const { status, name } = c.req.param();
    return c.body(null, Number(status) as 308, { Location: `/${name}` });
  });
  app.all('/away/:name', (c) => c.redirect(`${other.origin}/${c.req.param('name')}`, 307));
  for (const verb of ['GET', 'POST'])
    app.use(await paywallFor(world, { '/data': '$0.01', '/drawing': '$0.01', '/sound': '$0.01' }, verb));
  app.all('/data', async (c) => c.json({ method: c.req.method, body: await c.req.text() }));
  app.get('/drawing', (c) => c.body(DRAWING, 200, { 'Content-Type': 'image/svg+xml' }));
  return app.get('/sound', (c) => c.body(Buffer.from(silence(1)), 200, { 'Content-Type': 'audio/wav' }));
}

const add = (html: string) =>
  reader.page.evaluate((text) => document.body.insertAdjacentHTML('beforeend', text), html);
const fetched = (path: string, method = 'GET') =>
  reader.page.evaluate(
    async ([url, verb]) => {
      const response = await fetch(url, { method: verb, ...(verb === 'POST' ? { body: 'tea' } : {}) });
      return { status: response.status, body: await response.text() };
    },
    [path, method] as const,
  );
const paidRequests = () =>
  [...shop.requests(), ...other.requests()].filter(({ headers }) => 'payment-signature' in headers);

describe('C17: a redirect within a site, and then a 402', () => {
  test.each([301, 307, 308])('of a GET by fetch (%i) is paid once, at the last address', async (status) => {
    const from = paidRequests().length;
    expect((await fetched(`/${status}/data`)).status).toBe(200);
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
    expect(
      paidRequests()
        .slice(from)
        .map(({ path }) => path),
    ).toEqual(['/data']);
  });

  test('of a POST by fetch is paid, and sends the same', async () => {
    expect(await fetched('/307/data', 'POST')).toEqual({
      status: 200,
      body: '{"method":"POST","body":"tea"}',
    });
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });

  test('of an XMLHttpRequest is paid', async () => {
    const status = await reader.page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const xhr = new XMLHttpRequest();
          xhr.open('GET', '/308/data');
          xhr.onloadend = () => resolve(xhr.status);
          xhr.send();
        }),
    );
    expect(status).toBe(200);
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });

  test('of an image is paid, and it shows', async () => {
    await add('<img src="/308/drawing">');
    await reader.page.waitForFunction(() => document.images[0]?.naturalWidth === 40);
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });

  test('of a sound is paid, and it plays', async () => {
    await add('<audio src="/307/sound" preload="auto"></audio>');
    await reader.page.waitForFunction("document.querySelector('audio').readyState > 2");
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });

  test('of a page is paid', async () => {
    await reader.page.goto(`${shop.origin}/308/data`);
    await reader.page.getByText('"method":"GET"').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });
});

describe('C17: a redirect that leads elsewhere', () => {
  const expectLeft = async () => {
    const items = await reader.settled();
    expect(items.map(({ encounter }) => encounter.verdict)).toEqual([
      { outcome: 'deny', reason: 'redirected' },
    ]);
    await expectPaid(world, reader, []);
  };

  test('to another site by fetch is left alone, and says so', async () => {
    expect((await fetched('/away/data')).status).toBe(402);
    await expectLeft();
  });

  test('to another site by an image is left alone, and says so', async () => {
    await add('<img src="/away/drawing">');
    await expectLeft();
  });

  test.each([302, 303])('with a status that may change the request (%i) is left alone', async (status) => {
    expect((await fetched(`/${status}/data`)).status).toBe(402);
    await expectLeft();
  });
});
