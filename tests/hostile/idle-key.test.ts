import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser } from '../../extension/reader/launch.ts';
import { PASSPHRASE, type Reader, startReader, until } from '../support/reader.ts';
import { setClock } from './support/clock.ts';
import { startTill, type Till } from './support/till.ts';

/* A reader who has gone and left the browser open, with a key that would pay for whoever sits down next. */

const MINUTE = 60_000;

let world: World;
let site: Till;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  site = await startTill(world);
});
afterAll(async () => {
  await site?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const paidOut = async () => (await world.transfers({ from: reader.address })).length;

async function visit(name: string): Promise<void> {
  await reader.page.goto(`${site.origin}/paid/${name}`);
}

const content = () => reader.page.getByText('the content of');
const questions = () => reader.context.pages().filter((page) => page.url().includes('consent.html'));

async function expectPaid(name: string): Promise<void> {
  const before = await paidOut();
  await visit(name);
  await content().waitFor();
  await reader.settled();
  expect(await paidOut()).toBe(before + 1);
}

async function expectLocked(name: string): Promise<void> {
  const before = await paidOut();
  await visit(name);
  await until(
    async () => (await content().count()) + questions().length,
    (count) => count > 0,
    'it was paid, or is asked about',
  );
  expect(await paidOut()).toBe(before);
  const [question] = questions();
  await question?.getByLabel('Passphrase').fill(PASSPHRASE);
  await question?.locator('button.primary[aria-disabled=false]').click();
  await content().waitFor();
  await reader.settled();
  expect(await paidOut()).toBe(before + 1);
}

test('a key that nobody has used for more than an hour pays nothing before its passphrase (audit 33)', async () => {
  await expectPaid('first');
  await setClock(reader, 61 * MINUTE);
  await expectLocked('second');
});

test('neither does one that was used at a time which is still to come (audit 33)', async () => {
  await setClock(reader, 50 * MINUTE);
  await expectPaid('first');
  await setClock(reader, 0);
  await expectLocked('second');
});

test('each payment begins the hour anew', async () => {
  for (const [index, name] of ['first', 'second', 'third'].entries()) {
    await setClock(reader, index * 50 * MINUTE);
    await expectPaid(name);
  }
});

test('the reader sets another time in the options', async () => {
  const options = await reader.context.newPage();
  await options.goto(reader.extensionUrl('options.html'));
  await options.getByLabel('Lock the spending key').selectOption('5');
  await options.getByText('Saved.').waitFor();
  await reader.page.bringToFront();
  await setClock(reader, 6 * MINUTE);
  await expectLocked('first');
});

test('where a key is made, the reader is told that all sites see its one address (audit 33)', async () => {
  const browser = await launchPayingBrowser();
  try {
    const { page } = await browser.newTab();
    await page.goto(browser.extensionUrl('welcome.html'));
    await page.getByText('Every site that you pay sees one and the same address').waitFor();
  } finally {
    await browser.close();
  }
});
