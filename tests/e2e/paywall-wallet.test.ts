import type { Browser, Locator, Page } from 'playwright';
import type { Address } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { soldTheTime } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { installWallet, type WalletOptions } from '../component/support/browser-wallet.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';

const PATH = '/features/what-a-penny-carried';
/** Of the paid part, and nowhere in the free page. */
const PAID_TEXT = 'Hill was a schoolmaster';
const PRICE = 20_000n;
const PURSE = 1_000_000n;

let world: World;
let publication: Publication;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
  browser = await launchWalletBrowser();
});

afterAll(async () => {
  await browser?.close();
  await publication?.stop();
  await world?.stop();
});

beforeEach(async () => {
  page = await browser.newPage();
});

afterEach(() => page.close());

/** A reader with a dollar in their wallet, in front of a locked paywall. */
async function readerAt(options: WalletOptions = {}) {
  const wallet = await installWallet(page, world, options);
  await world.mint(wallet.address, PURSE);
  await page.goto(publication.origin + PATH);
  await inState('locked');
  return wallet;
}

function inState(state: string): Promise<void> {
  return page.locator(`x402-paywall[state=${state}]`).first().waitFor();
}

/** What a person sees of the paywall's light tree. */
function readable(): Promise<string> {
  return page.locator('x402-paywall').innerText();
}

const button = (): Locator => page.getByRole('button', { name: 'Read on for 2¢' }).first();

/** Fails unless exactly `payments` of the price went from `reader` to the payee. */
async function expectPaid(reader: Address, payments: bigint): Promise<void> {
  expect(await world.balanceOf(reader)).toBe(PURSE - payments * PRICE);
  const transfers = await world.transfers({ from: reader });
  expect(transfers).toHaveLength(Number(payments));
  for (const { to, value } of transfers) expect([to, value]).toEqual([world.payee, PRICE]);
}

test('a press pays once, and the rest can be read, also after a reload', async () => {
  const wallet = await readerAt();
  const before = { payee: await world.balanceOf(world.payee), settled: world.settlements().length };
  expect(await readable()).not.toContain(PAID_TEXT);
  await button().click();
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
  expect(await world.balanceOf(world.payee)).toBe(before.payee + PRICE);
  expect(world.settlements().length).toBe(before.settled + 1);
  await page.getByText(PAID_TEXT).waitFor();
  expect(await readable()).toContain('Rowland Hill liked to tell');
  await page.reload();
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
});

test('the events tell the page what happens, and it can stop the payment', async () => {
  const wallet = await readerAt();
  const [stopped, transaction] = await page.evaluate(async () => {
    const paywall = document.querySelector('x402-paywall');
    document.addEventListener('x402-pay', (event) => event.preventDefault(), { once: true });
    const state = await paywall?.pay();
    const paid = new Promise<unknown>((done) => {
      document.addEventListener('x402-paid', (event) => done(Reflect.get(event, 'transaction')));
    });
    await paywall?.pay();
    return [state, await paid];
  });
  expect(stopped).toBe('refused');
  await expectPaid(wallet.address, 1n);
  const [transfer] = await world.transfers({ from: wallet.address });
  expect(transaction).toBe(transfer?.transaction);
});

test('a refusal in the wallet pays nothing and loses nothing', async () => {
  const wallet = await readerAt({ refuse: 'eth_signTypedData_v4' });
  await button().click();
  await page.getByText('it was declined in the wallet').waitFor();
  await inState('refused');
  await expectPaid(wallet.address, 0n);
  expect(await readable()).not.toContain(PAID_TEXT);
});

test('a double click pays once', async () => {
  const wallet = await readerAt();
  await button().dblclick();
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
});

test('two paywalls for one thing pay once, and both open', async () => {
  const wallet = await readerAt();
  await page.evaluate(() => {
    const first = document.querySelector('x402-paywall');
    first?.after(first.cloneNode(true));
  });
  await page.locator('x402-paywall:nth-of-type(2)[state=locked]').waitFor();
  await page.evaluate(() => {
    for (const paywall of document.querySelectorAll('x402-paywall'))
      paywall.shadowRoot?.querySelector('button')?.click();
  });
  await page.locator('x402-paywall[state=unlocked]').nth(1).waitFor();
  await expectPaid(wallet.address, 1n);
  await page.getByText(PAID_TEXT).nth(1).waitFor();
});

