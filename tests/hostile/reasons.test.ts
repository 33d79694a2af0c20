import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { startTill, type Till } from './support/till.ts';

// Everything that stands against a payment is said, and a yes covers what was said.

let world: World;
let site: Till;
let thief: Till;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.stop());
beforeEach(async () => {
  [site, thief] = [await startTill(world), await startTill(world)];
  site.prices.price = '$0.02';
  reader = await startReader(world, { policy: { priceTolerance: 400 } });
  await reader.page.goto(`${site.origin}/paid/article`);
  await reader.settled();
  expect(await world.balanceOf(site.account)).toBe(20_000n);
});
afterEach(async () => {
  await reader?.close();
  await Promise.all([site?.stop(), thief?.stop()]);
});

/** The reasons that the window lists, in its order. */
async function reasonsAsked(): Promise<readonly string[]> {
  const question = await reader.question();
  return question.getByRole('list', { name: 'Why you are asked' }).getByRole('listitem').allInnerTexts();
}

test('a page bought before that now pays somebody else, at forty times the price, is asked about with all three reasons (audit 13)', async () => {
  Object.assign(site.prices, { payTo: thief.account, price: '$0.80' });
  await reader.page.goto(`${site.origin}/paid/article?again`);
  expect(await reasonsAsked()).toEqual([
    expect.stringContaining('to another payee'),
    'The price is 80¢. This site has never charged you more than 2¢ before.',
    'The price is above your auto-pay limit of 10¢.',
  ]);
  const text = await (await reader.question()).locator('main').innerText();
  expect(text).toContain(thief.account);
  expect(text).toContain(site.account);
  expect(await world.balanceOf(thief.account)).toBe(0n);
});

test('the same address, whose free ways failed, is asked about with the payee and the price before "paid before" (audit 13)', async () => {
  Object.assign(site.prices, { payTo: thief.account, price: '$0.08' });
  await reader.page.goto(`${site.origin}/paid/article`);
  await until(
    () => reader.activity(),
    (items) => items.some(({ encounter }) => encounter.state === 'asking'),
    'the question',
  );
  const reasons = await reasonsAsked();
  expect(reasons[0]).toContain('to another payee');
  expect(reasons.at(-1)).toMatch(/^You paid for this address before: 2¢/);
  expect(await world.balanceOf(thief.account)).toBe(0n);
});

test('a reason that comes up between the question and the yes is another question (audit 13)', async () => {
  await reader.changePolicy({ autoPay: null });
  await reader.page.goto(`${site.origin}/paid/second`);
  await reader.question();
  await reader.changePolicy({ dayBudget: '25000' });
  await (await reader.question()).getByRole('button', { name: 'Pay 2¢' }).click();
  await until(
    () => reader.activity(),
    (items) =>
      items.some(
        ({ encounter: { state, verdict } }) =>
          state === 'asking' && verdict?.outcome === 'ask' && verdict.reasons.includes('over-day-budget'),
      ),
    'asked anew',
  );
  expect(await world.balanceOf(site.account)).toBe(20_000n);
});
