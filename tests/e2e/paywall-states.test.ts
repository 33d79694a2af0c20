import axe from 'axe-core';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { installWallet, type WalletOptions } from '../component/support/browser-wallet.ts';
import { type ContentShop, startContentShop } from '../support/content-shop.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { RENDERINGS, type Rendering } from '../support/rendered-paywall.ts';

const PURSE = 1_000_000n;

let world: World;
let shop: ContentShop;
let browser: Browser;
let page: Page;
/** What the page's policy refused, and what broke. */
let complaints: string[];

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
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  page = await context.newPage();
  complaints = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/Content.Security.Policy|Trusted ?Type/i.test(message.text())) complaints.push(message.text());
  });
});
afterEach(async () => {
  expect(complaints).toEqual([]);
  await page.context().close();
});

type Query = { readonly attributes?: string; readonly inside?: string };

async function open(kind: string, rendering: Rendering, query: Query = {}): Promise<void> {
  await page.goto(`${shop.origin}/page/${kind}?${new URLSearchParams({ ...query, rendering })}`);
}

const inState = (state: string) => page.locator(`x402-paywall[state=${state}]`).waitFor();
const readOn = () => page.getByRole('button', { name: 'Read on for 1¢' });

async function press(options: WalletOptions, rendering: Rendering, query: Query): Promise<void> {
  const wallet = await installWallet(page, world, options);
  await world.mint(wallet.address, PURSE);
  await open('html', rendering, query);
  await readOn().click();
}

/** Leads a page into each state, by what leads there with a real reader. */
const WAYS: Readonly<Record<string, (rendering: Rendering, query?: Query) => Promise<void>>> = {
  async checking(rendering, query = {}) {
    await page.route('**/paid/html', () => {}); // Never answered.
    await open('html', rendering, query);
  },
  async locked(rendering, query = {}) {
    await open('html', rendering, query);
  },
  confirming: (rendering, query = {}) => press({ hold: 'eth_signTypedData_v4' }, rendering, query),
  async paying(rendering, query = {}) {
    await page.route('**/paid/html', (route) =>
      'payment-signature' in route.request().headers() ? undefined : route.continue(),
    );
    await press({}, rendering, query);
  },
  unlocked: (rendering, query = {}) => press({}, rendering, query),
  refused: (rendering, query = {}) => press({ refuse: 'eth_signTypedData_v4' }, rendering, query),
  async unsupported(rendering, query = {}) {
    await open('html', rendering, { ...query, attributes: 'max-amount="0.001"' });
  },
  async error(rendering, query = {}) {
    await open('missing', rendering, query);
  },
  async offline(rendering, query = {}) {
    await open('html', rendering, query);
    await inState('locked');
    await page.context().setOffline(true);
    await page.evaluate(() => document.querySelector('x402-paywall')?.reload());
  },
};
/** The words of its button; null where there is nothing to press. */
const BUTTONS: Readonly<Record<string, string | null>> = {
  checking: null,
  locked: 'Read on for 1¢',
  confirming: 'Waiting…',
  paying: 'Paying…',
  unlocked: null,
  refused: 'Read on for 1¢',
  unsupported: null,
  error: 'Try again',
  offline: 'Try again',
};
const STATES = Object.keys(WAYS);

const LOOKS = [
  { colorScheme: 'light', forcedColors: 'none' },
  { colorScheme: 'dark', forcedColors: 'none' },
  { colorScheme: 'light', forcedColors: 'active' },
  { colorScheme: 'dark', forcedColors: 'active' },
] as const;

/** WCAG's rules and best practices, by axe. Handed to the debugger: the page's policy takes no foreign script. */
async function expectAccessible(): Promise<void> {
  await page.evaluate(axe.source);
  for (const look of LOOKS) {
    await page.emulateMedia(look);
    const { violations } = await page.evaluate(() => Reflect.get(window, 'axe').run(document));
    expect(
      violations.map(({ id, nodes }: { id: string; nodes: { html: string }[] }) => [id, nodes[0]?.html]),
      JSON.stringify(look),
    ).toEqual([]);
  }
}

/** What the reader's focus is on, through the shadow tree. */
function focused(): Promise<string | null> {
  return page.evaluate(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return inner?.localName === 'button' ? inner.textContent : null;
  });
}

/** Whether the focus can be seen, also by those for whom the system chooses the colours. */
function outline(): Promise<string> {
  return page.evaluate(() => {
    const inner = document.activeElement?.shadowRoot?.activeElement;
    return inner ? getComputedStyle(inner).outlineStyle : 'nothing';
  });
}

describe.each(RENDERINGS)('%s', (rendering) => {
  test.each(STATES)(
    '%s: said by attribute, state, part and words; reached by keyboard; fine with axe',
    async (state) => {
      await WAYS[state]?.(rendering);
      await inState(state);
      const paywall = page.locator('x402-paywall');
      expect(await paywall.evaluate((one, name) => one.matches(`:state(${name})`), state)).toBe(true);
      expect(await paywall.evaluate((one) => one.shadowRoot?.querySelectorAll('.card').length)).toBe(1);
      expect(await paywall.locator('.card').getAttribute('part')).toBe(`card ${state}`);
      const status = paywall.getByRole('status');
      expect((await status.textContent()) === '').toBe(state === 'locked');
      const label = BUTTONS[state] ?? null;
      expect(await paywall.locator('[part=button]').allInnerTexts()).toEqual(label === null ? [] : [label]);
      await expectAccessible();
      if (label === null) return;
      await page.emulateMedia({ forcedColors: 'active' });
      if ((await focused()) === label) await page.keyboard.press('Shift+Tab'); // It was clicked on: away, and back.
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(label);
      expect(await outline()).not.toMatch(/none|nothing/);
    },
  );

  test.each(STATES)('%s: a slot of that name takes the place of the card', async (state) => {
    await WAYS[state]?.(rendering, { inside: `<p slot="${state}">Our own words</p>` });
    await inState(state);
    await page.getByText('Our own words').waitFor();
    expect(await page.locator('x402-paywall button').count()).toBe(0);
    expect(await page.locator('x402-paywall .frame').count()).toBe(0);
    expect(await page.locator('x402-paywall').getByRole('status').count()).toBe(1);
  });

  test('by keyboard alone: a refusal, a second press, and the reader is where the text goes on', async () => {
    let isRefused = true;
    const wallet = await installWallet(page, world, {
      refuses: (method) => method === 'eth_signTypedData_v4' && isRefused,
    });
    await world.mint(wallet.address, PURSE);
    await open('html', rendering);
    await inState('locked');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await inState('refused');
    expect(await focused()).toBe('Read on for 1¢');
    isRefused = false;
    await page.keyboard.press('Space');
    await inState('unlocked');
    await page.getByRole('heading', { name: 'The paid text' }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('x402-paywall');
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - 10_000n);
  });

  test('by keyboard alone, without a wallet: how to pay, its wallets and its link are reached', async () => {
    await open('html', rendering);
    await inState('locked');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'How to pay' }).waitFor();
    await expectAccessible();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Coinbase Wallet');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent)).toBe(
      'More about paying this way',
    );
  });

  test.each([240, 320, 1200])('nothing is cut off at %d pixels', async (width) => {
    await page.setViewportSize({ width, height: 700 });
    await open('html', rendering);
    await readOn().click();
    await page.getByRole('heading', { name: 'How to pay' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
