import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pennyPost } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser } from '../../extension/reader/launch.ts';
import { expectPaid, LIMITS, PASSPHRASE, type Reader, startReader } from '../support/reader.ts';

// A press of the reader on the element always does something: it pays, asks, or leads to what keeps it from paying.

const PAID_TEXT = 'Hill was a schoolmaster';
const CENTS = 20_000n;

let world: World;
let publication: Publication;
let reader: Reader | null = null;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
});
afterAll(async () => {
  await publication?.stop();
  await world?.stop();
});
beforeEach(() => {
  reader = null;
});
afterEach(() => reader?.close());

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function arrive(options: Parameters<typeof startReader>[1] = {}): Promise<Reader> {
  reader = await startReader(world, options);
  await reader.page.goto(publication.origin + pennyPost.path);
  return reader;
}

/** Presses on the element, which leads to a page of the extension. */
async function step(
  { context, page, extensionUrl }: Pick<Reader, 'context' | 'page' | 'extensionUrl'>,
  name: string,
  screen: string,
) {
  const opened = context.waitForEvent('page', (one) => one.url().startsWith(extensionUrl(screen)));
  await press(page, name);
  return opened;
}

async function refuse(question: Page): Promise<void> {
  await Promise.all([question.waitForEvent('close'), press(question, 'Don’t pay')]);
}

test('after a refusal, a press asks again; what the page asks by itself does not', async () => {
  const { page, context, question, settled, ...rest } = await arrive({ policy: { autoPay: '10000' } });
  await press(page, 'Read on for 2¢');
  await refuse(await question());
  await page.getByText('You chose not to pay.').waitFor();
  const again = await page.evaluate((path) => fetch(path).then(({ status }) => status), pennyPost.paidPath);
  expect(again).toBe(402);
  expect(context.pages().filter((one) => one.url().includes('consent.html'))).toEqual([]);
  await expectPaid(world, rest, []);
  await press(page, 'Read on for 2¢');
  await press(await question(), 'Pay 2¢');
  await page.getByText(PAID_TEXT).waitFor();
  await settled(3);
  await expectPaid(world, rest, [CENTS]);
});

test('while payments are paused, a press leads to where they are resumed, and then it is paid', async () => {
  const one = await arrive({ policy: { paused: true } });
  await press(one.page, 'Read on for 2¢');
  await one.page.getByText('Payments are paused in Tuppence. Nothing was paid.').waitFor();
  const popup = await step(one, 'Resume payments', 'popup.html');
  await expectPaid(world, one, []);
  await press(popup, 'Resume payments');
  await popup.getByRole('button', { name: 'Pause payments' }).waitFor();
  await popup.close();
  await one.page.bringToFront();
  await one.page.getByText(PAID_TEXT).waitFor();
  await one.settled(2);
  await expectPaid(world, one, [CENTS]);
});

test('with too little money, a press leads to where it is added, and then it is paid', async () => {
  const one = await arrive({ purse: 0n });
  const asked = one.context.waitForEvent('page', (page) => page.url().includes('consent.html'));
  await press(one.page, 'Read on for 2¢');
  await refuse(await asked); // It offers nothing to pay with.
  await one.page.getByText('There is not enough money in Tuppence for this.').waitFor();
  await press(one.page, 'Add money');
  await one.own().waitForFunction(() => document.visibilityState === 'visible');
  await world.mint(one.address, 100_000n);
  await one.page.bringToFront();
  await one.page.getByText(PAID_TEXT).waitFor();
  await one.settled(2);
  await expectPaid(world, { ...one, purse: 100_000n }, [CENTS]);
});

test('on a site that is never paid, a press leads to the limits', async () => {
  const one = await arrive({
    policy: { sites: [{ site: publication.origin, rule: 'never' }] },
  });
  await press(one.page, 'Read on for 2¢');
  await one.page.getByText('You have told Tuppence never to pay this site.').waitFor();
  await step(one, 'Change that', 'options.html');
  await expectPaid(world, one, []);
});

test('without a spending key, a press leads to where one is made, and then it is paid', async () => {
  const browser = await launchPayingBrowser();
  try {
    await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
    await browser.ask('setPolicy', { policy: LIMITS });
    const { page } = await browser.newTab();
    await page.goto(publication.origin + pennyPost.path);
    await press(page, 'Read on for 2¢');
    await page.getByText('Tuppence is not set up yet. Nothing was paid.').waitFor();
    await press(page, 'Set it up');
    const own = browser.context.pages().find((one) => one.url() === browser.extensionUrl('welcome.html'));
    await own?.waitForFunction(() => document.visibilityState === 'visible');
    const { address } = await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey: null });
    await world.mint(address as `0x${string}`, 100_000n);
    await page.bringToFront();
    await page.getByText(PAID_TEXT).waitFor();
    expect(await world.balanceOf(address as `0x${string}`)).toBe(80_000n);
  } finally {
    await browser.close();
  }
});

test('a page whose reader has pressed nothing is told nothing of them', async () => {
  const one = await startReader(world, { purse: 0n, policy: { paused: true } });
  reader = one;
  await one.page.addInitScript((path) => {
    const told: string[] = [];
    addEventListener('x402:unpaid', (event) => told.push(`${Reflect.get(event, 'detail')}`));
    addEventListener('load', async () => {
      const { status } = await fetch(path);
      Object.assign(window, { told: [status, ...told] });
    });
  }, pennyPost.paidPath);
  await one.page.goto(publication.origin + pennyPost.path);
  const told = await one.page.waitForFunction(() => Reflect.get(window, 'told'));
  expect(await told.jsonValue()).toEqual([402]);
  await expectPaid(world, one, []);
});
