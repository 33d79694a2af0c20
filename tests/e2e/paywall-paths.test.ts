import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { installWallet } from '../component/support/browser-wallet.ts';
import { serveCoinbaseWindow } from '../component/support/coinbase-window.ts';
import { type ContentShop, startContentShop } from '../support/content-shop.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { expectPaid, startReader } from '../support/reader.ts';
import { RENDERINGS } from '../support/rendered-paywall.ts';

const PURSE = 1_000_000n;
const PRICE = 10_000n;

let world: World;
let shop: ContentShop;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  shop = await startContentShop(world);
  browser = await launchWalletBrowser();
});
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  page = await (await browser.newContext()).newPage();
});
afterEach(() => page.context().close());

describe.each(RENDERINGS)('%s', (rendering) => {
  const address = (kind: string) => `${shop.origin}/page/${kind}?rendering=${rendering}`;
  const open = (kind: string) => page.goto(address(kind));
  const button = (name: string) => page.getByRole('button', { name });
  const inState = (state: string) => page.locator(`x402-paywall[state=${state}]`).waitFor();
  const text = () => page.getByText('The paid text').first().waitFor();

  async function fundedWallet(options: Parameters<typeof installWallet>[2] = {}) {
    const wallet = await installWallet(page, world, options);
    await world.mint(wallet.address, PURSE);
    return wallet;
  }

  test('who is entitled by a cookie reads on at once, and no wallet is asked anything', async () => {
    const wallet = await fundedWallet();
    await page.context().addCookies([{ name: 'member', value: 'yes', url: shop.origin }]);
    await open('html');
    await text();
    await inState('unlocked');
    expect(await page.locator('x402-paywall button').count()).toBe(0);
    expect(wallet.calls).toEqual([]);
    expect(await world.balanceOf(wallet.address)).toBe(PURSE);
  });

  test('the only wallet there is pays without being chosen', async () => {
    const wallet = await fundedWallet();
    await open('html');
    await button('Read on for 1¢').click();
    await text();
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });

  test('a wallet from before EIP-6963 pays too', async () => {
    const wallet = await fundedWallet({ isOld: true });
    await open('html');
    await button('Read on for 1¢').click();
    await text();
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });

  test('of two wallets the reader chooses one, and the next time it is taken without asking', async () => {
    const [first, second] = [
      await fundedWallet({ name: 'First Wallet' }),
      await fundedWallet({ name: 'Second Wallet' }),
    ];
    await open('html');
    await button('Read on for 1¢').click();
    await page.getByText('What do you want to pay with?').waitFor();
    await button('Second Wallet').click();
    await text();
    await open('text');
    await button('Read on for 1¢').click();
    await text();
    expect(first.calls).toEqual([]);
    expect(await world.balanceOf(first.address)).toBe(PURSE);
    expect(await world.balanceOf(second.address)).toBe(PURSE - 2n * PRICE);
  });

  test('Coinbase Wallet connects and pays in its own window, and the next time it only signs', async () => {
    const coinbase = await serveCoinbaseWindow(page.context(), world);
    await world.mint(coinbase.address, PURSE);
    await open('html');
    await button('Read on for 1¢').click();
    await button('Coinbase Wallet').click();
    await text();
    expect(coinbase.calls).toEqual(['eth_requestAccounts', 'eth_signTypedData_v4']);
    expect(await world.balanceOf(coinbase.address)).toBe(PURSE - PRICE);
    await open('text');
    await button('Read on for 1¢').click();
    await text();
    expect(coinbase.calls.slice(2)).toEqual(['eth_signTypedData_v4']);
    expect(await world.balanceOf(coinbase.address)).toBe(PURSE - 2n * PRICE);
  });

  test('a refusal in the window of Coinbase Wallet pays nothing', async () => {
    const coinbase = await serveCoinbaseWindow(page.context(), world, { refuse: 'eth_signTypedData_v4' });
    await world.mint(coinbase.address, PURSE);
    await open('html');
    await button('Read on for 1¢').click();
    await button('Coinbase Wallet').click();
    await inState('refused');
    await page.getByText('it was declined in the wallet').waitFor();
    expect(await world.balanceOf(coinbase.address)).toBe(PURSE);
  });

  test('a window of Coinbase Wallet that is closed pays nothing, and the next press opens another', async () => {
    await page.context().route('https://keys.coinbase.com/**', (route) => route.abort());
    await open('html');
    await button('Read on for 1¢').click();
    const opened = page.context().waitForEvent('page');
    await button('Coinbase Wallet').click();
    const window = await opened;
    await inState('confirming');
    await window.close();
    await inState('refused');
    await page.getByText('it was declined in the wallet').waitFor();
    const before = (await world.transfers()).length;
    const coinbase = await serveCoinbaseWindow(page.context(), world);
    await world.mint(coinbase.address, PURSE);
    expect(await world.transfers()).toHaveLength(before);
    await button('Read on for 1¢').click();
    await button('Coinbase Wallet').click();
    await text();
    expect(await world.balanceOf(coinbase.address)).toBe(PURSE - PRICE);
  });

  test('a wallet that the page brings along is used instead of looking for one', async () => {
    const wallet = await fundedWallet({ isOld: true });
    const other = await fundedWallet({ name: 'Other Wallet' });
    await open('html');
    await inState('locked');
    await page.evaluate(() => {
      const paywall = document.querySelector('x402-paywall');
      if (paywall) paywall.wallet = Reflect.get(window, 'ethereum');
    });
    await button('Read on for 1¢').click();
    await text();
    expect(other.calls).toEqual([]);
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });

  test('ten gates on a page ask nobody anything until one is pressed, and then that one alone', async () => {
    const wallet = await fundedWallet();
    await open('html');
    await page.evaluate(() => {
      const first = document.querySelector('x402-paywall');
      const kinds = ['text', 'data', 'markdown', 'document', 'image', 'audio', 'video', 'pdf', 'file'];
      for (const kind of kinds) {
        const next = document.createElement('x402-paywall');
        next.setAttribute('src', `/paid/${kind}`);
        first?.after(next);
      }
    });
    await page.waitForFunction(() => document.querySelectorAll('x402-paywall[state=locked]').length === 10);
    expect(wallet.calls).toEqual([]);
    await button('Read on for 1¢').first().click();
    await text();
    expect(await page.locator('x402-paywall[state=locked]').count()).toBe(9);
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });

  test('with the extension there, it pays, and no wallet is asked', async () => {
    const reader = await startReader(world);
    try {
      const wallet = await installWallet(reader.page, world);
      await reader.page.goto(address('html'));
      await reader.page.getByRole('button', { name: 'Read on for 1¢' }).click();
      await reader.page.getByText('The paid text').waitFor();
      await reader.settled();
      await expectPaid(world, reader, [PRICE]);
      expect(wallet.calls).toEqual([]);
    } finally {
      await reader.close();
    }
  });
});
