import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Loopback } from '../../demo-site/world/loopback.ts';
import {
  type BrowserWallet,
  installWallet,
  type WalletOptions,
} from '../component/support/browser-wallet.ts';
import { type FaultyFacilitator, startFaultyFacilitator } from '../support/faulty-facilitator.ts';
import { PRICE, startV1Server, startV2Server } from '../support/official-servers.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';

const PURSE = 1_000_000n;
const cdn = fileURLToPath(new URL('../../component/dist/cdn/', import.meta.url));

let world: World;
let facilitator: FaultyFacilitator;
let servers: Readonly<Record<'v1' | 'v2', Loopback>>;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  facilitator = await startFaultyFacilitator(world.facilitatorUrl);
  servers = {
    v1: await startV1Server(world, facilitator.origin),
    v2: await startV2Server(world, facilitator.origin),
  };
  browser = await launchWalletBrowser();
});
afterAll(async () => {
  await browser?.close();
  await servers?.v1.stop();
  await servers?.v2.stop();
  await facilitator?.stop();
  await world?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
  facilitator.fault = null;
});
afterEach(() => page.close());

const inState = (state: string) => page.locator(`x402-paywall[state=${state}]`).waitFor();
const says = (words: string) => page.locator('x402-paywall').getByText(words).waitFor();
const button = (name: string) => page.getByRole('button', { name });
const signatures = ({ calls }: BrowserWallet) =>
  calls.filter((name) => name === 'eth_signTypedData_v4').length;

describe.each(['v1', 'v2'] as const)('%s, paid with an injected wallet', (version) => {
  const payment = version === 'v1' ? 'x-payment' : 'payment-signature';
  // A v1 server answers 402 to whatever went wrong, so that its refusal is no proof of anything.
  const again = version === 'v1' ? 'Send it again' : 'Try again';
  const notTaken =
    version === 'v1' ? 'nobody has said yet whether it arrived' : 'The site did not take the payment.';

  /** A reader with a dollar (unless said otherwise), in front of the price of `path`. */
  async function readerAt(options: WalletOptions = {}, { path = '/page', purse = PURSE } = {}) {
    const wallet = await installWallet(page, world, options);
    if (purse > 0n) await world.mint(wallet.address, purse);
    const { origin } = servers[version];
    const body = `<!doctype html><html lang="en"><title>Gate</title><script type="module" src="/x402-paywall.js"></script>
      <x402-paywall src="${path}"><p>The free part.</p></x402-paywall>`;
    await page.route('**/gate', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body }));
    await page.route('**/x402-paywall*.js', (route) =>
      route.fulfill({ path: cdn + new URL(route.request().url()).pathname, contentType: 'text/javascript' }),
    );
    await page.goto(`${origin}/gate`);
    await inState('locked');
    return wallet;
  }

  /** Fails unless exactly `times` the price has gone from the wallet to the payee. */
  async function expectPaid({ address }: BrowserWallet, times: bigint, purse = PURSE): Promise<void> {
    expect(await world.balanceOf(address)).toBe(purse - times * PRICE);
    const transfers = await world.transfers({ from: address });
    expect(transfers.map(({ to, value }) => [to, value])).toEqual(
      Array.from({ length: Number(times) }, () => [world.payee, PRICE]),
    );
  }

  test('it is paid once, and the text is there', async () => {
    const wallet = await readerAt();
    await button('Read on for 1¢').click();
    await inState('unlocked');
    await page.getByText('The paid text.').waitFor();
    await expectPaid(wallet, 1n);
  });

  test('on the wrong chain nothing is signed, and the words name the right one', async () => {
    const wallet = await readerAt({ chainId: '0x1', refuse: 'wallet_switchEthereumChain' });
    await button('Read on for 1¢').click();
    await inState('refused');
    await says('this is paid on Base Sepolia, and your wallet is on another network');
    expect(signatures(wallet)).toBe(0);
    await expectPaid(wallet, 0n);
  });

  test('after a refusal another wallet can be taken', async () => {
    const refusing = await readerAt({ refuse: 'eth_signTypedData_v4' });
    await button('Read on for 1¢').click();
    await inState('refused');
    await says('Not paid: it was declined in the wallet.');
    await expectPaid(refusing, 0n);
    const other = await installWallet(page, world, { name: 'Second Wallet' });
    await world.mint(other.address, PURSE);
    await page.reload();
    await button('Read on for 1¢').click();
    await button('Test Wallet').click();
    await inState('refused');
    await button('Use another wallet').click();
    await button('Second Wallet').click();
    await inState('unlocked');
    await expectPaid(refusing, 0n);
    await expectPaid(other, 1n);
  });

  test('with too little money nothing is taken, and the same payment goes again once there is enough', async () => {
    const wallet = await readerAt({}, { purse: 0n });
    await button('Read on for 1¢').click();
    await inState('error');
    await says('There is not enough money in the wallet on this network.');
    await expectPaid(wallet, 0n, 0n);
    await world.mint(wallet.address, PURSE);
    await button(again).click();
    await inState('unlocked');
    expect(signatures(wallet)).toBe(1);
    await expectPaid(wallet, 1n);
  });

  test('a reader who thinks for longer than the payment is valid sends nothing', async () => {
    await page.clock.install();
    const wallet = await readerAt({
      onCall: async (method) => {
        if (method === 'eth_signTypedData_v4') await page.clock.fastForward('10:00');
      },
    });
    await button('Read on for 1¢').click();
    await inState('refused');
    await says('there was too little time left to pay safely');
    expect(world.settlements().filter(({ payer }) => payer === wallet.address)).toEqual([]);
    await expectPaid(wallet, 0n);
  });

  test('a payment whose window is over when it arrives is not taken, and the words say why', async () => {
    await page.clock.install({ time: Date.now() - 3_600_000 }); // A clock that is an hour late.
    const wallet = await readerAt();
    await button('Read on for 1¢').click();
    await inState('error');
    await says('It says that the payment came too late.');
    await expectPaid(wallet, 0n);
  });

  test('a settlement that fails takes nothing; the next press sends the same payment, once', async () => {
    const wallet = await readerAt();
    const failed = {
      success: false,
      errorReason: 'transaction_failed',
      transaction: '',
      network: world.network,
    };
    facilitator.fault = { on: '/settle', how: { answer: { ...failed, payer: wallet.address } } };
    await button('Read on for 1¢').click();
    await inState('error');
    await says(notTaken);
    await says('Pressing again');
    await expectPaid(wallet, 0n);
    facilitator.fault = null;
    await button(again).click();
    await inState('unlocked');
    expect(signatures(wallet)).toBe(1);
    await expectPaid(wallet, 1n);
  });

  test('paid, but error 500: it says so, and getting it again costs nothing', async () => {
    const wallet = await readerAt();
    let isBroken = true;
    await page.route('**/page', async (route) => {
      if (!(payment in route.request().headers())) return route.continue();
      const response = await route.fetch(); // The site has taken it.
      return isBroken ? route.fulfill({ response, status: 500, body: 'oh' }) : route.fulfill({ response });
    });
    await button('Read on for 1¢').click();
    await inState('error');
    await says('It is paid, but the page could not be loaded (error 500). Getting it again costs nothing.');
    await says('Paid 1¢');
    await expectPaid(wallet, 1n);
    isBroken = false;
    const answered = page.waitForResponse('**/page');
    await button('Get it again, free').click();
    await answered;
    await inState('error'); // The token takes a payment once, so this server does not give it a second time.
    expect(signatures(wallet)).toBe(1);
    await expectPaid(wallet, 1n);
  });
});

