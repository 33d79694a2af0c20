import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { startTill, type Till } from './support/till.ts';

// The pause works with nothing else working.

let world: World;
let till: Till;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  till = await startTill(world);
});
afterAll(async () => {
  await till?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

/** The popup of a background that answers the popup's questions like `answer`. */
async function popupWith(answer: string): Promise<Page> {
  const { page } = await reader.newTab();
  await page.addInitScript(`chrome.runtime.sendMessage = () => ${answer};`);
  await page.goto(reader.extensionUrl('popup.html'));
  return page;
}

test.each([
  ['never answers', 'new Promise(() => {})'],
  ['fails', "Promise.reject(new Error('The message port closed.'))"],
  ['answers with an error', "Promise.resolve({ error: { name: 'Json.MalformedError', message: 'No.' } })"],
])('payments are paused and resumed from the popup while the background %s (audit 6)', async (_, answer) => {
  const popup = await popupWith(answer);
  await popup.getByRole('button', { name: 'Pause payments' }).click();
  await popup.getByRole('button', { name: 'Resume payments' }).waitFor();
  const paused = () => reader.ask('overview', { tabId: null }).then(({ policy }) => policy.paused);
  expect(await paused()).toBe(true);
  await reader.page.bringToFront();
  await reader.page.goto(`${till.origin}/paid/article`);
  const [item] = await reader.settled();
  expect(item?.encounter.verdict).toMatchObject({ outcome: 'deny', reason: 'paused' });
  await expectPaid(world, reader, []);
  await popup.getByRole('button', { name: 'Resume payments' }).click();
  await until(paused, (isPaused) => !isPaused, 'resumed');
});

test('a limit that is set after a pause leaves the pause as it is (audit 6)', async () => {
  const { page: popup } = await reader.newTab();
  await popup.goto(reader.extensionUrl('popup.html'));
  await popup.getByRole('button', { name: 'Pause payments' }).click();
  await popup.getByLabel('Each day, up to, in US dollars').fill('1');
  await popup.getByRole('button', { name: 'Set: Each day, up to' }).click();
  const policy = () => reader.ask('overview', { tabId: null }).then((overview) => overview.policy);
  expect(await until(policy, ({ dayBudget }) => dayBudget === '1000000', 'set')).toMatchObject({
    paused: true,
  });
});
