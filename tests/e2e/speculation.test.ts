import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await eagerSite());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

/** Front pages that fetch the paid article before anybody has opened it. For prerendering see its own test. */
async function eagerSite(): Promise<Hono> {
  const link = '<a href="/article">The article</a>';
  const rules = '{"prefetch":[{"urls":["/article"],"eagerness":"immediate"}]}';
  const app = new Hono();
  app.use(await paywallFor(world, { '/article': '$0.04', '/picture': '$0.01' }));
  app.get('/early', () => new Response(early(), { headers: EARLY }));
  app.get('/picture', (c) =>
    c.body(PIXEL, 200, { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'no-store' }),
  );
  app.get('/prefetch', (c) =>
    c.html(`<!doctype html><title>Front</title>${link}<script type="speculationrules">${rules}</script>`),
  );
  app.get('/link', (c) =>
    c.html(`<!doctype html><title>Front</title><link rel="prefetch" href="/article">${link}`),
  );
  return app.get('/article', (c) => c.html('<!doctype html><title>Article</title><p>The whole article</p>'));
}

const PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';
const EARLY = { 'Content-Type': 'text/html', Link: '</picture>; rel=preload; as=image' };
/** Lets the body of `/early` go: its headers have the browser load the picture before any script can run. */
let sendBody = () => {};

function early(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      sendBody = () => {
        controller.enqueue(
          new TextEncoder().encode('<!doctype html><title>Early</title><img src="/picture">'),
        );
        controller.close();
      };
    },
  });
}

const speculative = (from: number) =>
  shop
    .requests()
    .slice(from)
    .filter(
      ({ path, headers, status }) =>
        path === '/article' && headers['sec-purpose'] !== undefined && status === 402,
    );

for (const front of ['/prefetch', '/link']) {
  test(`an article that ${front} loads ahead is not paid until the reader opens it`, async () => {
    const from = shop.requests().length;
    await reader.page.goto(shop.origin + front);
    await until(
      async () => speculative(from).length,
      (count) => count > 0,
      'the browser loads the link ahead',
    );
    // The extension has been through its events by the time it answers a question that was asked after them.
    expect(await reader.activity()).toEqual([]);
    await expectPaid(world, reader, []);
    await reader.page.getByRole('link', { name: 'The article' }).click();
    await reader.page.getByText('The whole article').waitFor();
    const items = await reader.settled();
    expect(items).toHaveLength(1);
    await expectPaid(world, reader, [40_000n]);
    const paid = shop
      .requests()
      .slice(from)
      .filter(({ headers }) => headers['payment-signature'] !== undefined);
    expect(paid.map(({ headers }) => headers['sec-purpose'])).toEqual([undefined]);
  });
}

test('a picture whose 402 comes before the first byte of its page is paid once, and shown', async () => {
  const from = shop.requests().length;
  await reader.changePolicy({ allowedSites: [shop.origin] });
  const opened = reader.page.goto(`${shop.origin}/early`);
  await until(
    async () => shop.requests().slice(from),
    (all) => all.some(({ path, status }) => path === '/picture' && status === 402),
    'the picture is asked for ahead',
  );
  await reader.activity(); // The extension has seen that by now.
  sendBody();
  await opened;
  await reader.page.waitForFunction('document.images[0].naturalWidth === 1');
  const items = await reader.settled();
  expect(items.map(({ encounter }) => encounter.state)).toEqual(['paid']);
  await expectPaid(world, reader, [10_000n]);
});
