import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { bareTerms, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(brokenTills());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const good = {
  scheme: 'exact',
  network: 'eip155:84532',
  amount: '10000',
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  maxTimeoutSeconds: 60,
  extra: { name: 'USDC', version: '2' },
};

/** Terms that must not be paid, by path, with the words that the popup has for each. */
const cases: Readonly<Record<string, { header: string; words: string }>> = {
  '/unreadable': { header: '!!! not base64 !!!', words: 'payment terms can’t be read' },
  '/no-json': { header: btoa('price: five'), words: 'payment terms can’t be read' },
  '/network': {
    header: terms({ network: 'eip155:31337' }),
    words: 'The network “eip155:31337” is not known here.',
  },
  '/token': {
    header: terms({ asset: '0x1111111111111111111111111111111111111111' }),
    words: 'The token 0x1111111111111111111111111111111111111111 on Base Sepolia is not known here.',
  },
  '/amount': {
    header: terms({ amount: 'five cents' }),
    words: '“accepts[0].amount” should be a whole number in digits.',
  },
  '/exponent': { header: terms({ amount: '1e4' }), words: '“accepts[0].amount” should be a whole number' },
  '/domain': {
    header: terms({ extra: { name: 'USD Coin', version: '2' } }),
    words: 'The site calls the name of USDC “USD Coin”; it is “USDC”.',
  },
  '/scheme': { header: terms({ scheme: 'upto' }), words: 'The payment scheme “upto” is not supported.' },
  '/too-short': { header: terms({ maxTimeoutSeconds: 5 }), words: 'The site allows 5 s for the payment' },
};

function terms(change: object): string {
  return btoa(
    String.fromCharCode(
      ...new TextEncoder().encode(
        JSON.stringify({ x402Version: 2, resource: { url: '' }, accepts: [{ ...good, ...change }] }),
      ),
    ),
  );
}

function brokenTills(): Hono {
  const app = new Hono();
  for (const [path, { header }] of Object.entries(cases)) app.get(path, () => bareTerms(header));
  app.get('/ordinary', (c) =>
    c.html('<!doctype html><title>Till</title><h1>The till is over there</h1>', 402),
  );
  return app;
}

async function expectUntouched(path: string, words: string): Promise<void> {
  await reader.page.goto(shop.origin + path);
  const [item] = await reader.settled();
  expect(item?.encounter.state).toBe('unpaid');
  expect(item?.payment).toBeNull();
  await expectPaid(world, reader, []);
  expect(await reader.page.locator('h1').innerText()).toBe('The till is over there');
  const visits = shop.requests().filter((request) => request.path === path);
  const headers = visits.flatMap((request) => Object.keys(request.headers));
  expect(headers).not.toContain('payment-signature');
  expect(headers).not.toContain('x-payment');
  const popup = await reader.context.newPage();
  await popup.goto(reader.extensionUrl('popup.html'));
  await popup.getByText('Not paid (1)').click();
  const said = (await popup.locator('details').innerText()).replaceAll("'", '’');
  expect(said).toContain(words.replaceAll("'", '’'));
}

for (const [path, { words }] of Object.entries(cases)) {
  test(`${path}: the page stays as it is, nothing is signed, and the popup says why`, () =>
    expectUntouched(path, words));
}

test('an ordinary 402 without x402 terms stays as it is', () =>
  expectUntouched('/ordinary', 'This page asks for payment without terms that can be read.'));
