import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { browser } from 'wxt/browser';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { runFaults } from '../faults/run.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { '/a': '$0.01', '/b': '$0.01', '/c': '$1.50' }));
  shop = await startShop(app.get('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

async function read(name: string): Promise<void> {
  await reader.page.goto(`${shop.origin}/${name}`);
  await reader.page.getByText(`the content of ${name}`).waitFor();
  await reader.settled();
}

async function worker() {
  await reader.ask('overview', { tabId: null });
  const found = reader.context.serviceWorkers().at(-1);
  if (found === undefined) throw new Error('The background does not run.');
  return found;
}

function ownPage() {
  const own = reader.context.pages().find((page) => page.url() === reader.extensionUrl('welcome.html'));
  if (own === undefined) throw new Error('The extension is not running.');
  return own;
}

test('whatever dies in the middle: no double charge, no lost receipt, no overshoot', {
  timeout: 600_000,
}, async () => {
  const { audit, kinds, beyondBudget } = await runFaults({ faults: 36, crashes: 1 });
  expect(audit).toMatchObject({
    doubleCharges: 0,
    lostReceipts: 0,
    overshoot: 0n,
    phantoms: 0,
    undecided: 0,
  });
  expect(beyondBudget).toEqual({ tried: 3, read: 0 });
  expect(kinds.reduce((sum, { faults }) => sum + faults, 0)).toBe(36);
});

test('a request of this browser is never taken for one of the same number in a browser that crashed', async () => {
  await read('a');
  const [bought] = (await reader.ask('overview', { tabId: null })).payments;
  const next = await (await worker()).evaluate(async () => {
    const { chrome } = globalThis as unknown as { chrome: typeof browser };
    const seen = new Promise<string>((resolve) =>
      chrome.webRequest.onBeforeRequest.addListener(
        ({ requestId }) => {
          resolve(requestId);
          return undefined;
        },
        { urls: ['<all_urls>'] },
      ),
    );
    await fetch('https://localhost:1/').catch(() => undefined);
    return Number(await seen);
  });
  // What a crash leaves: the payment is sent, and its request, whose answer never came, is one of the next numbers.
  await ownPage().evaluate(async (first) => {
    const done = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const db = await done(indexedDB.open('tuppence'));
    const transaction = db.transaction(['intents', 'deliveries'], 'readwrite');
    const intents = transaction.objectStore('intents');
    const [paid] = await done(intents.getAll());
    const open = { openPurchase: paid.purchaseKey, todo: 'fate' };
    await done(intents.put({ ...paid, ...open, state: 'sent', transaction: null }));
    for (let number = 0; number < 60; number += 1)
      transaction.objectStore('deliveries').put({
        ruleId: number + 1,
        intentId: paid.id,
        headerName: 'PAYMENT-SIGNATURE',
        armedAt: Date.now(),
        requestId: `${first + number}`,
        session: 'of a browser that crashed',
        tabId: 1,
        url: paid.purchase.url,
        method: 'GET',
        kind: 'navigation',
        initiator: null,
      });
    db.close();
  }, next);
  await reader.stopBackground();
  await read('b');
  await expectPaid(world, reader, [10_000n, 10_000n]);
  await reader.ask('check', {});
  const { payments } = await reader.ask('overview', { tabId: null });
  const [first, second] = await world.transfers({ from: reader.address });
  expect(payments.map(({ state, transaction }) => [state, transaction])).toEqual([
    ['settled', second?.transaction],
    ['settled', first?.transaction],
  ]);
  expect(first?.transaction).toBe(bought?.transaction);
});

test('with the disk full nothing is signed and the reader is told; with room again it is paid', async () => {
  await read('a');
  const full = await worker();
  await full.evaluate(() => {
    const scope = globalThis as unknown as { room: typeof IDBDatabase.prototype.transaction };
    scope.room = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (stores, mode, options) {
      if (mode === 'readwrite') throw new DOMException('The disk is full.', 'QuotaExceededError');
      return scope.room.call(this, stores, mode, options);
    };
  });
  await reader.page.goto(`${shop.origin}/b`);
  const { trouble } = await until(
    () => reader.ask('overview', { tabId: null }),
    (overview) => overview.trouble !== null,
    'the trouble told',
  );
  expect(trouble).toContain('records can’t be read or written (QuotaExceededError)');
  const popup = await reader.newTab();
  await popup.page.goto(reader.extensionUrl('popup.html'));
  await popup.page.getByRole('alert').filter({ hasText: 'Nothing is paid until they can' }).waitFor();
  await expectPaid(world, reader, [10_000n]);
  await full.evaluate(() => {
    const scope = globalThis as unknown as { room: typeof IDBDatabase.prototype.transaction };
    IDBDatabase.prototype.transaction = scope.room;
  });
  await popup.page.close();
  await read('b');
  await expectPaid(world, reader, [10_000n, 10_000n]);
  expect((await reader.ask('overview', { tabId: null })).trouble).toBeNull();
});

test('a database that was damaged pays nothing, and the reader is told', async () => {
  await read('a');
  await reader.page.goto('about:blank');
  const own = reader.context.pages().find((page) => page.url().endsWith('welcome.html'));
  await own?.evaluate(async () => {
    const db = await new Promise<IDBDatabase>((resolve) => {
      const open = indexedDB.open('tuppence');
      open.onsuccess = () => resolve(open.result);
    });
    const put = db.transaction('counters', 'readwrite').objectStore('counters');
    for (const key of await new Promise<IDBValidKey[]>((resolve) => {
      const keys = put.getAllKeys();
      keys.onsuccess = () => resolve(keys.result);
    }))
      if (`${key}`.startsWith('day:')) put.put('nothing much', key);
    db.close();
  });
  await reader.page.goto(`${shop.origin}/b`);
  const items = await reader.settled(2);
  expect(items.at(-1)?.encounter).toMatchObject({
    state: 'unpaid',
    sentence: expect.stringContaining('records are damaged'),
  });
  await expectPaid(world, reader, [10_000n]);
});

test('a clock that is set back a day, or a month, opens no new budget', async () => {
  const limits = { paused: false, autoPay: '100000', anySite: true, allowedSites: [] };
  await reader.ask('setPolicy', { policy: { ...limits, dayBudget: '10000', monthBudget: '10000' } });
  await reader.ask('setUnattended', { unattended: true });
  await read('a');
  let tried = 0;
  for (const days of [1, 40]) {
    await (await worker()).evaluate((back) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() - back * 86_400_000;
    }, days);
    await reader.page.goto(`${shop.origin}/b`);
    tried += 1;
    const unpaid = (await reader.settled(1 + tried)).filter(({ encounter }) => encounter.url.endsWith('/b'));
    for (const { encounter } of unpaid)
      expect([encounter.verdict, encounter.figures]).toMatchObject([
        { outcome: 'ask', reason: 'over-day-budget' },
        { spentToday: '10000', dayBudget: '10000' },
      ]);
    expect(unpaid).toHaveLength(tried);
  }
  await expectPaid(world, reader, [10_000n]);
});

test('a pause stops a payment that was agreed to and waits to be sent', async () => {
  await reader.page.goto(`${shop.origin}/c`);
  const question = await reader.question();
  await reader.ask('setPolicy', {
    policy: { paused: true, autoPay: '100000', dayBudget: '2000000', anySite: true, allowedSites: [] },
  });
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  const [item] = await reader.settled();
  expect(item?.encounter.verdict).toEqual({ outcome: 'deny', reason: 'paused' });
  await expectPaid(world, reader, []);
});
