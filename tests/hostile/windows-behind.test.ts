import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { page } from './support/till.ts';

// Windows that the reader does not look at: their front tabs wait like tabs behind others.

const FETCHES = `<script>
  fetch('/paid/data').then(({ status }) => { document.title = 'got ' + status });
</script>`;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono()
    .get('/', () => page('<h1>The shop</h1>'))
    .get('/fetches', () => page(FETCHES))
    .use(await paywallFor(world, { '/paid/article': '$0.01', '/paid/data': '$0.01' }));
  shop = await startShop(app.get('/paid/:name', (c) => c.html(`<h1>${c.req.param('name')}</h1>`)));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false, allowedSites: [shop.origin] } });
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

type Opened = { readonly id: number; readonly tabId: number };

/** A window of another kind than the reader's own, and the number of times that the shop was asked for something paid. */
function open(path: string, options: object): Promise<Opened> {
  const create = JSON.stringify({ url: shop.origin + path, ...options });
  return reader
    .own()
    .evaluate<Opened>(
      `chrome.windows.create(${create}).then(({ id, tabs: [tab] }) => ({ id, tabId: tab.id }))`,
    );
}

const asked = () => shop.requests().filter(({ path }) => path.startsWith('/paid/')).length;
const update = (id: number, change: object) =>
  reader.own().evaluate(`chrome.windows.update(${id}, ${JSON.stringify(change)})`);
const focus = (id: number) => update(id, { focused: true });
const questions = () =>
  reader.context.pages().filter((one) => one.url().startsWith(reader.extensionUrl('consent.html'))).length;

/** What a window has asked for has been through the background. */
async function untilAsked(before: number): Promise<void> {
  await until(
    async () => asked(),
    (count) => count > before,
    'it has asked for something paid',
  );
  // Parts of a page are looked at when nobody has spoken for them for three seconds: the browser is asked until then.
  const start = Date.now();
  await until(
    () => reader.ask('overview', { tabId: null }),
    () => Date.now() - start > 4_000,
    'the background has had its time',
  );
}

test('what a page in a window behind has fetched waits in its popup once the window is looked at (audit 31)', async () => {
  const before = asked();
  const { id, tabId } = await open('/fetches', { focused: false });
  await untilAsked(before);
  // Its script has its answer; what is paid later is for the next time.
  expect(await reader.own().evaluate(`chrome.tabs.get(${tabId}).then(({ title }) => title)`)).toBe('got 402');
  await focus(id);
  await until(
    () => reader.ask('overview', { tabId }),
    ({ listed }) => listed.length === 1,
    'it waits in the popup',
  );
  await expectPaid(world, reader, []);
});

test.each(['/paid/article', '/fetches'])(
  '%s in a small window behind is not paid (audit 31)',
  async (path) => {
    const before = asked();
    await open(path, { focused: false, type: 'popup', width: 200, height: 200 });
    await untilAsked(before);
    await expectPaid(world, reader, []);
  },
);

test.each([
  ['/paid/article', [10_000n]],
  ['/fetches', []],
])(
  '%s in a minimised window, which the reader has looked at before, is not paid (audit 31)',
  async (path, inTheEnd) => {
    const { windowId } = await reader
      .own()
      .evaluate<{ windowId: number }>(`chrome.tabs.get(${reader.tabId})`);
    const stateOf = () => reader.own().evaluate(`chrome.windows.get(${windowId}).then(({ state }) => state)`);
    await update(windowId, { state: 'minimized' });
    try {
      await until(stateOf, (state) => state === 'minimized', 'the window is minimised');
      const before = asked();
      await reader.page.goto(`${shop.origin}${path}`);
      await untilAsked(before);
      await expectPaid(world, reader, []);
    } finally {
      await update(windowId, { state: 'normal', focused: true });
    }
    await until(
      () => reader.ask('overview', { tabId: reader.tabId }),
      ({ listed, payments }) => listed.length + payments.filter(isSettled).length === 1,
      'it is dealt with once it is looked at',
    );
    await expectPaid(world, reader, inTheEnd);
  },
);

const isSettled = ({ state }: { readonly state: string }) => state === 'settled';

test('a window behind opens no question (audit 31)', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  await reader.ask('setPolicy', { policy: { ...policy, allowedSites: [] } });
  const before = asked();
  await open('/paid/article', { focused: false });
  await untilAsked(before);
  expect(questions()).toBe(0);
  await expectPaid(world, reader, []);
});
