import { Hono } from 'hono';
import type { Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';
import {
  expectPaid,
  LIMITS,
  type Reader,
  type ReaderOptions,
  startReader,
  until,
} from '../support/reader.ts';
import { bareTerms, paywallFor, type Shop, startShop } from '../support/shop.ts';

// A page that was not paid has a mark on the badge, and in the popup the reason with the one thing that helps.

const CENT = 10_000n;
/** Terms that nobody can pay here, by path; null has none. */
const UNPAYABLE: Readonly<Record<string, object | null>> = {
  '/network': { network: `eip155:${'9'.repeat(30)}` },
  '/token': { asset: `0x${'1'.repeat(40)}` },
  '/bare': null,
};

let world: World;
let shop: Shop;
let browser: PayingBrowser | null = null;
/** What the shop answers to a payment, in place of the official server. */
let failure: number | null = null;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(async (c, next) => {
    if (failure !== null && c.req.header('payment-signature') !== undefined)
      return c.text('This page failed.', 500);
    return next();
  });
  app.use(await paywallFor(world, { '/article': '$0.01' }));
  for (const [path, change] of Object.entries(UNPAYABLE))
    app.get(path, () => (change === null ? new Response('Pay', { status: 402 }) : bareTerms(terms(change))));
  app.get('/:name', (c) => c.html('<!doctype html><title>read</title>the content'));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
afterEach(() => browser?.close());

function terms(change: object): string {
  const entry = {
    scheme: 'exact',
    network: world.network,
    amount: '10000',
    asset: world.usdc,
    payTo: world.payee,
    maxTimeoutSeconds: 60,
    extra: { name: 'USDC', version: '2' },
  };
  return btoa(
    JSON.stringify({ x402Version: 2, resource: { url: shop.origin }, accepts: [{ ...entry, ...change }] }),
  );
}

async function arrive(options: ReaderOptions = {}): Promise<Reader> {
  failure = null;
  const reader = await startReader(world, options);
  browser = reader;
  return reader;
}

const button = (page: Page | Locator, name: string) => page.getByRole('button', { name, exact: true });
const here = (popup: Page) => popup.getByRole('region', { name: 'This page' });
const article = () => `${shop.origin}/article`;
const isConsent = (page: Page) => page.url().includes('consent.html');

async function visit({ page, activity }: Reader, url = article()): Promise<void> {
  await page.goto(url).catch(() => null); // It is loaded again meanwhile.
  await until(
    activity,
    (items) => items.some(({ encounter }) => encounter.state !== 'handling'),
    'the 402 is decided',
  );
}

async function badge(own: Page, tabId: number): Promise<void> {
  await until(
    () => own.evaluate<string>(`chrome.action.getBadgeText({ tabId: ${tabId} })`),
    (text) => text === '!',
    'the badge has a mark',
  );
}

test('a page that was refused says its price, and a press asks once more', async () => {
  const reader = await arrive({ policy: { autoPay: null } });
  await visit(reader);
  const question = await reader.question();
  await Promise.all([question.waitForEvent('close'), button(question, 'Don’t pay').click()]);
  const popup = await reader.popup();
  await here(popup).getByText('You chose not to pay.').waitFor();
  await expectPaid(world, reader, []);
  const asked = reader.context.waitForEvent('page', isConsent);
  await button(here(popup), 'Read on for 1¢').click();
  await button(await asked, 'Pay 1¢')
    .and((await asked).locator('[aria-disabled=false]'))
    .click();
  await reader.page.getByText('the content').waitFor();
  await reader.settled(2);
  await expectPaid(world, reader, [CENT]);
});

test('a page that asks has its question brought to the front', async () => {
  const reader = await arrive({ policy: { autoPay: null } });
  await visit(reader);
  const question = await reader.question();
  const windowId = await question.evaluate<number>('chrome.windows.getCurrent().then(({ id }) => id)');
  const popup = await reader.popup();
  await popup.evaluate(() => {
    const { windows } = Reflect.get(window, 'chrome');
    const update = windows.update.bind(windows);
    windows.update = (id: number, change: object) => {
      Object.assign(window, { shown: { id, ...change } });
      return update(id, change);
    };
  });
  await button(here(popup), 'Show the question').click();
  const shown = await popup.waitForFunction(() => Reflect.get(window, 'shown'));
  expect(await shown.jsonValue()).toEqual({ id: windowId, focused: true });
  await expectPaid(world, reader, []);
});

test('a page that payments were paused for is marked, and is paid once they are resumed', async () => {
  const reader = await arrive({ policy: { paused: true } });
  await visit(reader);
  await badge(reader.own(), reader.tabId);
  const popup = await reader.popup();
  await expectPaid(world, reader, []);
  await button(here(popup), 'Resume payments').click();
  await button(here(popup), 'Read on for 1¢').click();
  await reader.page.getByText('the content').waitFor();
  await reader.settled(2);
  await expectPaid(world, reader, [CENT]);
});

test('a page that is never paid leads to the limits, and one that is too dear to where money is added', async () => {
  const blocked = await arrive({ policy: { sites: [{ site: shop.origin, rule: 'never' }] } });
  await visit(blocked);
  await badge(blocked.own(), blocked.tabId);
  const options = blocked.context.waitForEvent('page', (one) => one.url().endsWith('options.html'));
  await button(here(await blocked.popup()), 'Change that').click();
  await options;
  await expectPaid(world, blocked, []);
  await blocked.close();

  const poor = await arrive({ purse: 0n });
  const asked = poor.context.waitForEvent('page', isConsent);
  await visit(poor);
  const question = await asked;
  await Promise.all([question.waitForEvent('close'), button(question, 'Don’t pay').click()]);
  const welcome = poor.context.waitForEvent('page', (one) => one.url().endsWith('welcome.html'));
  await button(here(await poor.popup()), 'Add money').click();
  await welcome;
  await expectPaid(world, poor, []);
});

test('without a spending key, a page is marked and leads to where one is made', async () => {
  const own = await launchPayingBrowser();
  browser = own;
  await own.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await own.ask('setPolicy', { policy: LIMITS });
  const { page, id } = await own.newTab();
  await page.goto(article());
  const welcome = own.context.pages().find((one) => one.url() === own.extensionUrl('welcome.html'));
  if (welcome === undefined) throw new Error('The extension is not running.');
  await badge(welcome, id);
  const popup = await own.context.newPage();
  await page.bringToFront();
  await popup.goto(own.extensionUrl('popup.html'));
  await here(popup).getByText('1¢', { exact: true }).waitFor();
  const opened = own.context.waitForEvent('page', (one) => one.url().endsWith('welcome.html'));
  await button(here(popup), 'Set it up').click();
  await opened;
  expect((await own.ask('overview', { tabId: id })).payments).toEqual([]);
});

test('a page whose payment brought nothing is loaded again with that payment alone', async () => {
  const reader = await arrive();
  failure = 500;
  await visit(reader);
  await badge(reader.own(), reader.tabId);
  const popup = await reader.popup();
  await here(popup).getByText('The page did not come.').waitFor();
  await expectPaid(world, reader, []);
  failure = null;
  await button(here(popup), 'Load the page again').click();
  await reader.page.getByText('the content').waitFor();
  await reader.settled(2);
  await expectPaid(world, reader, [CENT]);
  const sent = shop.requests().flatMap(({ headers }) => headers['payment-signature'] ?? []);
  expect(sent.slice(-2)[0]).toBe(sent.at(-1));
});

test.each(Object.keys(UNPAYABLE))(
  '%s, which nobody can pay, is marked, and its reason fits',
  async (path) => {
    const reader = await arrive();
    await visit(reader, shop.origin + path);
    await badge(reader.own(), reader.tabId);
    const popup = await reader.popup();
    await popup.setViewportSize({ width: 320, height: 600 });
    await here(popup).waitFor();
    expect(await here(popup).getByRole('button').count()).toBe(0);
    const [content, room] = await popup.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return [scrollWidth, clientWidth] as const;
    });
    expect(content).toBeLessThanOrEqual(room);
    await expectPaid(world, reader, []);
  },
);
