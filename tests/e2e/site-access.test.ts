import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { askThrough } from '../../extension/reader/own-page.ts';
import { setSiteAccess } from '../support/browser-settings.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;
let own: Page;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(await paywallFor(world, { '/article': '$0.05' }));
  app.get('/article', (c) => c.html('<!doctype html><title>Read</title><p>The whole of it</p>'));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  const welcome = reader.context.pages().find((page) => page.url() === reader.extensionUrl('welcome.html'));
  if (welcome === undefined) throw new Error('The welcome page is not there.');
  own = welcome;
});
afterEach(() => reader?.close());

/** The popup as it shows over the reader's tab. */
async function popup(): Promise<Page> {
  const page = await reader.context.newPage();
  await reader.page.bringToFront();
  await page.goto(reader.extensionUrl('popup.html'));
  return page;
}

test('without access to sites nothing is seen or paid, and the popup says what it can’t see', async () => {
  await setSiteAccess(own, 'ON_CLICK');
  await reader.page.goto(`${shop.origin}/article`);
  const screen = await popup();
  await screen.getByText('Tuppence may not look at this page').waitFor();
  await screen.getByText('On all sites').waitFor();
  const { here, unpaid } = await askThrough(own, 'overview', { tabId: reader.tabId });
  expect([here, unpaid]).toEqual([null, []]);
  await expectPaid(world, reader, []);
});

test('once the page may be seen, opening the popup there is enough: it is looked at anew and paid', async () => {
  await setSiteAccess(own, 'ON_CLICK');
  await reader.page.goto(`${shop.origin}/article`);
  // The click on the icon itself can't be made by a test. What it changes, access to this one site, is given here.
  await setSiteAccess(own, 'ON_SPECIFIC_SITES', `${shop.origin}/*`);
  const screen = await popup();
  await screen.getByText('Tuppence sees this page').waitFor();
  await reader.page.getByText('The whole of it').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [50_000n]);
});
