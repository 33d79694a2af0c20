import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const CENT = 10_000n;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().get('/', (c) => c.html('<!doctype html><title>Home</title>'));
  app.use(await paywallFor(world, { '/item/*': '$0.01' }));
  shop = await startShop(app.get('/item/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { dayBudget: (20n * CENT).toString() } });
  await reader.ask('setUnattended', { unattended: true });
});
afterEach(() => reader?.close());

async function expectTwenty(): Promise<void> {
  await expectPaid(
    world,
    reader,
    Array.from({ length: 20 }, () => CENT),
  );
  const { spentToday, payments } = await reader.ask('overview', { tabId: null });
  expect(spentToday).toBe('200000');
  expect(payments.filter(({ state }) => state === 'settled')).toHaveLength(20);
}

test('of 500 simultaneous requests against a budget for 20, exactly 20 are paid', {
  timeout: 300_000,
}, async () => {
  await reader.page.goto(shop.origin);
  const statuses = await reader.page.evaluate(() =>
    Promise.all(
      Array.from({ length: 500 }, (_, at) => fetch(`/item/${at}`).then((response) => response.status)),
    ),
  );
  expect(statuses.filter((status) => status === 200)).toHaveLength(20);
  expect(statuses.filter((status) => status === 402)).toHaveLength(480);
  await expectTwenty();
});

test('of 50 tabs, each the front one of its window, against a budget for 20, exactly 20 are paid', {
  timeout: 300_000,
}, async () => {
  const own = reader.context.pages().find((page) => page.url().endsWith('welcome.html'));
  const urls = Array.from({ length: 50 }, (_, at) => `${shop.origin}/item/tab-${at}`);
  const ids = await own?.evaluate(async (all) => {
    const { chrome } = globalThis as unknown as {
      chrome: { windows: { create(options: object): Promise<{ tabs: { id: number }[] }> } };
    };
    const opened = await Promise.all(all.map((url) => chrome.windows.create({ url })));
    return opened.map(({ tabs }) => tabs[0]?.id ?? -1);
  }, urls);
  expect(ids).toHaveLength(50);
  const states = () =>
    Promise.all((ids ?? []).map(async (tabId) => (await reader.ask('activity', { tabId })).items.at(-1)));
  const all = await until(
    states,
    (items) =>
      items.every((item) => item?.encounter.state === 'unpaid' || item?.payment?.state === 'settled'),
    'every tab dealt with',
    90_000,
  );
  expect(all.filter((item) => item?.encounter.state === 'paid')).toHaveLength(20);
  const reasons = all.flatMap((item) =>
    item?.encounter.state === 'unpaid' ? [item.encounter.verdict?.reason] : [],
  );
  expect(new Set(reasons)).toEqual(new Set(['over-day-budget']));
  await expectTwenty();
});
