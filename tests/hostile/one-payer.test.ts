import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { freezeAt, passedBy } from '../faults/freeze.ts';
import { type Buyer, newBuyer, sign, termsOf } from '../support/buyer.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/*
 * A page that pays by itself, as every x402 page with a browser wallet does, and whose server takes the money and
 * answers 402 all the same: the settlement is pending, or its answer was lost.
 */

const PRICE = 10_000n;

let world: World;
let shop: Shop;
let reader: Reader;
/** The page's own wallet. */
let wallet: Buyer;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await app());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  wallet = await newBuyer(world, 1_000_000n);
  reader = await startReader(world);
  await reader.page.goto(`${shop.origin}/`);
});
afterEach(() => reader?.close());

const PAGE = '<!doctype html><title>A shop with a wallet</title><h1>A shop with a wallet</h1>';
const WORKER = `onmessage = async ({ data: [url, headers] }) => postMessage((await fetch(url, { headers })).status)`;
const SERVICE_WORKER = `
  onactivate = (event) => event.waitUntil(clients.claim());
  onfetch = (event) => event.respondWith(fetch(event.request));`;

async function app(): Promise<Hono> {
  const script = (text: string) =>
    new Response(text, { headers: { 'Content-Type': 'text/javascript', 'Cache-Control': 'no-store' } });
  return new Hono()
    .get('/', (c) => c.html(PAGE))
    .get('/worker.js', () => script(WORKER))
    .get('/sw.js', () => script(SERVICE_WORKER))
    .use(async (c, next) => {
      const own = ownPaymentIn(c.req.raw.headers);
      if (own === null || c.req.header('x-settle') !== undefined) return next();
      const settled = await fetch(c.req.url, { headers: { 'PAYMENT-SIGNATURE': own, 'X-Settle': 'yes' } });
      expect(settled.status).toBe(200);
      return fetch(c.req.url); // The 402 of somebody who has not paid.
    })
    .use(await paywallFor(world, { '/article': '$0.01' }))
    .get('/article', (c) => c.text('the article'));
}

/** The payment of the page's own wallet, under whichever name it came. */
function ownPaymentIn(headers: Headers): string | null {
  const value = headers.get('x-payment') ?? headers.get('payment-signature') ?? headers.get('authorization');
  const text = value?.replace(/^Payment /i, '') ?? null;
  return text !== null && atob(text).includes(wallet.address) ? text : null;
}

async function payment(): Promise<string> {
  return (await sign(await termsOf(`${shop.origin}/article`), wallet)).header.value;
}

/** Both payers' money: the page's wallet has paid once, the reader nothing. */
async function expectOnePayer(): Promise<void> {
  expect(await world.balanceOf(wallet.address)).toBe(1_000_000n - PRICE);
  await expectPaid(world, reader, []);
}

type Header = readonly [name: string, value: string];

const WAYS: Readonly<Record<string, (header: Header) => Promise<number>>> = {
  'fetch with an object of headers': ([name, value]) =>
    reader.page.evaluate(
      async ([name, value]) => (await fetch('/article', { headers: { [name]: value } })).status,
      [name, value] as const,
    ),
  'fetch with a list of headers': (header) =>
    reader.page.evaluate(
      async ([name, value]) => (await fetch('/article', { headers: [[name, value]] })).status,
      header,
    ),
  'fetch with a Request': (header) =>
    reader.page.evaluate(async ([name, value]) => {
      const request = new Request('/article', { headers: new Headers([[name, value]]) });
      return (await fetch(request)).status;
    }, header),
  XMLHttpRequest: (header) =>
    reader.page.evaluate(
      ([name, value]) =>
        new Promise<number>((resolve) => {
          const xhr = new XMLHttpRequest();
          xhr.onload = () => resolve(xhr.status);
          xhr.open('GET', '/article');
          xhr.setRequestHeader(name, value);
          xhr.send();
        }),
      header,
    ),
  'fetch through a service worker': async (header) => {
    await reader.page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      if (navigator.serviceWorker.controller === null)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    return reader.page.evaluate(
      async ([name, value]) => (await fetch('/article', { headers: { [name]: value } })).status,
      header,
    );
  },
};

test.each([
  ...Object.keys(WAYS).map((way) => [way, 'PAYMENT-SIGNATURE'] as const),
  ['fetch with a list of headers', 'x-payment'] as const,
  ['XMLHttpRequest', 'Authorization'] as const,
])(
  'what the page pays itself, by %s with %s, is not paid a second time by the extension (audit 3)',
  async (way, name) => {
    const value = await payment();
    const status = await WAYS[way]?.([name, name === 'Authorization' ? `Payment ${value}` : value]);
    expect(status).toBe(402);
    await expectOnePayer();
    expect(await reader.activity()).toEqual([]);
  },
);

