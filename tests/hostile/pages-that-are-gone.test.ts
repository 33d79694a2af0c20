import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { ENTRY_V1 } from '../support/terms.ts';
import { page, startTill, type Till } from './support/till.ts';

// A page asks for payments, and the tab shows another one by the time that they are dealt with.

let world: World;
let paper: Shop;
let hostile: Till;
let slow: Shop;
let reader: Reader;
/** Lets the slow server state its terms. */
let state: () => void;

beforeAll(async () => {
  world = await startWorld();
  paper = await startShop(
    new Hono()
      .get('/front', () => page('<h1>The paper</h1>'))
      .get('/notes', () => page('<h1>Notes</h1><textarea></textarea>')),
  );
  hostile = await startTill(world, (app) =>
    app
      .get('/worker.js', () => script(WORKER))
      .all('/flood', (c) => c.json(termsOf(c.req.url), 402))
      .get('/leaves', (c) => page(leaving(c.req.query('by') ?? ''))),
  );
  slow = await startShop(slowApp());
});
afterAll(async () => {
  await Promise.all([paper?.stop(), hostile?.stop(), slow?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  state = () => undefined;
  reader = await startReader(world, {
    policy: { anySite: false, allowedSites: [paper.origin, slow.origin] },
  });
  await reader.page.goto(`${paper.origin}/front`);
});
afterEach(() => reader?.close());

const script = (text: string) => new Response(text, { headers: { 'Content-Type': 'text/javascript' } });
const termsOf = (resource: string) => ({
  x402Version: 1,
  error: 'Payment required',
  accepts: [{ ...ENTRY_V1, resource, payTo: world.payee }],
});
const allPaidOut = () => world.transfers({ from: reader.address });

/** Asks for ten paid things for its pages, and goes on asking when they are gone. */
const WORKER = `
  addEventListener('install', () => skipWaiting());
  addEventListener('activate', (event) => event.waitUntil(clients.claim()));
  addEventListener('fetch', (event) => {
    if (event.request.url.includes('/paid/')) event.respondWith(fetch(event.request));
  });
  addEventListener('message', (event) => event.waitUntil((async () => {
    for (let round = 0; round < 40; round += 1) {
      await Promise.all(Array.from({ length: 10 }, (_, at) => fetch('/paid/x' + at, { cache: 'no-store' })));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await fetch('/done');
  })()));`;

/**
 * Holds back what its own scripts say to the extension. Once it is all there, it says it together, behind a flood of
 * long messages, and leaves for a site that the reader may have allowed.
 */
const leaving = (by: string) => `<h1>A moment</h1><script>
  const held = [];
  const said = [];
  let channel;
  addEventListener('tuppence:hello', ({ detail }) => {
    channel = detail;
    addEventListener(channel, (event) => {
      if (said.includes(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      held.push(event.detail);
    }, true);
  });
  dispatchEvent(new CustomEvent('tuppence:bridge', { detail: '' }));
  const say = (detail) => {
    const event = new CustomEvent(channel, { detail, cancelable: true });
    said.push(event);
    dispatchEvent(event);
  };
  const until = async (count) => {
    while (held.length < count) await new Promise((resolve) => setTimeout(resolve, 20));
  };
  (async () => {
    const { active } = await navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready);
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 20));
    void fetch('/flood', { method: 'POST', body: 'x'.repeat(60_000) });
    await until(1);
    for (let at = 0; at < 10; at += 1) void fetch('/paid/x' + at);
    await until(11);
    active.postMessage('go on');
    for (let at = 0; at < 300; at += 1) say(held[0]);
    for (const one of held.slice(1)) say(one);
    ${by};
  })();
</script>`;

test.each([
  ['its address', () => `location.href = '${paper.origin}/front'`],
  ['going back', () => 'history.back()'],
  ['another page that replaces it', () => `location.replace('${paper.origin}/front')`],
])(
  'a page that asks in a flood, and leaves for an allowed site by %s, is not paid for by that site (audit 1)',
  async (_, by) => {
    const isDone = () => hostile.requests().filter(({ path }) => path === '/done').length;
    const before = isDone();
    await reader.page.goto(`${hostile.origin}/leaves?by=${encodeURIComponent(by())}`);
    await reader.page.waitForURL(`${paper.origin}/front`);
    await until(
      async () => isDone(),
      (count) => count > before,
      'its worker has asked to the end',
    );
    await reader.ask('overview', { tabId: null });
    const items = await reader.activity();
    expect(await allPaidOut()).toEqual([]);
    // Whatever was looked at is the hostile page's own, and nothing of it was signed.
    expect(items.filter(({ encounter }) => encounter.site === paper.origin)).toEqual([]);
    expect((await reader.ask('overview', { tabId: null })).payments).toEqual([]);
  },
);

/** v1: a 402 page without terms in it. They come as JSON, to the second request, when the test says so. */
function slowApp(): Hono {
  const app = new Hono();
  app.get('/app/:part', (c) => page(PARTS[c.req.param('part')] ?? '<h1>The app</h1>'));
  app.get('/:name', async (c) => {
    if (!c.req.header('accept')?.includes('application/json'))
      return c.html('<!doctype html><title>Till</title><h1>The till</h1>', 402);
    await new Promise<void>((resolve) => {
      state = resolve;
    });
    return c.json(termsOf(c.req.url), 402);
  });
  return app;
}

const PARTS: Readonly<Record<string, string>> = {
  image: '<img src="/picture">',
  frame: '<iframe src="/framed"></iframe>',
};

const askedForTerms = () =>
  slow.requests().filter(({ headers }) => headers['accept'] === 'application/json').length;

/** Goes on once `act` has led to a 402 whose terms the extension waits for. */
async function waitingForTerms(act: () => Promise<unknown>): Promise<void> {
  const before = askedForTerms();
  await act();
  await until(
    async () => askedForTerms(),
    (count) => count > before,
    'the terms are asked for',
  );
}

/** Nothing was signed, reserved or armed. */
async function expectNothingSigned(): Promise<void> {
  const dealtWith = async () =>
    (await reader.activity()).filter(({ encounter }) => encounter.url.startsWith(slow.origin));
  await until(
    dealtWith,
    (items) => items.length > 0 && items.every(({ encounter }) => encounter.state !== 'handling'),
    'the 402 is dealt with',
  );
  const { payments, spentToday } = await reader.ask('overview', { tabId: null });
  expect({ payments, spentToday }).toEqual({ payments: [], spentToday: '0' });
  expect(await reader.own().evaluate('chrome.declarativeNetRequest.getSessionRules()')).toEqual([]);
  expect(await allPaidOut()).toEqual([]);
}

const typed = 'a letter';

/** The reader goes to another page in the same tab, and types a letter there. */
async function writeElsewhere(): Promise<void> {
  await reader.page.goto(`${paper.origin}/notes`);
  await reader.page.locator('textarea').fill(typed);
}

async function expectLetter(): Promise<void> {
  expect(await reader.page.locator('textarea').inputValue()).toBe(typed);
}

test('a page that was left while its terms were read is not paid, and the page after it not loaded again (audit 8)', async () => {
  await waitingForTerms(() => reader.page.goto(`${slow.origin}/article`));
  await writeElsewhere();
  state();
  await expectNothingSigned();
  await expectLetter();
});

test('what the script of such a page has asked for is not paid either (audit 8)', async () => {
  await reader.page.goto(`${slow.origin}/app/script`);
  await waitingForTerms(() =>
    // What asks for HTML may get a 402 without the terms that others get.
    reader.page.evaluate(() => void fetch('/data', { headers: { Accept: 'text/html' } })),
  );
  await writeElsewhere();
  state();
  await expectNothingSigned();
  await expectLetter();
});

test('a page that was left by going back is not paid, though the browser keeps it (audit 8)', async () => {
  await reader.page.goto(`${paper.origin}/notes`);
  await waitingForTerms(() => reader.page.goto(`${slow.origin}/article`));
  await reader.page.goBack();
  await reader.page.locator('textarea').fill(typed);
  state();
  await expectNothingSigned();
  await expectLetter();
});

test('a page whose tab was closed while its terms were read is not paid (audit 8)', async () => {
  await waitingForTerms(() => reader.page.goto(`${slow.origin}/article`));
  await reader.page.close();
  state();
  await expectNothingSigned();
});

test.each(['image', 'frame'])(
  'the %s that a page has removed while its terms were read is not paid (audit 8)',
  async (part) => {
    await waitingForTerms(() => reader.page.goto(`${slow.origin}/app/${part}`));
    await reader.page.evaluate(() => document.querySelector('img, iframe')?.remove());
    state();
    await expectNothingSigned();
  },
);
