import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { PASSPHRASE, type Reader, startReader, until } from '../support/reader.ts';
import { backgroundOf, setClock as setClockAhead } from './support/clock.ts';
import { startTill, type Till } from './support/till.ts';

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
  reader = await startReader(world, { policy: { dayBudget: '100000' } });
});
afterEach(() => reader?.close());

const back = () => backgroundOf(reader);
/** A key that has idled for a day, or was used in a time to come, has locked itself. */
async function setClock(days: number): Promise<void> {
  await setClockAhead(reader, days * 86_400_000);
  await reader.ask('unlock', { passphrase: PASSPHRASE });
}
const paidOut = () => world.transfers({ from: reader.address });
const askedAbout = (url: string) =>
  until(
    () => reader.activity(),
    (items) => items.some(({ encounter }) => encounter.url === url && encounter.state === 'asking'),
    'it is asked about',
  );

test.each([1, 200])(
  'after a clock that was %i days ahead, the reader has budgets count from today on, and no page can (audit 25)',
  async (days) => {
    await setClock(days);
    await reader.page.goto(`${site.origin}/paid/ahead`);
    await until(paidOut, (all) => all.length === 1, 'the budget of that day is used up');
    await reader.page.getByText('the content of').waitFor();
    await reader.settled();
    await setClock(0);
    await reader.page.goto(`${site.origin}/paid/today`);
    await askedAbout(`${site.origin}/paid/today`); // A clock that goes back opens nothing.
    const options = await reader.context.newPage();
    await options.goto(reader.extensionUrl('options.html'));
    await options.getByRole('button', { name: 'Count from today on' }).click();
    await options.getByText('Budgets count from today on.').waitFor();
    expect(await options.getByRole('button', { name: 'Count from today on' }).count()).toBe(0);
    await reader.page.bringToFront();
    await reader.page.goto(`${site.origin}/paid/again`);
    await until(paidOut, (all) => all.length === 2, 'today has a budget of its own');
    await reader.page.getByText('the content of').waitFor();
    await reader.page.goto(`${site.origin}/paid/over`);
    await askedAbout(`${site.origin}/paid/over`);
    expect(await paidOut()).toHaveLength(2);
  },
);

/** Every address that the background asks from now on. */
async function watchRequests(): Promise<() => Promise<readonly string[]>> {
  await (await back()).evaluate(() => {
    const scope = globalThis as typeof globalThis & { asked?: string[] };
    const { fetch } = scope;
    const asked: string[] = [];
    scope.asked = asked;
    scope.fetch = (input, init) => {
      asked.push(input instanceof Request ? input.url : String(input));
      return fetch(input, init);
    };
  });
  return async () => (await back()).evaluate(() => (globalThis as { asked?: string[] }).asked ?? []);
}

test('a question about a network that was never used asks no endpoint of it before a press (audit 26)', async () => {
  await reader.ask('setRpc', { network: world.network, url: null });
  await reader.changePolicy({ autoPay: null });
  const requests = await watchRequests();
  await reader.page.goto(`${site.origin}/paid/unknown`);
  const question = await reader.question();
  expect(await requests()).toEqual([]);
  await question.getByRole('button', { name: 'Look it up' }).click();
  await until(requests, (all) => all.length > 0, 'it is asked after the press');
});

test('neither does the second question of the same window (audit 26)', async () => {
  await reader.ask('setRpc', { network: world.network, url: null });
  await reader.changePolicy({ autoPay: null });
  const requests = await watchRequests();
  await reader.page.goto(`${site.origin}/paid/first`);
  await (await reader.question()).getByRole('button', { name: 'Don’t pay' }).click();
  await reader.page.goto(`${site.origin}/paid/second`);
  await reader.question();
  expect(await requests()).toEqual([]);
});
