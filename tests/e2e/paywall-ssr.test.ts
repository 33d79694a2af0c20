import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { installWallet } from '../component/support/browser-wallet.ts';
import { type ContentShop, startContentShop } from '../support/content-shop.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { hydratingBundle, rendered } from '../support/rendered-paywall.ts';

let world: World;
let shop: ContentShop;
let browser: Browser;
/** The element as modules, with Lit's hydration before it: what a framework's bundle has. */
let hydrating: string;

beforeAll(async () => {
  hydrating = await hydratingBundle();
  world = await startWorld();
  shop = await startContentShop(world);
  browser = await launchWalletBrowser();
});
afterAll(async () => {
  await browser?.close();
  await shop?.stop();
  await world?.stop();
});

/** The page as a server sends it, with the shadow tree in it already. */
async function serverRendered(): Promise<string> {
  const body = '<x402-paywall src="/paid/html" max-amount="1"><p>The free part.</p></x402-paywall>';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<script type="module" src="/x402-paywall.js"></script></head><body>${await rendered(body, 'hydrated')}</body></html>`;
}

async function openPage(script: string | null): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  const body = await serverRendered();
  await page.route('**/ssr', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
  if (script !== null)
    await page.route('**/x402-paywall.js', (route) =>
      route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: script }),
    );
  return { page, complaints };
}

test('what a server renders holds the teaser and what is being done, and none of the paid text', async () => {
  const markup = await serverRendered();
  expect(markup).toContain('shadowrootmode="open"');
  expect(markup).toContain('The free part.');
  expect(markup).toContain('Looking up the price…');
  expect(markup).not.toContain('The paid text');
});

test.each([
  ['hydrated by the modules', true],
  ['taken over by the single file', false],
])('a server-rendered paywall, %s, is there once and pays once', async (_how, isHydrated) => {
  const { page, complaints } = await openPage(isHydrated ? hydrating : null);
  const wallet = await installWallet(page, world);
  await world.mint(wallet.address, 1_000_000n);
  await page.goto(`${shop.origin}/ssr`);
  await page.locator('x402-paywall[state=locked]').waitFor();
  expect(await page.locator('x402-paywall .card').count()).toBe(1);
  await page.getByRole('button', { name: 'Read on for 1¢' }).click();
  await page.locator('x402-paywall[state=unlocked]').waitFor();
  await page.getByRole('heading', { name: 'The paid text' }).waitFor();
  expect(await world.balanceOf(wallet.address)).toBe(990_000n);
  expect(complaints).toEqual([]);
  await page.close();
});
