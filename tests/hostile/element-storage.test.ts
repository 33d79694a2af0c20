import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { staticFiles } from '../../demo-site/server/static-files.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type BrowserWallet, installWallet } from '../component/support/browser-wallet.ts';
import { usedAuthorizations } from '../support/on-chain.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { type KeepingShop, startKeepingShop } from './support/keeping-shop.ts';

/*
 * A paywall at a shop that keeps payments for later, in a page whose storage fails: what the page forgets is signed
 * anew after a reload, and the shop takes both.
 */

const PURSE = 1_000_000n;
const PRICE = 10_000n;

let world: World;
let shop: KeepingShop;
let browser: Browser;
let page: Page;
let wallet: BrowserWallet;

beforeAll(async () => {
  world = await startWorld();
  shop = await startKeepingShop(world, (app) => app.get('/', (c) => c.html(PAPER)).route('/', staticFiles()));
  browser = await launchWalletBrowser();
});
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  shop.forget();
  page = await browser.newPage();
  wallet = await installWallet(page, world);
  await world.mint(wallet.address, PURSE);
});
afterEach(() => page.close());

const PAPER = `<!doctype html><meta charset="utf-8"><title>A paper</title>
  <script type="module" src="/x402-paywall.js"></script>
  <x402-paywall src="/article"><p>The free part.</p></x402-paywall>`;

const signatures = () => wallet.calls.filter((method) => method === 'eth_signTypedData_v4').length;
const inState = (state: string) => page.locator(`x402-paywall[state=${state}]`).waitFor();

async function open(): Promise<void> {
  await page.goto(`${shop.origin}/`);
  await inState('locked');
}
const press = () => page.locator('x402-paywall').getByRole('button', { name: 'Read on for 1¢' }).click();

/** Has the shop take whatever it was given. */
async function expectCharges(count: number): Promise<void> {
  await shop.settle();
  expect((await usedAuthorizations(world, wallet.address)).size).toBe(count);
  expect(await world.balanceOf(wallet.address)).toBe(PURSE - BigInt(count) * PRICE);
}

const STORES: Readonly<Record<string, () => void>> = {
  'is full': () => {
    for (let size = 1 << 20; size > 0; size >>= 1)
      try {
        for (let number = 0; ; number += 1) localStorage.setItem(`${size} ${number}`, 'x'.repeat(size));
      } catch {
        // Full at this size.
      }
  },
  'takes no text': () => {
    Storage.prototype.setItem = () => {
      throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
    };
  },
  'keeps nothing': () => {
    Storage.prototype.setItem = () => undefined;
  },
};

test.each(Object.keys(STORES))(
  'where the site’s storage %s, nothing is signed, and the reader is told (audit 21)',
  async (how) => {
    await page.addInitScript(STORES[how] ?? (() => undefined));
    for (let load = 0; load < 2; load += 1) {
      await open();
      await press();
      await page.locator('x402-paywall:is([state=refused], [state=error])').waitFor();
    }
    await expectCharges(0);
    expect(signatures()).toBe(0);
    await page.getByText('this browser keeps nothing for this site now').waitFor();
  },
);

const sent = async () => {
  await open();
  await press();
  await inState('error');
  expect(shop.kept.size).toBe(1);
};

test.each<[string, (key: string) => void]>([
  [
    'ten thousand records that a script of the page has added',
    (key) => {
      const [own] = JSON.parse(localStorage.getItem(key) ?? '[]');
      const others = Array.from({ length: 10_001 }, (_, number) => ({ id: `${number}` }));
      localStorage.setItem(key, JSON.stringify([own, ...others]));
    },
  ],
  [
    'records that can’t be read',
    (key) => {
      const [own] = JSON.parse(localStorage.getItem(key) ?? '[]');
      localStorage.setItem(key, JSON.stringify([null, { id: 'x' }, own, 'text', { ...own, terms: {} }]));
    },
  ],
])('a payment that is under way is found beside %s, and is not made again (audit 21)', async (_, spoil) => {
  await sent();
  await page.evaluate(spoil, 'x402-paywall');
  await open();
  await press();
  await inState('error');
  await expectCharges(1);
  expect(signatures()).toBe(1);
});
