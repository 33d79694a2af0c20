import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { Page } from 'playwright';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';
import { askThrough } from '../../extension/reader/own-page.ts';
import {
  allowInPrivateWindows,
  openPrivately,
  openPrivatePart,
  privateQuestion,
} from '../support/private-windows.ts';
import { PASSPHRASE, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const SECRET = 'secret-reading-matter';
const PURSE = 5_000_000n;
const LIMITS = {
  paused: false,
  autoPay: '1000000',
  dayBudget: '2000000',
  anySite: true,
  allowedSites: [],
};

let world: World;
let shop: Shop;
let profile: string;
let browser: PayingBrowser;
let address: Address;
/** One of the extension's pages in an ordinary window. */
let own: Page;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(await paywallFor(world, { [`/${SECRET}`]: '$0.05' }));
  app.get(`/${SECRET}`, (c) => c.html('<!doctype html><title>Read</title><p>The whole of it</p>'));
  app.get('/', (c) => c.html('<!doctype html><title>Front</title>'));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  profile = await mkdtemp(join(tmpdir(), 'tuppence-private-'));
  browser = await launchPayingBrowser({ profile });
  const privateKey = generatePrivateKey();
  address = privateKeyToAddress(privateKey);
  await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey });
  await browser.ask('setPolicy', { policy: LIMITS });
  await world.mint(address, PURSE);
  own = await allowInPrivateWindows(browser.context, browser.extensionUrl('welcome.html'));
});
afterEach(async () => {
  await browser?.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
});

/** A private window on `path`, and one of the extension's pages in it. */
async function privately(path: string): Promise<{ page: Page; inside: Page }> {
  const inside = await openPrivatePart(own, browser.extensionUrl('options.html'), world);
  const page = await openPrivately(own, shop.origin + path);
  return { page, inside };
}

test('a key is not there until it is lent, and nothing is paid', async () => {
  const { page, inside } = await privately(`/${SECRET}`);
  await page.waitForLoadState();
  const { unpaid, wallet } = await until(
    () => askThrough(inside, 'overview', { tabId: null }),
    (overview) => overview.unpaid.length === 1,
    'the 402 is dealt with',
  );
  expect(wallet).toBe('none');
  expect(unpaid[0]?.verdict?.reason).toBe('no-wallet');
  expect(await world.balanceOf(address)).toBe(PURSE);
  await expect(askThrough(inside, 'createKey', { passphrase: PASSPHRASE, privateKey: null })).rejects.toThrow(
    'Make the spending key in an ordinary window',
  );
});

test('lent, it asks whatever the limits of ordinary windows are, pays once, and leaves nothing behind', async () => {
  await askThrough(own, 'setPrivateWindows', { allowed: true });
  const { page, inside } = await privately(`/${SECRET}`);
  const question = await privateQuestion(inside);
  await question.getByLabel('Passphrase').waitFor();
  expect(await world.balanceOf(address)).toBe(PURSE);
  await question.getByLabel('Passphrase').fill(PASSPHRASE);
  await question.locator('button.primary[aria-disabled=false]').click();
  await page.getByText('The whole of it').waitFor();
  await until(
    () => askThrough(inside, 'overview', { tabId: null }),
    ({ payments }) => payments[0]?.state === 'settled',
    'the payment has settled',
  );
  expect(await world.balanceOf(address)).toBe(PURSE - 50_000n);
  expect(await world.transfers({ from: address })).toHaveLength(1);

  const ordinary = await askThrough(own, 'overview', { tabId: null });
  expect([ordinary.payments, ordinary.unpaid, ordinary.spentToday]).toEqual([[], [], '0']);

  await page.close();
  await inside.close();
  await browser.close();
  expect(await filesWith(profile, SECRET)).toEqual([]);
  expect(await filesWith(profile, 'tuppence')).not.toEqual([]); // The search finds what there is.
});

/** Every file under `directory` that has `text` in it, as bytes or as UTF-16. */
async function filesWith(directory: string, text: string): Promise<string[]> {
  const names = await readdir(directory, { recursive: true, withFileTypes: true });
  const wanted = [Buffer.from(text), Buffer.from(text, 'utf16le')];
  const found: string[] = [];
  for (const entry of names.filter((one) => one.isFile())) {
    const content = await readFile(join(entry.parentPath, entry.name));
    if (wanted.some((bytes) => content.includes(bytes))) found.push(entry.name);
  }
  return found;
}
