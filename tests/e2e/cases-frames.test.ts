import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { centFor, header, paymentIn, settle } from '../support/till.ts';

let world: World;
let shop: Shop;
let reader: Reader;
/** Requests for the thing in the frame that came with a payment. */
let paid = 0;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(till());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  paid = 0;
  reader = await startReader(world, { policy: { allowedSites: [shop.origin] } });
});
afterEach(() => reader?.close());

function till(): Hono {
  const terms = () => header({ x402Version: 2, error: 'Payment required', accepts: [centFor(world)] });
  // Documents without an origin may read the 402.
  const wants = () => ({
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': '*',
    'PAYMENT-REQUIRED': terms(),
  });
  return new Hono()
    .get('/', (c) => c.html('<!doctype html><title>A site</title><body>'))
    .get('/frame', (c) => c.html(decodeURIComponent(new URL(c.req.url).search.slice(1))))
    .get('/thing', (c) => {
      if (paymentIn(c.req.raw.headers) !== null) paid += 1;
      return c.json({}, 402, wants());
    })
    .get('/content', async (c) => {
      const payment = paymentIn(c.req.raw.headers);
      if (payment === null) return c.json({}, 402, wants());
      await settle(world, payment);
      return c.json({});
    });
}

const BY: Readonly<Record<string, (address: string) => string>> = {
  'an image': (address) => `<img src="${address}">`,
  'a fetch': (address) => `<script>fetch("${address}").catch(String)</script>`,
};

/** How a page makes a frame with `markup` whose document has the origin "null". */
const FRAMES: Readonly<Record<string, string>> = {
  'a sandboxed': "frame.sandbox = 'allow-scripts'; frame.src = '/frame?' + encodeURIComponent(markup)",
  'a sandboxed srcdoc': "frame.sandbox = 'allow-scripts'; frame.srcdoc = markup",
  'a data:': "frame.src = 'data:text/html,' + encodeURIComponent(markup)",
  'a sandboxed blob:':
    "frame.sandbox = 'allow-scripts'; frame.src = URL.createObjectURL(new Blob([markup], { type: 'text/html' }))",
};
/** The browser names no frame with such a document, so that nobody is known to ask: nothing is written down. */
const UNSEEN = 'a sandboxed blob:';

const asked = async () => shop.requests().filter(({ path }) => path === '/thing').length;
const things = async () =>
  (await reader.activity()).filter(({ encounter }) => encounter.url.endsWith('/thing'));

describe.each(Object.entries(FRAMES))('C08: in %s frame, whose origin is "null",', (frame, make) => {
  test.each(Object.keys(BY))(
    '%s is decided before anything is signed, and nothing stays reserved',
    async (by) => {
      await reader.page.goto(shop.origin);
      const before = await asked();
      const markup = JSON.stringify(BY[by]?.(`${shop.origin}/thing`));
      await reader.page.evaluate(
        `{ const frame = document.createElement('iframe'), markup = ${markup}; ${make}; document.body.append(frame) }`,
      );
      await until(asked, (count) => count > before, 'it is asked for');
      if (frame !== UNSEEN)
        await until(things, ([one]) => one?.encounter.state === 'unpaid', 'the 402 is dealt with');
      // What the page itself asks for is paid as ever, after it.
      expect(await reader.page.evaluate(() => fetch('/content').then(({ status }) => status))).toBe(200);
      await reader.settled();
      await expectPaid(world, reader, [10_000n]);
      const left = { encounter: { state: 'unpaid', verdict: { reason: 'not-attachable' } }, payment: null };
      expect(await things()).toMatchObject(frame === UNSEEN ? [] : [left]);
      const { payments, spentToday, listed } = await reader.ask('overview', { tabId: reader.tabId });
      expect([paid, payments.length, spentToday, listed]).toEqual([0, 1, '10000', []]);
    },
  );
});
