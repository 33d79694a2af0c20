import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { type Context, Hono } from 'hono';
import type { Browser, Page } from 'playwright';
import { type Hex, parseSignature, serializeCompactSignature, signatureToCompactSignature } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import {
  type BrowserWallet,
  installWallet,
  type WalletOptions,
} from '../component/support/browser-wallet.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { centFor, header, paymentIn, settle } from '../support/till.ts';

const PURSE = 1_000_000n;
const CENT = 10_000n;
const cdn = fileURLToPath(new URL('../../component/dist/cdn', import.meta.url));

let world: World;
let shop: Shop;
let store: Shop;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  store = await startShop(
    new Hono()
      .get('/open', (c) => c.html('<p>The signed file.</p>', 200, { 'Access-Control-Allow-Origin': '*' }))
      .get('/closed', (c) => c.html('<p>The signed file.</p>')),
  );
  shop = await startShop(await app());
  browser = await launchWalletBrowser();
});
afterAll(async () => {
  await browser?.close();
  await Promise.all([shop?.stop(), store?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.close());

const SCRIPT = '<script type="module" src="/x402-paywall.js"></script>';
const GATE = '<x402-paywall src="/paid"><p>The free part.</p></x402-paywall>';
const TITLE = '<!doctype html><html lang="en"><title>A site</title>';

/** What a client router does: the part of the next page takes the place of the last one's, without a page load. */
const ROUTER = `${TITLE}${SCRIPT}<nav><a href="/story">Story</a> <a href="/other">Other</a></nav><main>Home</main>
<script>
  const show = () => { document.querySelector('main').innerHTML = location.pathname === '/story' ? '${GATE}' : 'Home'; };
  addEventListener('popstate', show);
  addEventListener('click', (event) => {
    const link = event.target.closest('a');
    if (link === null) return;
    event.preventDefault();
    history.pushState(null, '', link.href);
    if (document.startViewTransition) document.startViewTransition(show);
    else show();
  });
</script>`;

/** A site that sends whoever has paid on to another host, and knows them by a cookie from then on. */
async function onward(c: Context): Promise<Response> {
  const name = c.req.path.slice(1);
  const isKnown = c.req.header('cookie')?.includes(`paid=${name}`) === true;
  const payment = paymentIn(c.req.raw.headers);
  if (payment === null && !isKnown) {
    const required = { x402Version: 2, error: 'Payment required', accepts: [centFor(world)] };
    return c.body('', 402, { 'PAYMENT-REQUIRED': header(required) });
  }
  if (!isKnown && payment !== null) await settle(world, payment);
  c.header('Set-Cookie', `paid=${name}; Path=/${name}`);
  return c.redirect(`${store.origin}/${name}`, 303);
}

async function app(): Promise<Hono> {
  return new Hono()
    .get('/gate-of/:name', (c) =>
      c.html(`${TITLE}${SCRIPT}<x402-paywall src="/${c.req.param('name')}"></x402-paywall>`),
    )
    .get('/open', onward)
    .get('/closed', onward)
    .get('/:file{x402-paywall.*}', serveStatic({ root: cdn }))
    .get('/gate', (c) => c.html(`${TITLE}${SCRIPT}${GATE}<aside></aside>`))
    .get('/router', (c) => c.html(ROUTER))
    .get('/from', (c) => c.html(`${ACROSS}<a href="/to">On</a>`))
    .get('/to', (c) => c.html(`${ACROSS}${SCRIPT}${GATE}`))
    .use(await paywallFor(world, { '/paid': '$0.01' }))
    .get('/paid', (c) => c.html('<p>The paid part.</p>'));
}

/** Documents that are faded into each other: https://drafts.csswg.org/css-view-transitions-2/ */
const ACROSS = `${TITLE}<style>@view-transition { navigation: auto }</style>`;

async function readerAt(path: string, options: WalletOptions = {}): Promise<BrowserWallet> {
  const wallet = await installWallet(page, world, options);
  await world.mint(wallet.address, PURSE);
  await page.goto(shop.origin + path);
  return wallet;
}

const button = () => page.getByRole('button', { name: 'Read on for 1¢' });
const inState = (state: string) => page.locator(`x402-paywall[state=${state}]`).waitFor();
const isSignature = (method: string) => method === 'eth_signTypedData_v4';

/** Fails unless the wallet has signed and paid one cent, in one settlement. */
async function expectPaidOnce({ address, calls }: BrowserWallet): Promise<void> {
  expect(await world.balanceOf(address)).toBe(PURSE - CENT);
  const transfers = await world.transfers({ from: address });
  expect(transfers.map(({ to, value }) => [to, value])).toEqual([[world.payee, CENT]]);
  expect(calls.filter(isSignature)).toHaveLength(1);
}

/** Fails unless the free part and the paid part stand on the page, each once. */
async function expectDrawnOnce(): Promise<void> {
  await inState('unlocked');
  await page.getByText('The paid part.').waitFor();
  for (const text of ['The free part.', 'The paid part.'])
    expect([text, await page.getByText(text).count()]).toEqual([text, 1]);
}

const withParity = (signature: Hex): Hex =>
  `${signature.slice(0, -2) as Hex}0${parseSignature(signature).yParity}`;
const compact = (signature: Hex) =>
  serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)));

