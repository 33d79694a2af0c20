import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser } from '../../extension/reader/launch.ts';
import { expectPaid, type Reader, type ReaderOptions, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const CENT = 10_000n;
const DEAR = 1_500_000n;

let world: World;
let shop: Shop;
let far: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  far = await startShop(new Hono().get('/:name', (c) => c.html('<!doctype html><p>Somewhere else')));
  shop = await startShop(await library());
});
afterAll(async () => {
  await Promise.all([shop?.stop(), far?.stop()]);
  await world?.stop();
});

const open = async (options?: ReaderOptions) => {
  reader = await startReader(world, options);
};
afterEach(() => reader?.close());

const WORKER = `addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));`;

/** Every page tells the server whether it was shown again as it was left. */
const page = (text: string) => `<!doctype html><title>${text}</title><p>${text}</p>
<a href="/cheap">Cheap</a> <a href="/dear">Dear</a> <a href="/plain">Plain</a>
<script>addEventListener('pageshow', ({ persisted }) => persisted && fetch('/shown-again' + location.pathname))</script>`;

async function library(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (c.res.status !== 402) return;
    const { headers } = c.res;
    headers.set('Content-Type', c.req.path === '/json' ? 'application/json' : 'text/html');
    const body = c.req.path === '/json' ? '{"error":"pay first"}' : page('The till');
    c.res = new Response(body, { status: 402, headers });
  });
  app.use(
    await paywallFor(world, {
      '/cheap': '$0.01',
      '/moved': '$0.01',
      '/fleeting': '$0.01',
      '/controlled/paid': '$0.01',
      '/dear': '$1.50',
      '/json': '$1.50',
    }),
  );
  app.get('/', (c) => c.html(page('The front page')));
  app.get('/moved', (c) => c.redirect(`${far.origin}/landing`));
  app.get('/fleeting', (c) => c.html(page('The content of fleeting'), 200, { 'Cache-Control': 'no-store' }));
  app.get('/controlled/service.js', (c) => c.body(WORKER, 200, { 'Content-Type': 'text/javascript' }));
  return app.get('/*', (c) => c.html(page(`The content of ${new URL(c.req.url).pathname.slice(1)}`)));
}

const go = (path: string, tab: Page = reader.page) => tab.goto(shop.origin + path);
const seen = (text: string, tab: Page = reader.page) => tab.getByText(text, { exact: true }).waitFor();

/** Goes to `path`, which the reader's rules pay. */
async function buy(path: string): Promise<void> {
  await go(path);
  await seen(`The content of ${new URL(path, shop.origin).pathname.slice(1)}`);
  await reader.settled();
}

/** What the reader is asked about something that was paid before, and says no to. */
async function refuseAgain(): Promise<void> {
  const question = await reader.question();
  await question.getByText('You paid for this address before').waitFor();
  await Promise.all([
    question.waitForEvent('close'),
    question.getByRole('button', { name: 'Don’t pay' }).click(),
  ]);
}

/** A page of the history may be gone back to by script, so what it costs waits in the popup; the reader says no to it. */
async function refuseWaiting(): Promise<void> {
  const items = await until(
    () => reader.activity(),
    (all) => all.at(-1)?.encounter.state === 'listed',
    'the question waits in the popup',
  );
  const ids = items.slice(-1).map(({ encounter }) => encounter.id);
  await reader.ask('answerListed', { tabId: reader.tabId, ids, approve: false, allowSite: false });
}

/** Whatever was settled or refused: this much has left the purse, in this many transfers. */
async function expectLeft(...amounts: bigint[]): Promise<void> {
  const transfers = await world.transfers({ from: reader.address });
  expect(transfers.map(({ value }) => value)).toEqual(amounts);
}

