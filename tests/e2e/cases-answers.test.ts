import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { centFor, header, paymentIn, type Settled, settle } from '../support/till.ts';

const CENT = 10_000n;

let world: World;
let shop: Shop;
let store: Shop;
let reader: Reader;
/** Payments that reached the till, by path. */
let paid: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  store = await startShop(
    new Hono().get('/signed', (c) =>
      c.html('<h1>The signed file</h1>', 200, { 'Access-Control-Allow-Origin': '*' }),
    ),
  );
  shop = await startShop(till());
});
afterAll(async () => {
  await Promise.all([shop?.stop(), store?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  paid = [];
  reader = await startReader(world, { policy: { allowedSites: [shop.origin] } });
});
afterEach(() => reader?.close());

const terms = () => header({ x402Version: 2, error: 'Payment required', accepts: [centFor(world)] });
const wants = (status = 402) =>
  new Response('<h1>The till</h1>', {
    status: status as 402,
    headers: { 'PAYMENT-REQUIRED': terms(), 'Content-Type': 'text/html' },
  });
const page = (text: string, headers: Record<string, string> = {}, status = 200) =>
  new Response(`<h1>${text}</h1>`, { status, headers: { 'Content-Type': 'text/html', ...headers } });
const receiptOf = (value: unknown) => ({ 'PAYMENT-RESPONSE': header(value) });

/** What a till answers once it has settled, by path. */
const SETTLED: Readonly<Record<string, (settled: Settled) => Response>> = {
  '/fresh-402': () => wants(),
  '/bad-gateway': () => page('Bad gateway', {}, 502),
  '/unavailable': () => page('Come back later', {}, 503),
  '/something-else': () => page('A login page'),
  '/moved-on': (settled) => page('', { Location: `${store.origin}/signed`, ...receiptOf(settled) }, 303),
  '/tx-hash': ({ transaction }) => page('The content', receiptOf({ success: true, txHash: transaction })),
  '/transaction-hash': ({ transaction }) =>
    page('The content', receiptOf({ success: true, transactionHash: transaction, network: '' })),
  '/verified': () => page('The content', receiptOf({ isValid: true })),
  '/raw-json': (settled) => page('The content', { 'PAYMENT-RESPONSE': JSON.stringify(settled) }),
  '/own-receipt': () => page('The content', { 'PAYMENT-RESPONSE': '{"receiptId":"r-1","nonce":"7"}' }),
  '/no-receipt': () => page('The content'),
};

function till(): Hono {
  return new Hono()
    .get('/', (c) => c.html('<!doctype html><title>A site</title><body>'))
    .all('*', async (c) => {
      const payment = paymentIn(c.req.raw.headers);
      if (payment === null) return wants();
      paid.push(c.req.path);
      // Says "exact", and wants the hash of a transaction that the buyer has made himself.
      if (c.req.path === '/wants-hash') return wants();
      const settled = await settle(world, payment);
      return SETTLED[c.req.path]?.(settled) ?? page('Nothing here', {}, 404);
    });
}

/** The newest payment, after the chain was looked at. */
async function afterLook() {
  await reader.settled();
  await reader.ask('check', {});
  const { payments } = await reader.ask('overview', { tabId: null });
  expect(payments).toHaveLength(1);
  return payments[0];
}

describe('C21: what was settled, and not delivered', () => {
  test.each(['/fresh-402', '/bad-gateway', '/something-else'])(
    '%s: is never signed again, and is shown as charged',
    async (path) => {
      await reader.page.goto(shop.origin + path).catch(() => undefined);
      const payment = await afterLook();
      expect(payment?.state).toBe('settled');
      expect(payment?.transaction).toMatch(/^0x[0-9a-f]{64}$/);
      expect(paid.filter((one) => one === path)).toHaveLength(1);
      await expectPaid(world, reader, [CENT]);
    },
  );
});

describe('C23: receipts of another form', () => {
  test.each(['/tx-hash', '/transaction-hash', '/verified', '/raw-json', '/own-receipt', '/no-receipt'])(
    '%s: the payment ends as settled, with its transaction',
    async (path) => {
      await reader.page.goto(shop.origin + path);
      await reader.page.getByText('The content').waitFor();
      const payment = await afterLook();
      expect(payment?.state).toBe('settled');
      expect(payment?.transaction).toMatch(/^0x[0-9a-f]{64}$/);
      await expectPaid(world, reader, [CENT]);
    },
  );
});

describe('C24: settled and 503', () => {
  test('is unknown until the chain says that it was charged', async () => {
    await reader.page.goto(`${shop.origin}/unavailable`).catch(() => undefined);
    expect((await afterLook())?.state).toBe('settled');
    await expectPaid(world, reader, [CENT]);
  });
});

describe('C26: “exact” that wants the hash of a transaction', () => {
  test('is signed once, and its money stays reserved while the site holds the payment', async () => {
    await reader.page.goto(`${shop.origin}/wants-hash`);
    const payment = await afterLook();
    expect(payment?.state).toMatch(/^(rejected|unknown)$/);
    expect(paid).toEqual(['/wants-hash']);
    expect((await reader.ask('overview', { tabId: null })).spentToday).toBe('10000');
    await expectPaid(world, reader, []);
  });
});

describe('C11: a paid answer that leads to another host', () => {
  test('of a page is booked as paid from the 303, and the file shows', async () => {
    await reader.page.goto(`${shop.origin}/moved-on`);
    await reader.page.getByText('The signed file').waitFor();
    const [item] = await reader.settled();
    expect(item?.payment).toMatchObject({ state: 'settled' });
    expect(item?.payment?.transaction).toMatch(/^0x[0-9a-f]{64}$/);
    await expectPaid(world, reader, [CENT]);
    expect(store.requests().flatMap(({ headers }) => Object.keys(headers))).not.toContain(
      'payment-signature',
    );
  });

  test('of a script’s request is booked as paid from the 303, and its page gets the file', async () => {
    await reader.page.goto(shop.origin);
    expect(
      await reader.page.evaluate(() => fetch('/moved-on').then((response) => response.text())),
    ).toContain('The signed file');
    const [item] = await reader.settled();
    expect(item?.payment).toMatchObject({ state: 'settled' });
    await expectPaid(world, reader, [CENT]);
  });
});