describe('C25: a wallet whose signature has another form', () => {
  test.each([
    ['ends in 0 or 1', withParity],
    ['has 64 bytes', compact],
  ])('that %s pays, once', async (_, formOf) => {
    const wallet = await readerAt('/gate', { formOf });
    await button().click();
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
  });
});

describe('C11: a payment with a wallet that is answered by a redirect to another host', () => {
  test('is booked as paid, and shows what is there where the page may read it', async () => {
    const wallet = await readerAt('/gate-of/open');
    await button().click();
    await inState('unlocked');
    await page.getByText('The signed file.').waitFor();
    await expectPaidOnce(wallet);
  });

  test('is said to be paid, with a link that opens it, where the page may not', async () => {
    const wallet = await readerAt('/gate-of/closed');
    await button().click();
    await page.getByText('It is paid. The site keeps it at another address').waitFor();
    await expectPaidOnce(wallet);
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Open it there' }).click();
    await (await opened).getByText('The signed file.').waitFor();
    await expectPaidOnce(wallet);
  });

  afterEach(() => {
    const names = store.requests().flatMap(({ headers }) => Object.keys(headers));
    expect(names.filter((name) => /payment/.test(name))).toEqual([]);
  });
});

/** A wallet whose reader thinks until `answer` is called; `asked` resolves when they begin to. */
function slowly() {
  let ask = () => {};
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const onCall = async (method: string) => {
    if (!isSignature(method)) return;
    ask();
    await answered;
  };
  return { asked, answer: () => answer(), onCall };
}

describe('C27: an element', () => {
  test('that a client router puts on the page, in a view transition, is drawn once and charges once', async () => {
    const wallet = await readerAt('/router');
    for (const name of ['Story', 'Other', 'Story']) await page.getByRole('link', { name }).click();
    await button().click();
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
    // What was bought is there for the next element of the same page.
    await page.goBack();
    await page.getByText('Home').waitFor();
    await page.goForward();
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
  });

  test('that a router takes away while it pays, and puts there anew, charges once', async () => {
    const { asked, answer, onCall } = slowly();
    const wallet = await readerAt('/router', { onCall });
    await page.getByRole('link', { name: 'Story' }).click();
    await button().click();
    await asked;
    await page.getByRole('link', { name: 'Other' }).click();
    await page.getByRole('link', { name: 'Story' }).click();
    await button().click();
    answer();
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
  });

  test('on a page that another one fades into is drawn once and charges once', async () => {
    const wallet = await readerAt('/from');
    await page.getByRole('link', { name: 'On' }).click();
    await button().click();
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
  });

  test.each([
    ['appendChild', (to: Element, it: Element) => void to.appendChild(it)],
    ['moveBefore', (to: Element, it: Element) => void to.moveBefore(it, null)],
    [
      'its parent’s innerHTML, which makes another element of it',
      (to: Element, it: Element) => {
        to.innerHTML = it.outerHTML;
        it.remove();
      },
    ],
  ])('that is moved while it pays, by %s, is drawn once and charges once', async (_, move) => {
    const { asked, answer, onCall } = slowly();
    const wallet = await readerAt('/gate', { onCall });
    await button().click();
    await asked;
    await page.evaluate(`(${move})(document.querySelector('aside'), document.querySelector('x402-paywall'))`);
    answer();
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
  });

  test('that is moved while its paid text arrives, or after, is drawn once', async () => {
    const wallet = await readerAt('/gate');
    await page.evaluate(() =>
      document.addEventListener('x402-content', ({ target }) => {
        if (target instanceof Element) document.querySelector('aside')?.append(target);
      }),
    );
    await button().click();
    await expectDrawnOnce();
    await page.evaluate(() => document.body.append(document.querySelector('x402-paywall') ?? ''));
    await expectDrawnOnce();
    await expectPaidOnce(wallet);
  });
});