describe('where a tab goes', () => {
  beforeEach(() => open());

  test('another fragment of what was bought is not paid again by itself', async () => {
    await buy('/cheap#x');
    await reader.page.evaluate("location.hash = '#y'");
    await expectPaid(world, reader, [CENT]);
    await go('/');
    await go('/cheap#z');
    await refuseAgain();
    await seen('The till');
    expect(reader.page.url()).toBe(`${shop.origin}/cheap#z`);
    await expectPaid(world, reader, [CENT]);
  });

  test('another query is another purchase', async () => {
    await buy('/cheap?part=1');
    await go('/cheap?part=2');
    await seen('The content of cheap');
    await reader.settled(2);
    await expectPaid(world, reader, [CENT, CENT]);
  });

  test('one address opened in two windows at once is paid once', async () => {
    const urls = [`${shop.origin}/cheap`, `${shop.origin}/cheap`];
    const ids: number[] = await reader
      .own()
      .evaluate(
        `Promise.all(${JSON.stringify(urls)}.map((url) => chrome.windows.create({ url })))` +
          '.then((all) => all.map(({ tabs }) => tabs[0].id))',
      );
    const newest = () =>
      Promise.all(ids.map(async (tabId) => (await reader.ask('activity', { tabId })).items.at(-1)));
    const isOver = (item: Awaited<ReturnType<typeof newest>>[number]) =>
      item?.payment?.state === 'settled' || ['asking', 'unpaid'].includes(item?.encounter.state ?? '');
    await until(newest, (items) => items.every(isOver), 'both are dealt with');
    await expectLeft(CENT);
    const { payments, spentToday } = await reader.ask('overview', { tabId: null });
    expect([payments.length, spentToday]).toEqual([1, '10000']);
  });

  test('what is reloaded or gone back to is asked about when it was paid, and not paid by itself', async () => {
    await buy('/cheap');
    await reader.page.reload();
    await refuseAgain();
    await go('/plain');
    await reader.page.goBack();
    await refuseWaiting();
    await reader.page.goBack();
    await reader.page.goForward();
    await refuseWaiting();
    await expectPaid(world, reader, [CENT]);
  });

  test('a question that was left is void; going back to its page asks anew, and pays nothing', async () => {
    await go('/dear');
    const question = await reader.question();
    await Promise.all([question.waitForEvent('close'), go('/plain')]);
    await reader.page.goBack();
    await refuseWaiting();
    expect((await reader.activity()).map(({ encounter }) => encounter.state)).toEqual(['unpaid', 'unpaid']);
    await expectPaid(world, reader, []);
  });

  test('paying adds no entry to the history, and back goes to the page before', async () => {
    await go('/');
    await reader.page.getByRole('link', { name: 'Dear' }).click();
    const question = await reader.question();
    await seen('The till'); // The site's own page stays in view meanwhile.
    const entries = () => reader.page.evaluate('history.length');
    const before = await entries();
    await question.getByRole('button', { name: 'Pay $1.50' }).click();
    await seen('The content of dear');
    await reader.settled();
    await expectPaid(world, reader, [DEAR]);
    expect(await entries()).toBe(before);
    await reader.page.goBack();
    await seen('The front page');
    expect(reader.page.url()).toBe(`${shop.origin}/`);
  });

  test('a 402 whose body is JSON is asked about, and the tab ends on the content', async () => {
    await go('/json?q=1');
    const question = await reader.question();
    await reader.page.getByText('pay first').waitFor();
    await question.getByRole('button', { name: 'Pay $1.50' }).click();
    await seen('The content of json');
    await reader.settled();
    await expectPaid(world, reader, [DEAR]);
    expect(reader.page.url()).toBe(`${shop.origin}/json?q=1`);
  });

  test('a paid answer that leads to another origin takes no payment along, and is booked once', async () => {
    const from = far.requests().length;
    await go('/moved');
    await seen('Somewhere else');
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
    const there = far.requests().slice(from);
    expect(there.map(({ path }) => path)).toContain('/landing');
    for (const { headers } of there) {
      expect(headers).not.toHaveProperty('payment-signature');
      expect(headers).not.toHaveProperty('x-payment');
    }
    const { payments } = await reader.ask('overview', { tabId: null });
    expect(payments.map(({ state }) => state)).toEqual(['settled']);
  });

  test('a page that a service worker fetches is paid and shown', async () => {
    await go('/controlled/front');
    await reader.page.evaluate(async () => {
      await navigator.serviceWorker.register('/controlled/service.js');
      await navigator.serviceWorker.ready;
      if (navigator.serviceWorker.controller === null)
        await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    });
    await go('/controlled/paid');
    await seen('The content of controlled/paid');
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
  });

  test.each(['at once', 'after the background has stopped'])(
    'a tab opened behind the others is paid when it comes forward, %s',
    async (when) => {
      await go('/');
      const opened = reader.context.waitForEvent('page');
      await reader.page.getByRole('link', { name: 'Cheap' }).click({ modifiers: ['ControlOrMeta'] });
      const behind = await opened;
      await seen('The till', behind);
      await reader.ask('overview', { tabId: null }); // What came before this has been through the background.
      await expectPaid(world, reader, []);
      if (when !== 'at once') await reader.stopBackground();
      await behind.bringToFront();
      await seen('The content of cheap', behind);
      await until(
        () => reader.ask('overview', { tabId: null }),
        ({ payments }) => payments[0]?.state === 'settled',
        'its payment is settled',
      );
      await expectPaid(world, reader, [CENT]);
    },
  );
});

describe('with pages kept as they were left', () => {
  beforeEach(() => open({ launch: { without: ['--disable-back-forward-cache'] } }));

  const goBack = (tabId: number) => reader.own().evaluate(`chrome.tabs.goBack(${tabId})`);
  /** Playwright loses sight of such pages, so the server says when one was shown. */
  const shownAgain = (path: string) =>
    until(
      async () => shop.requests().filter((one) => one.path === `/shown-again${path}`).length,
      (count) => count > 0,
      `${path} is shown again`,
    );

  test('going back to what was paid shows it, and asks and costs nothing', async () => {
    await buy('/cheap');
    await go('/plain');
    await goBack(reader.tabId);
    await shownAgain('/cheap');
    expect(await reader.settled()).toHaveLength(1);
    await expectPaid(world, reader, [CENT]);
  });
});

test('a tab of a restored session is not paid twice', async () => {
  const profile = await mkdtemp(join(tmpdir(), 'tuppence-restored-'));
  try {
    await open({ launch: { profile } });
    await buy('/fleeting'); // The browser would show what it keeps.
    await expectPaid(world, reader, [CENT]);
    const visits = () => shop.requests().filter(({ path }) => path === '/fleeting').length;
    const before = visits();
    await reader.close();
    const again = await launchPayingBrowser({ profile, keepTabs: true, args: ['--restore-last-session'] });
    reader = { ...reader, ...again };
    await until(
      async () => visits(),
      (count) => count > before,
      'the tab is loaded again',
    );
    const restored = await until(
      async () => reader.context.pages().find((tab) => tab.url() === `${shop.origin}/fleeting`),
      (tab) => tab !== undefined,
      'the tab is there',
    );
    await restored?.bringToFront();
    // A browser that has just started may have asked for the tab before the extension listens, which then loads it
    // again.
    const isAsked = async () => {
      const question = reader.context.pages().find((tab) => tab.url().includes('consent.html'));
      const said = question?.getByText('You paid for this address before');
      return said?.isVisible().catch(() => false) ?? false; // The question of the first load closes with it.
    };
    await until(isAsked, (asked) => asked, 'the reader is asked');
    await expectLeft(CENT);
  } finally {
    await reader.close();
    await rm(profile, { recursive: true, force: true });
  }
});
