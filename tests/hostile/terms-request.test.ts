import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { bareTerms, paywallFor, type Shop, startShop } from '../support/shop.ts';
import { ENTRY_V2, termsHeader } from '../support/terms.ts';
import { page } from './support/till.ts';

// The extension's own request for terms that a 402 page does not name: what it takes along, and what it bears.

let world: World;
let site: Shop;
let other: Shop;
let reader: Reader;

const wantsTerms = (accept: string | undefined) => accept === 'application/json';

beforeAll(async () => {
  world = await startWorld();
  other = await startShop(
    new Hono().all('*', () => bareTerms(termsHeader([{ ...ENTRY_V2, payTo: world.payee }]))),
  );
  const app = new Hono();
  app.use(async (c, next) => {
    const isPaid = c.req.header('payment-signature') !== undefined;
    if (isPaid || wantsTerms(c.req.header('accept')) || c.req.path === '/cheap') return next();
    c.header('Set-Cookie', 'session=mine');
    return c.req.path.startsWith('/till/') ? new Response('The till', { status: 402 }) : next();
  });
  app.get('/till/moved', (c) => c.redirect(`${other.origin}/elsewhere`));
  app.get(
    '/till/:pace{fast|slow}',
    (c) => new Response(endless(c.req.param('pace') === 'fast' ? 10_000 : 1), { status: 402 }),
  );
  app.get('/till/silent/:at', () => new Promise<Response>(() => {}));
  app.get('/', () => page('<h1>A site</h1>'));
  app.get('/album', () =>
    page(Array.from({ length: 300 }, (_, at) => `<img src="/till/silent/${at}">`).join('')),
  );
  app.use(await paywallFor(world, { '/till/plain': '$0.01', '/cheap': '$0.01' }));
  app.get('/:path{.+}', (c) => c.text(`the content of ${c.req.param('path')}`));
  site = await startShop(app);
});
afterAll(async () => {
  await Promise.all([site?.stop(), other?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  await reader.page.goto(`${site.origin}/`); // Which sets a cookie; the browser takes a moment to keep it.
  await until(
    () => reader.context.cookies(),
    (cookies) => cookies.length > 0,
    'the cookie',
  );
});
afterEach(() => reader?.close());

/** An answer that never ends, of a hundred pieces a second. */
function endless(size: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      controller.enqueue(new Uint8Array(size).fill(32));
    },
  });
}

/** What the extension itself has asked a site, which no page has: the pages here ask for no JSON. */
const ownRequests = (shop: Shop) => shop.requests().filter(({ headers }) => wantsTerms(headers['accept']));

/** Opens a 402 page that is not paid, and waits until the extension has done with it. */
async function openTill(path: string): Promise<void> {
  await reader.page.goto(`${site.origin}${path}`).catch(() => null);
  await until(
    () => reader.activity(),
    (all) => all.some(({ encounter: { url, state } }) => url.endsWith(path) && state === 'unpaid'),
    'the 402 is dealt with',
  );
}

test('the request for terms takes no cookie, no origin and no referrer along (held in the audit)', async () => {
  await reader.page.goto(`${site.origin}/till/plain`);
  await reader.page.getByText('the content of till/plain').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  const asked = ownRequests(site).filter(({ path }) => path === '/till/plain');
  expect(asked).toHaveLength(1);
  const names = Object.keys(asked[0]?.headers ?? {});
  expect(names.filter((name) => /^(cookie|origin|referer|authorization)$|payment/.test(name))).toEqual([]);
  const byThePage = site.requests().find(({ path }) => path === '/till/plain');
  expect(byThePage?.headers['cookie']).toBe('session=mine'); // Else there was none to take along.
});

test('a redirect in answer to the request for terms is not followed (held in the audit)', async () => {
  await openTill('/till/moved');
  expect(ownRequests(site).filter(({ path }) => path === '/till/moved')).toHaveLength(1);
  expect(other.requests()).toEqual([]);
  await expectPaid(world, reader, []);
});

test.each(['fast', 'slow'])(
  'an answer to the request for terms that never ends, a %s one, is given up (held in the audit)',
  async (pace) => {
    await openTill(`/till/${pace}`); // Which ends once the extension has done with it.
    await expectPaid(world, reader, []);
  },
);

test('300 requests for terms that are never answered hold up no payment in another tab (held in the audit)', async () => {
  const asked = () => ownRequests(site).filter(({ path }) => path.startsWith('/till/silent/'));
  await reader.page.goto(`${site.origin}/album`);
  await until(
    async () => asked().length,
    (count) => count > 0,
    'terms are asked for',
  );
  const { page: front } = await reader.newTab();
  await front.goto(`${site.origin}/cheap`);
  await front.getByText('the content of cheap').waitFor();
  expect(asked().length).toBeLessThanOrEqual(8); // As many at a time as a page may have.
  await until(
    () => world.transfers({ from: reader.address }),
    (all) => all.length === 1,
    'it is paid',
  );
});