test('a server that charges first and then fails: paid once, and said', async () => {
  const wallet = await installWallet(page, world);
  await world.mint(wallet.address, PURSE);
  await page.route('**/gate', (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: '<!doctype html><script type="module" src="/x402-paywall.js"></script><x402-paywall src="/upfront-broken"></x402-paywall>',
    }),
  );
  await page.route('**/x402-paywall*.js', (route) =>
    route.fulfill({ path: cdn + new URL(route.request().url()).pathname, contentType: 'text/javascript' }),
  );
  await page.goto(`${servers.v2.origin}/gate`);
  await says('Charged before the page is made.');
  await button('Read on for 1¢').click();
  await inState('error');
  await says('It is paid, but the page could not be loaded (error 500).');
  expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
});

describe('what was bought before, on a site that signs readers in', () => {
  const personal = ({ calls }: BrowserWallet) => calls.filter((name) => name === 'personal_sign').length;

  async function gateAt(path: string): Promise<void> {
    await page.route('**/gate', (route) =>
      route.fulfill({
        contentType: 'text/html; charset=utf-8',
        body: `<!doctype html><script type="module" src="/x402-paywall.js"></script><x402-paywall src="${path}"></x402-paywall>`,
      }),
    );
    await page.route('**/x402-paywall*.js', (route) =>
      route.fulfill({ path: cdn + new URL(route.request().url()).pathname, contentType: 'text/javascript' }),
    );
    await page.goto(`${servers.v2.origin}/gate`);
    await inState('locked');
  }

  test('it opens for a signature, also where the browser has forgotten; nothing is paid again', async () => {
    const wallet = await installWallet(page, world);
    await world.mint(wallet.address, PURSE);
    await gateAt('/again');
    await button('Read on for 1¢').click();
    await inState('unlocked');
    expect(personal(wallet)).toBe(0);
    await page.evaluate(() => localStorage.clear());
    await page.reload();
    await button('Bought before? Sign in').click();
    await inState('unlocked');
    await page.getByText('The paid text.').waitFor();
    expect([signatures(wallet), personal(wallet)]).toEqual([1, 1]);
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });

  test('a press on the price signs in rather than paying twice, where the browser remembers', async () => {
    const wallet = await installWallet(page, world);
    await world.mint(wallet.address, PURSE);
    await gateAt('/again');
    await button('Read on for 1¢').click();
    await inState('unlocked');
    await page.reload();
    await button('Read on for 1¢').click();
    await inState('unlocked');
    await page.getByText('The paid text.').waitFor();
    expect([signatures(wallet), personal(wallet)]).toEqual([1, 1]);
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });

  test('who has not bought it is told so, and can still pay', async () => {
    const wallet = await installWallet(page, world);
    await world.mint(wallet.address, PURSE);
    await gateAt('/again');
    await button('Bought before? Sign in').click();
    await inState('refused');
    await says('Nothing bought here with this wallet was found.');
    expect(await world.balanceOf(wallet.address)).toBe(PURSE);
    await button('Read on for 1¢').click();
    await inState('unlocked');
    expect(await world.balanceOf(wallet.address)).toBe(PURSE - PRICE);
  });
});