test('a sign-in that the page sends itself is not answered with a payment (audit 3)', async () => {
  const status = await WAYS['fetch with a list of headers']?.(['Sign-In-With-X', 'e30=']);
  expect(status).toBe(402);
  await expectPaid(world, reader, []);
  expect(await reader.activity()).toEqual([]);
});

/** Has a worker of the page ask: with a header of its own, or for an address nearby without one. */
const byWorker = (header: Header | null) =>
  reader.page.evaluate(
    ([header]) =>
      new Promise((resolve) => {
        const worker = new Worker('/worker.js');
        worker.onmessage = ({ data }) => resolve(data);
        worker.postMessage([
          header === null ? '/article?unpaid' : '/article',
          header === null ? [] : [header],
        ]);
      }),
    [header] as const,
  );

test('a worker of the page that pays itself leaves nothing in the popup to be paid again (audit 3)', async () => {
  expect(await byWorker(['X-PAYMENT', await payment()])).toBe(402);
  expect(await byWorker(null)).toBe(402); // Looked at after the other one would have been.
  const items = await reader.settled();
  expect(items.map(({ encounter }) => new URL(encounter.url).search)).toEqual(['?unpaid']);
  await expectOnePayer();
});

describe('while the payment that the page made may settle', () => {
  beforeEach(async () => {
    await WAYS['XMLHttpRequest']?.(['PAYMENT-SIGNATURE', await payment()]);
    await expectOnePayer();
  });

  test.each(['at once', 'after the background has been stopped'])(
    'the same address is not paid without a question, %s (audit 3)',
    async (when) => {
      if (when !== 'at once') await reader.stopBackground();
      const status = await reader.page.evaluate(
        async () => (await fetch('/article', { x402: { ask: false } } as RequestInit)).status,
      );
      expect(status).toBe(402);
      const [item] = await reader.settled();
      expect(item?.encounter.verdict).toMatchObject({ outcome: 'ask', reason: 'paid-by-page' });
      await expectOnePayer();
    },
  );

  test('the reader who goes to that address is told, and may pay for it (audit 3)', async () => {
    await reader.page.goto(`${shop.origin}/article`);
    const question = await reader.question();
    await question.getByText('The page has just paid for this itself').waitFor();
    await expectOnePayer();
    await question.getByRole('button', { name: 'Pay 1¢' }).click();
    await reader.page.getByText('the article').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [PRICE]);
  });

  test('another address is paid as ever (audit 3)', async () => {
    const status = await reader.page.evaluate(async () => (await fetch('/article?other')).status);
    expect(status).toBe(200);
    await reader.settled();
    await expectPaid(world, reader, [PRICE]);
  });
});

test('a payment of ours that leaves after the background has been stopped is not taken for the page’s (audit 3)', async () => {
  const worker = reader.context.serviceWorkers().at(-1);
  if (worker === undefined) throw new Error('The background does not run.');
  const read = async (name: string) => {
    await reader.page.goto(`${shop.origin}/article?${name}`);
    await reader.page.getByText('the article').waitFor();
  };
  await read('one'); // The first one asks the chain for more than those after it.
  await reader.settled();
  await freezeAt(worker, Number.POSITIVE_INFINITY);
  await read('two');
  const { names } = await passedBy(worker);
  await reader.settled();
  // The header is armed, and the background ends before the page is loaded again.
  await freezeAt(worker, names.indexOf('before reload') + 1);
  await reader.page.goto(`${shop.origin}/article?three`);
  await until(
    () => passedBy(worker),
    ({ frozen }) => frozen,
    'the header is armed',
  );
  await reader.stopBackground();
  await reader.page.reload();
  await reader.page.getByText('the article').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [PRICE, PRICE, PRICE]);
  await reader.page.evaluate(() => fetch('/article?three', { x402: { ask: false } } as RequestInit));
  const items = await reader.settled();
  const reasons = items.map(({ encounter }) => encounter.verdict).filter((one) => one?.outcome === 'ask');
  expect(JSON.stringify(reasons)).not.toContain('paid-by-page');
  await expectPaid(world, reader, [PRICE, PRICE, PRICE]);
});

test('a worker that pays itself by “Authorization: Payment” leaves nothing to be paid again (audit 3)', async () => {
  expect(await byWorker(['Authorization', `Payment ${await payment()}`])).toBe(402);
  expect(await byWorker(null)).toBe(402);
  const items = await reader.settled();
  expect(items.map(({ encounter }) => new URL(encounter.url).search)).toEqual(['?unpaid']);
  await expectOnePayer();
});