test('a wallet on another network is asked to change, and then pays', async () => {
  const wallet = await readerAt({ chainId: '0x1' });
  await button().click();
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
  expect(wallet.calls).toContain('wallet_switchEthereumChain');
});

test('a wallet that stays on another network signs nothing', async () => {
  const wallet = await readerAt({ chainId: '0x1', refuse: 'wallet_switchEthereumChain' });
  await button().click();
  await page.getByText('your wallet is on another network').waitFor();
  await expectPaid(wallet.address, 0n);
  expect(wallet.calls).not.toContain('eth_signTypedData_v4');
});

test('without a wallet the reader is told how to pay', async () => {
  await page.goto(publication.origin + PATH);
  await inState('locked');
  await button().click();
  await page.getByRole('heading', { name: 'How to pay' }).waitFor();
  expect(await page.getByRole('link', { name: 'More about paying this way' }).getAttribute('href')).toMatch(
    /^https:/,
  );
});

test('the whole purchase works by keyboard, and the reader keeps their place', async () => {
  const wallet = await readerAt();
  await button().focus();
  await page.keyboard.press('Enter');
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
  expect(await page.evaluate(() => document.activeElement?.localName)).toBe('x402-paywall');
});

test('terms of v1, from the body, are paid with its header', async () => {
  const wallet = await readerAt();
  const path = soldTheTime.path;
  await page.evaluate((src) => document.querySelector('x402-paywall')?.setAttribute('src', src), path);
  await page.getByRole('button', { name: `Read on for ${soldTheTime.price.label}` }).click();
  await inState('unlocked');
  const [transfer, ...more] = await world.transfers({ from: wallet.address });
  expect(more).toEqual([]);
  expect(PURSE - (await world.balanceOf(wallet.address))).toBe(transfer?.value);
  const paid = publication.requests().filter((one) => one.path === path && 'x-payment' in one.headers);
  expect(paid).toHaveLength(1);
  await page.getByText('Greenwich').first().waitFor();
});

