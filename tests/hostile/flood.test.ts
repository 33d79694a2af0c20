import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import type { Shop } from '../support/shop.ts';
import { askFor, recordsOf, startFlood } from './support/flood.ts';
import { startTill, type Till } from './support/till.ts';

// A page that asks without end: it gets its 402s, and nobody else notices.

/** Of one page, as ARCHITECTURE says. */
const LOOKED_AT = 200;

let world: World;
let flood: Shop;
let till: Till;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  [flood, till] = [await startFlood(world), await startTill(world)];
});
afterAll(async () => {
  await Promise.all([flood?.stop(), till?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false, allowedSites: [till.origin] } });
});
afterEach(() => reader?.close());

/** The records once there are `least`: what is looked at is written before its request has an answer. */
async function recordsInTheEnd(least = LOOKED_AT) {
  return until(
    () => recordsOf(reader.own()),
    ({ count }) => count >= least,
    'what was asked for is written down',
  );
}

async function expectPaidElsewhere(): Promise<void> {
  const { page } = await reader.newTab();
  await page.goto(`${till.origin}/paid/article`);
  await page.getByText('the content of').waitFor();
  await until(
    () => world.balanceOf(till.account),
    (balance) => balance >= 100_000n,
    'the article is paid',
  );
}

test('of 600 requests that a script asks without its reader, 200 are looked at (audit 6)', async () => {
  await reader.page.goto(`${flood.origin}/`);
  await askFor(reader.page, 600, { x402: { ask: false } });
  expect((await recordsInTheEnd()).count).toBe(LOOKED_AT);
  await expectPaid(world, reader, []);
  await expectPaidElsewhere();
});

test('20 frames of a page have no more between them than their page has (audit 6)', async () => {
  await reader.page.goto(`${flood.origin}/frames?count=20`);
  const frames = reader.page.frames().slice(1);
  await Promise.all(frames.map((frame) => askFor(frame, 30, { x402: { ask: false } })));
  const { count } = await recordsInTheEnd(1);
  expect(count).toBeLessThanOrEqual(LOOKED_AT);
  await askFor(reader.page, 300, { x402: { ask: false } });
  expect((await recordsInTheEnd()).count).toBe(LOOKED_AT);
});

test('after 1,100 paid requests of a page the popup answers with little text, and “Don’t pay” takes all that waits (audit 6)', async () => {
  await reader.page.goto(`${flood.origin}/busy?count=1100`);
  await until(
    async () => flood.requests().filter(({ path }) => path === '/ask/1099').length,
    (count) => count > 0,
    'all were asked for',
  );
  const overview = () => reader.ask('overview', { tabId: reader.tabId });
  await until(overview, ({ listed }) => listed.length >= LOOKED_AT, 'they are listed');
  expect(JSON.stringify(await overview()).length).toBeLessThan(400_000);
  const popup = await reader.popup();
  await popup.getByRole('button', { name: 'Don’t pay' }).click();
  await until(overview, ({ listed }) => listed.length === 0, 'none waits');
  await expectPaid(world, reader, []);
});

test('terms of 402s that nobody can answer any more are not kept (audit 6)', async () => {
  const wordy = await startFlood(world, 40_000);
  try {
    await reader.page.goto(`${wordy.origin}/`);
    await askFor(reader.page, 150, { x402: { ask: false } });
    expect((await recordsInTheEnd(150)).length).toBeLessThan(400_000);
  } finally {
    await wordy.stop();
  }
});

test('a page that has had its share goes on asking, and the background hears next to nothing of it (audit 6)', async () => {
  await reader.page.goto(`${flood.origin}/`);
  await askFor(reader.page, 300, { x402: { ask: false } });
  const [background] = reader.context.serviceWorkers();
  await background?.evaluate(`
    globalThis.heard = 0;
    chrome.runtime.onMessage.addListener(({ kind }) => { if (kind === 'page-402') heard += 1; });`);
  const took = await reader.page.evaluate(async () => {
    const started = performance.now();
    const asking = async () => {
      for (let at = 0; at < 200; at += 1) await fetch(`/ask/${Math.random()}`);
    };
    await Promise.race([asking(), new Promise((resolve) => setTimeout(resolve, 40_000))]);
    return performance.now() - started;
  });
  // One after the other: after each that it hears, the bridge answers by itself for a quarter of a second.
  expect(await background?.evaluate<number>('heard')).toBeLessThanOrEqual(1 + took / 250);
  expect((await recordsInTheEnd()).count).toBe(LOOKED_AT);
});
