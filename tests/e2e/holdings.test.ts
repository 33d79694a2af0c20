import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { setUsdc } from '../support/on-chain.ts';
import { expectPaid, type Reader, type ReaderOptions, startReader, until } from '../support/reader.ts';
import { type SecondChain, startSecondChain } from '../support/second-chain.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// What the spending key holds, and where, decides what is paid with; a question that it can't pay says so.

const PRICE = 50_000n;

let world: World;
let second: SecondChain;
let shop: Shop;
let reader: Reader;
/** What the shop answers to a payment, in place of the official server. */
let failure: number | null = null;

beforeAll(async () => {
  world = await startWorld();
  second = await startSecondChain(world);
  shop = await startShop(await offers());
});
afterAll(async () => {
  await shop?.stop();
  await second?.stop();
  await world?.stop();
});
afterEach(() => reader?.close());

/** Under `/either`, the second chain stands before the one that the official server takes. */
async function offers(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    if (failure !== null && c.req.header('payment-signature') !== undefined)
      return c.text('This page failed.', 500);
    await next();
    const terms = c.res.headers.get('payment-required');
    if (c.req.path === '/either' && terms !== null) c.res.headers.set('payment-required', either(terms));
    return undefined;
  });
  app.use(await paywallFor(world, { '/article': '$0.05', '/either': '$0.05' }));
  return app.get('/:name', (c) => c.html('<!doctype html><title>read</title>the content'));
}

function either(header: string): string {
  const terms = JSON.parse(atob(header));
  const [entry] = terms.accepts;
  return btoa(
    JSON.stringify({
      ...terms,
      accepts: [
        {
          ...entry,
          network: second.network,
          asset: second.usdc,
          extra: { ...entry.extra, name: 'USD Coin' },
        },
        entry,
      ],
    }),
  );
}

/** A reader whose balance on both chains has been looked at. */
async function arrive(there: bigint, options: ReaderOptions): Promise<void> {
  failure = null;
  reader = await startReader(world, options);
  await reader.ask('setRpc', { network: second.network, url: second.rpcUrl });
  await setUsdc(second, reader.address, there);
  for (const { network } of [world, second]) await reader.ask('balance', { network, asset: null });
}

const text = () => reader.page.evaluate(() => document.body.textContent).catch(() => null);
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const payments = () =>
  shop
    .requests()
    .map(({ headers }) => headers['payment-signature'])
    .filter((one) => one !== undefined);

test('a question that the balance can’t pay says what there is on each network; with money, it pays', async () => {
  await arrive(9_950_000n, { purse: 10_000n });
  const asked = reader.context.waitForEvent('page', (page) => page.url().includes('consent.html'));
  await reader.page.goto(`${shop.origin}/article`);
  const question = await asked;
  await question
    .getByText(
      'This costs 5¢. You have 1¢ on Base Sepolia (test money), $9.95 on Arbitrum Sepolia (test money).',
    )
    .waitFor();
  expect(await button(question, 'Pay 5¢').count()).toBe(0);
  expect(await question.getByRole('checkbox').count()).toBe(0);
  await expectPaid(world, reader, []);
  const opened = reader.context.waitForEvent('page', (page) => page.url().endsWith('welcome.html'));
  await button(question, 'Add money').click();
  const welcome = await opened;
  await welcome.waitForFunction(() => document.visibilityState === 'visible');
  await world.mint(reader.address, 90_000n);
  await welcome.close();
  await question.bringToFront();
  await button(question, 'Pay 5¢').and(question.locator('[aria-disabled=false]')).click();
  await reader.page.getByText('the content').waitFor();
  await reader.settled();
  await expectPaid(world, { ...reader, purse: 100_000n }, [PRICE]);
});

test('of the networks that a site takes, the one with the money is paid on', async () => {
  await arrive(10_000n, {});
  const before = payments().length;
  await reader.page.goto(`${shop.origin}/either`);
  await reader.page.getByText('the content').waitFor();
  const [item] = await reader.settled();
  expect(payments().length - before).toBe(1);
  expect(item?.encounter.price?.network).toBe(world.network);
  await expectPaid(world, reader, [PRICE]);
});

test('a payment that takes the last of a network is sent again, not one of another network', async () => {
  await arrive(PRICE, { purse: PRICE });
  await setUsdc(second, reader.address, 0n);
  await reader.ask('balance', { network: second.network, asset: null });
  const before = payments().length;
  failure = 500;
  await reader.page.goto(`${shop.origin}/either`).catch(() => null); // It is loaded again meanwhile.
  await until(
    reader.activity,
    (items) => items.some(({ payment }) => payment?.state === 'rejected'),
    'the payment is refused',
  );
  await until(text, (shown) => shown !== null && !shown.includes('failed'), 'the site’s own page stands');
  await setUsdc(second, reader.address, PRICE); // Nothing stands in the way of a second payment but its first.
  await reader.ask('balance', { network: second.network, asset: null });
  failure = null;
  await reader.page.reload().catch(() => null);
  await until(text, (shown) => shown === 'the content', 'what was paid for');
  await reader.settled();
  expect(new Set(payments().slice(before)).size).toBe(1);
  await expectPaid(world, { ...reader, purse: PRICE }, [PRICE]);
});

test('an answer that is known waits for no network, and one that is not known stops nothing', async () => {
  await arrive(0n, {});
  await reader.ask('setRpc', { network: world.network, url: 'http://127.0.0.1:9' });
  await reader.page.goto(`${shop.origin}/article`);
  await reader.page.getByText('the content').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [PRICE]);
});
