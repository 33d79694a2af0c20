import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { centFor, header, paymentIn, type Settled, settle } from '../support/till.ts';

const CENT = 10_000n;
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
const CDN = fileURLToPath(new URL('../../component/dist/cdn', import.meta.url));
const GATE =
  '<script type="module" src="/x402-paywall.js"></script><x402-paywall src="/moved-on"></x402-paywall>';

let world: World;
let shop: Shop;
let store: Shop;
let reader: Reader;
/** Payments that reached the till, by path. */
let paid: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  store = await startShop(
    new Hono()
      .get('/signed', (c) => c.html('<h1>The signed file</h1>', 200, { 'Access-Control-Allow-Origin': '*' }))
      .get('/picture', (c) => c.body(PICTURE, 200, { 'Content-Type': 'image/svg+xml' })),
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
    .get('/gate', (c) => c.html(GATE))
    .get('/:file{x402-paywall.*}', serveStatic({ root: CDN }))
    .all('*', async (c) => {
      const payment = paymentIn(c.req.raw.headers);
      if (payment === null) return wants();
      paid.push(c.req.path);
      // Says "exact", and wants the hash of a transaction that the buyer has made himself.
      if (c.req.path === '/wants-hash') return wants();
      const settled = await settle(world, payment);
      if (c.req.url.endsWith('?picture'))
        return page('', { Location: `${store.origin}/picture`, ...receiptOf(settled) }, 303);
      return SETTLED[c.req.path]?.(settled) ?? page('Nothing here', {}, 404);
    });
}

/** Where a redirect leads, no payment comes along. */
function expectNoPaymentElsewhere(): void {
  expect(store.requests().flatMap(({ headers }) => Object.keys(headers))).not.toContain('payment-signature');
}

/** What the popup says over the reader's tab. */
async function popupSays(words: string): Promise<void> {
  const popup = await reader.popup();
  await popup.getByText(words).first().waitFor();
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

describe('C21: in the popup, what was charged and brought no page', () => {
  test.each(['/fresh-402', '/bad-gateway'])(
    '%s: is said to be paid, with a button that loads it',
    async (path) => {
      await reader.page.goto(shop.origin + path).catch(() => undefined);
      expect((await afterLook())?.state).toBe('settled');
      await expectPaid(world, reader, [CENT]);
      await popupSays('It is paid, but the page did not come.');
      const popup = await reader.popup();
      await popup.getByRole('button', { name: 'Load the page again' }).waitFor();
      expect(await popup.getByRole('listitem').filter({ hasText: path }).first().innerText()).toMatch(/Paid/);
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
    await popupSays('The site holds a signed payment that it can use for up to ten minutes.');
  });
});

describe('C11: a paid answer that leads to another host', () => {
  test('of an image is booked as paid from the 303, and it shows', async () => {
    await reader.page.goto(shop.origin);
    await reader.page.setContent('<img src="/moved-on?picture" alt="">');
    await until(
      () =>
        reader.page
          .locator('img')
          .evaluate((image) => image instanceof HTMLImageElement && image.naturalWidth),
      (width) => width === 9,
      'the picture shows',
    );
    const [item] = await reader.settled();
    expect(item?.payment).toMatchObject({ state: 'settled' });
    expect(item?.payment?.transaction).toMatch(/^0x[0-9a-f]{64}$/);
    await expectPaid(world, reader, [CENT]);
    expectNoPaymentElsewhere();
  });

  test('of the element, by the extension, is booked as paid from the 303, and the file shows in it', async () => {
    await reader.page.goto(`${shop.origin}/gate`);
    await reader.page.getByRole('button', { name: 'Read on for 1¢' }).click();
    await reader.page.locator('x402-paywall[state=unlocked]').waitFor();
    await reader.page.getByText('The signed file').waitFor();
    const [item] = await reader.settled();
    expect(item?.payment).toMatchObject({ state: 'settled' });
    await expectPaid(world, reader, [CENT]);
    expectNoPaymentElsewhere();
  });

  test('of a page is booked as paid from the 303, and the file shows', async () => {
    await reader.page.goto(`${shop.origin}/moved-on`);
    await reader.page.getByText('The signed file').waitFor();
    const [item] = await reader.settled();
    expect(item?.payment).toMatchObject({ state: 'settled' });
    expect(item?.payment?.transaction).toMatch(/^0x[0-9a-f]{64}$/);
    await expectPaid(world, reader, [CENT]);
    expectNoPaymentElsewhere();
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
