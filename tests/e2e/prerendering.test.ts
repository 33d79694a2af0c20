import { Hono } from 'hono';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, LIMITS, PASSPHRASE, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { startUndebugged, type UndebuggedBrowser } from '../support/undebugged-browser.ts';

const CENT = 10_000n;
const PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

let world: World;
let shop: Shop;
let browser: UndebuggedBrowser;
/** Settles once the parts of `/late` may be answered. */
let opened: Promise<void>;
let open = () => {};
let reader: { readonly address: Address; readonly purse: bigint };

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await eagerSite());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  opened = new Promise((resolve) => {
    open = resolve;
  });
  browser = await startUndebugged();
  const privateKey = generatePrivateKey();
  reader = { address: privateKeyToAddress(privateKey), purse: 5_000_000n };
  await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await world.mint(reader.address, reader.purse);
});
afterEach(() => {
  open();
  return browser?.close();
});

/** `/to/…` has one link, and has the browser prerender where it leads. */
async function eagerSite(): Promise<Hono> {
  const app = new Hono();
  const paths = ['/article', '/picture', '/data', '/inner-picture', '/late-picture', '/late-data'];
  app.use('/late-*', async (_, next) => {
    await opened;
    await next();
  });
  app.use(await paywallFor(world, Object.fromEntries(paths.map((path) => [path, '$0.01']))));
  app.get('/to/:name', (c) => {
    const { name } = c.req.param();
    const rules = JSON.stringify({ prerender: [{ urls: [`/${name}`], eagerness: 'immediate' }] });
    return c.html(
      `<!doctype html><title>Front</title><a href="/${name}">Go</a><script type="speculationrules">${rules}</script>`,
    );
  });
  app.get('/late', (c) =>
    c.html(`<!doctype html><title>Late</title><img src="/late-picture">
<script>fetch('/late-data').then((response) => { document.title = 'Data ' + response.status })</script>`),
  );
  app.get('/article', (c) => c.html('<!doctype html><title>The whole article</title>'));
  app.get('/gallery', (c) =>
    c.html(`<!doctype html><title>Gallery</title><img src="/picture"><iframe src="/inner"></iframe>
<script>fetch('/data').then((response) => { document.title = 'Data ' + response.status })</script>`),
  );
  app.get('/inner', (c) => c.html('<!doctype html><img src="/inner-picture">'));
  const picture = { 'Content-Type': 'image/svg+xml' };
  app.get('/late-picture', (c) => c.body(PIXEL, 200, picture));
  app.get('/late-data', (c) => c.json({ tide: 'low' }));
  app.get('/picture', (c) => c.body(PIXEL, 200, picture));
  app.get('/inner-picture', (c) => c.body(PIXEL, 200, picture));
  return app.get('/data', (c) => c.json({ tide: 'high' }));
}

const tabTitle = (tabId: number) => browser.evaluate(`chrome.tabs.get(${tabId}).then(({ title }) => title)`);
const activity = async (tabId: number) => (await browser.ask('activity', { tabId })).items;
/** Requests for `path` that the browser made for a page that it prerendered. */
const ahead = (path: string) =>
  shop.requests().filter((one) => one.path === path && one.headers['sec-purpose'] === 'prefetch;prerender')
    .length;

/** A tab that shows the page with the link to `name`, which is being prerendered. */
async function openFront(name: string): Promise<number> {
  const opened = await browser.evaluate(`chrome.tabs.create({ url: '${shop.origin}/to/${name}' })`);
  return (opened as { id: number }).id;
}

/** Whatever script the tab's pages are given runs without a debugger. */
async function inTab(tabId: number, script: string): Promise<unknown> {
  const results = await browser.evaluate(
    `chrome.scripting.executeScript({ target: { tabId: ${tabId} }, func: () => ${script} })`,
  );
  return (results as { result: unknown }[])[0]?.result;
}

const follow = (tabId: number) => inTab(tabId, "document.querySelector('a').click()");
const wasPrerendered = (tabId: number) =>
  inTab(tabId, "performance.getEntriesByType('navigation')[0].activationStart > 0");

const PARTS = ['/data', '/inner-picture', '/picture'];