test('nothing in the paid text can run', async () => {
  await page.route('**/premium/**', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<title>no</title><h2>Safe</h2><script>window.ran = 1</script><img src="/nothing" onerror="window.ran = 2">
        <a href="javascript:window.ran=3">link</a><iframe srcdoc="<script>parent.ran = 4</script>"></iframe>`,
    }),
  );
  // Without the publication's own policy, which would stop scripts as well.
  await page.route(`**${PATH}`, async (route) => {
    const response = await route.fetch();
    const { 'content-security-policy': _, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await page.goto(publication.origin + PATH);
  await page.getByRole('heading', { name: 'Safe' }).waitFor();
  await page.getByText('link', { exact: true }).click();
  const content = page.locator('.x402-content');
  expect(await content.locator('script, iframe, title, [onerror], [href]').count()).toBe(0);
  expect(await content.locator('img').count()).toBe(1);
  expect(await page.evaluate(() => Reflect.get(window, 'ran'))).toBeUndefined();
});

test('an empty wallet: the site takes nothing and says so', async () => {
  const wallet = await installWallet(page, world);
  await page.goto(publication.origin + PATH);
  await inState('locked');
  await button().click();
  await inState('error');
  expect(await world.transfers({ from: wallet.address })).toHaveLength(0);
  await page.getByText('There is not enough money in the wallet').waitFor();
});

test('a payment whose answer was lost is sent again after a reload, and taken once', async () => {
  const wallet = await readerAt();
  await page.route('**/premium/**', async (route) => {
    const isPaid = 'payment-signature' in route.request().headers();
    if (!isPaid) return route.continue();
    await route.fetch(); // It arrives, and settles; its answer does not come back.
    await route.abort('connectionreset');
  });
  await button().click();
  await inState('error');
  await expectPaid(wallet.address, 1n);
  await page.unroute('**/premium/**');
  await page.reload();
  await inState('locked');
  await button().click();
  await inState('error');
  expect(wallet.calls.filter((method) => method === 'eth_signTypedData_v4')).toHaveLength(1);
  await expectPaid(wallet.address, 1n);
});

test('of several wallets the reader chooses one, and it is taken the next time', async () => {
  const wallet = await installWallet(page, world);
  await world.mint(wallet.address, PURSE);
  await page.addInitScript(() => {
    const info = { uuid: 'other', name: 'Other Wallet', icon: 'data:,', rdns: 'other.wallet' };
    const provider = { request: async () => Promise.reject(new Error('not this one')) };
    const announce = () =>
      dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } }));
    addEventListener('eip6963:requestProvider', announce);
  });
  await page.goto(publication.origin + PATH);
  await button().click();
  await page.getByRole('button', { name: 'Test Wallet' }).click();
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
  await page.evaluate(
    (path) => document.querySelector('x402-paywall')?.setAttribute('src', path),
    soldTheTime.path,
  );
  await page.getByRole('button', { name: `Read on for ${soldTheTime.price.label}` }).click();
  await inState('unlocked');
  expect(await world.transfers({ from: wallet.address })).toHaveLength(2);
});

test('an endpoint of another origin whose preflight refuses payments is told of before anything is signed', async () => {
  const messages: string[] = [];
  page.on('console', (message) => messages.push(message.text()));
  const wallet = await installWallet(page, world);
  await page.goto(publication.origin + PATH);
  const other = publication.origin.replace('127.0.0.1', 'localhost');
  await page.route(`${other}/premium/**`, async (route) => {
    const request = route.request();
    const isPlain = request.method() === 'GET' && !('payment-signature' in request.headers());
    if (!isPlain) return route.abort('failed');
    const response = await route.fetch();
    const headers = {
      ...response.headers(),
      'access-control-allow-origin': '*',
      'access-control-expose-headers': '*',
    };
    await route.fulfill({ response, headers });
  });
  const src = await page.locator('x402-paywall').getAttribute('src');
  await page.evaluate((to) => document.querySelector('x402-paywall')?.setAttribute('src', to), other + src);
  await button().click();
  await page.getByText('does not let this page send a payment').waitFor();
  expect(wallet.calls).not.toContain('eth_signTypedData_v4');
  // The words for the page's maker are loaded when there is something to say.
  await expect.poll(() => messages.join('\n')).toContain('Access-Control-Allow-Headers: PAYMENT-SIGNATURE');
});

test('offline, it says so, and goes on by itself', async () => {
  await readerAt();
  await page.context().setOffline(true);
  await page.evaluate(() => document.querySelector('x402-paywall')?.reload());
  await inState('offline');
  await page.context().setOffline(false);
  await inState('locked');
});

test('in each language the button has words of that language', async () => {
  await readerAt();
  for (const [lang, words] of [
    ['de-CH', 'weiterlesen'],
    ['es', 'Seguir leyendo'],
    ['fr', 'Lire la suite'],
    ['ja', '続きを読む'],
    ['pt-BR', 'Continuar a ler'],
  ] as const) {
    await page.evaluate((tag) => {
      document.documentElement.lang = tag;
      const paywall = document.querySelector('x402-paywall');
      if (paywall !== null) paywall.maxAmount = `${paywall.maxAmount}0`.replace(/^10+$/, '9.0');
    }, lang);
    await page.getByRole('button', { name: words }).waitFor();
  }
});

test('a page adds a language of its own, and its elements speak it', async () => {
  await readerAt({ refuse: 'eth_signTypedData_v4' });
  await page.evaluate(async () => {
    const paywall = document.querySelector('x402-paywall');
    if (paywall === null) return;
    document.documentElement.lang = 'nl-BE';
    const locales: Record<string, object> = Reflect.get(paywall.constructor, 'locales');
    locales['nl'] = {
      face: { ...paywall.face, locale: 'nl', readOnFor: (price: string) => `Lees verder voor ${price}` },
      more: new Proxy({ declined: 'Niet betaald.' }, { get: (own, key) => Reflect.get(own, key) ?? '' }),
    };
    await paywall.reload();
  });
  await page.getByRole('button', { name: 'Lees verder voor' }).click();
  await page.getByText('Niet betaald.').waitFor();
});

test('a slot replaces the card of its state, with a button of the page’s own', async () => {
  const wallet = await readerAt();
  await page.evaluate(() => {
    const own = document.createElement('button');
    own.slot = 'locked';
    own.textContent = 'Two pennies, please';
    own.setAttribute('data-x402-pay', '');
    document.querySelector('x402-paywall')?.append(own);
  });
  await page.getByRole('button', { name: 'Two pennies, please' }).click();
  await inState('unlocked');
  await expectPaid(wallet.address, 1n);
});
