import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { browser } from 'wxt/browser';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// Rules of docs/MONEY.md that have no better place.

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.get('/', (c) => c.html('<!doctype html><title>Home</title>'));
  app.use('/deaf', async (c, next) => {
    // Drops what it is paid with, and so asks for money again and again.
    const { headers, url, method } = c.req.raw;
    const kept = new Headers(headers);
    kept.delete('payment-signature');
    c.req.raw = new Request(url, { method, headers: kept });
    await next();
  });
  app.use(await paywallFor(world, { '/a': '$0.01', '/dear': '$1.50', '/deaf': '$0.01' }));
  shop = await startShop(
    app.get('/:name', (c) => c.html(`<title>${c.req.param('name')}</title>the content`)),
  );
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const paidRequests = (path: string) =>
  shop.requests().filter((one) => one.path === path && one.headers['payment-signature'] !== undefined);

async function read(): Promise<void> {
  await reader.page.goto(`${shop.origin}/a`);
  await reader.page.getByText('the content').waitFor();
  await reader.settled();
}

/** Runs in the background, where the browser's own list of header rules can be seen. */
async function background() {
  await reader.ask('overview', { tabId: null });
  const found = reader.context.serviceWorkers().at(-1);
  if (found === undefined) throw new Error('The background does not run.');
  return found;
}

async function rules() {
  return (await background()).evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: typeof browser };
    return chrome.declarativeNetRequest.getSessionRules();
  });
}

test('a fresh 402 in answer to a payment is answered by no other signature', async () => {
  await reader.page.goto(`${shop.origin}/deaf`);
  const items = await reader.settled();
  expect(paidRequests('/deaf')).toHaveLength(1);
  const { payments } = await reader.ask('overview', { tabId: null });
  expect(payments).toHaveLength(1);
  expect(items[0]?.payment?.state).toMatch(/^(rejected|unknown)$/);
  await expectPaid(world, reader, []);
});

test('what was bought is not bought again by going back, by a fragment, or in another tab', async () => {
  await reader.ask('setUnattended', { unattended: true });
  await read();
  await reader.page.evaluate(() => {
    location.hash = 'below';
  });
  await reader.page.goto(`${shop.origin}/`);
  await reader.page.goBack({ waitUntil: 'commit' });
  const second = await reader.newTab();
  await second.page.goto(`${shop.origin}/a#elsewhere`);
  await until(
    async () => (await reader.ask('activity', { tabId: second.id })).items,
    (items) => items.some(({ encounter }) => encounter.verdict?.reason === 'already-paid'),
    'the second tab refused for what was paid already',
  );
  await expectPaid(world, reader, [10_000n]);
});

test('after a refusal the same request of the same page asks nothing more', async () => {
  await reader.page.goto(`${shop.origin}/`);
  const ask = () => reader.page.evaluate(() => fetch('/dear').then(({ status }) => status));
  const first = ask();
  const question = await reader.question();
  await Promise.all([
    question.waitForEvent('close'),
    question.getByRole('button', { name: 'Don’t pay' }).click(),
  ]);
  expect(await first).toBe(402);
  expect(await ask()).toBe(402);
  const items = await reader.settled(2);
  expect(items.map(({ encounter }) => encounter.verdict?.reason)).toEqual(['refused', 'refused']);
  await expectPaid(world, reader, []);
});

test('a header rule ends with its one use, and one that a dead background left is swept at its start', async () => {
  await read();
  expect(await rules()).toEqual([]);
  await (await background()).evaluate(() => {
    const { chrome } = globalThis as unknown as { chrome: typeof browser };
    const requestHeaders = [{ header: 'payment-signature', operation: 'set' as const, value: 'left' }];
    const rule = { id: 7, action: { type: 'modifyHeaders' as const, requestHeaders }, condition: {} };
    return chrome.declarativeNetRequest.updateSessionRules({ addRules: [rule] });
  });
  expect(await rules()).toHaveLength(1);
  await reader.stopBackground();
  await until(rules, (left) => left.length === 0, 'the rule swept');
  await expectPaid(world, reader, [10_000n]);
});

test('no request carries a header that only an answer has', async () => {
  await read();
  expect(paidRequests('/a').length).toBeGreaterThan(0);
  for (const { headers } of shop.requests())
    expect(Object.keys(headers)).not.toContain('access-control-expose-headers');
});