async function galleryMadeReady(): Promise<{ tabId: number; before: number }> {
  const before = shop.requests().length;
  const counts = PARTS.map(ahead);
  const tabId = await openFront('gallery');
  await until(
    async () => PARTS.map(ahead),
    (now) => now.every((count, index) => count > (counts[index] ?? 0)),
    'every part has been asked for ahead',
  );
  // The extension has been through its events by the time it answers a question that was asked after them.
  expect(await activity(tabId)).toEqual([]);
  await expectPaid(world, reader, []);
  return { tabId, before };
}

test('a paid article that is prerendered is paid once, and only when the reader opens it', async () => {
  // By name, since it is a script here that follows the link.
  await browser.ask('setPolicy', { policy: { ...LIMITS, allowedSites: [shop.origin] } });
  const before = ahead('/article');
  const tabId = await openFront('article');
  await until(
    async () => ahead('/article'),
    (count) => count > before,
    'it is loaded ahead',
  );
  expect(await activity(tabId)).toEqual([]);
  await expectPaid(world, reader, []);
  await follow(tabId);
  await until(
    () => tabTitle(tabId),
    (title) => title === 'The whole article',
    'it is shown',
  );
  await until(
    () => activity(tabId),
    ([item]) => item?.payment?.state === 'settled',
    'it is settled',
  );
  await expectPaid(world, reader, [CENT]);
});

test('on a site that is allowed, the paid parts of a prerendered page come when it is opened', async () => {
  await browser.ask('setPolicy', { policy: { ...LIMITS, anySite: false, allowedSites: [shop.origin] } });
  const { tabId } = await galleryMadeReady();
  await follow(tabId);
  await until(
    () => tabTitle(tabId),
    (title) => title === 'Data 200',
    'the data have come to the fetch',
  );
  const shown =
    '[document.images[0], frames[0].document.images[0]].every(({ naturalWidth }) => naturalWidth === 1)';
  await until(
    () => inTab(tabId, shown),
    (are) => are === true,
    'the pictures are shown',
  );
  expect(await wasPrerendered(tabId)).toBe(true);
  await until(
    () => activity(tabId),
    (items) => items.length === PARTS.length && items.every(({ payment }) => payment?.state === 'settled'),
    'all is settled',
  );
  await expectPaid(
    world,
    reader,
    PARTS.map(() => CENT),
  );
});

test('elsewhere they wait in the popup from then on', async () => {
  await browser.ask('setPolicy', { policy: { ...LIMITS, anySite: false } });
  const { tabId } = await galleryMadeReady();
  await follow(tabId);
  const items = await until(
    () => activity(tabId),
    (all) => all.length === PARTS.length && all.every(({ encounter }) => encounter.state === 'listed'),
    'every part is listed',
  );
  expect(items.map(({ encounter }) => new URL(encounter.url).pathname).sort()).toEqual(PARTS);
  expect(await wasPrerendered(tabId)).toBe(true);
  await browser.ask('answerListed', {
    tabId,
    ids: items.map(({ encounter }) => encounter.id),
    approve: true,
    allowSite: false,
  });
  await until(
    () => tabTitle(tabId),
    (title) => title === 'Data 200',
    'the data have come to the fetch',
  );
  await until(
    () => activity(tabId),
    (all) => all.every(({ payment }) => payment?.state === 'settled'),
    'all is settled',
  );
  await expectPaid(
    world,
    reader,
    PARTS.map(() => CENT),
  );
});

test('parts whose 402s arrive only after their prerendered page was opened are paid, and come', async () => {
  await browser.ask('setPolicy', { policy: { ...LIMITS, anySite: false, allowedSites: [shop.origin] } });
  const parts = ['/late-data', '/late-picture'];
  const counts = parts.map(ahead);
  const tabId = await openFront('late');
  await until(
    async () => parts.map(ahead),
    (now) => now.every((count, index) => count > (counts[index] ?? 0)),
    'every part has been asked for ahead',
  );
  await follow(tabId);
  await until(
    () => wasPrerendered(tabId).catch(() => false),
    (was) => was === true,
    'the prerendered page is shown',
  );
  open();
  await until(
    () => tabTitle(tabId),
    (title) => title === 'Data 200',
    'the data have come to the fetch',
  );
  await until(
    () => inTab(tabId, 'document.images[0].naturalWidth === 1'),
    (is) => is === true,
    'the picture is shown',
  );
  await until(
    () => activity(tabId),
    (items) => items.length === parts.length && items.every(({ payment }) => payment?.state === 'settled'),
    'all is settled',
  );
  await expectPaid(
    world,
    reader,
    parts.map(() => CENT),
  );
});
