import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, PASSPHRASE, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { startFlood } from './support/flood.ts';

// What a tab behind others asks for takes nothing from the tabs in front, and nothing from each other.

let world: World;
let flood: Shop;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  flood = await startFlood(world, 40_000);
  const app = new Hono();
  app.get('/', (c) => c.html('<title>Home</title><a href="/cheap">Cheap</a>'));
  app.use(await paywallFor(world, { '/cheap': '$0.01' }));
  shop = await startShop(app.get('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await Promise.all([flood?.stop(), shop?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false, allowedSites: [shop.origin] } });
});
afterEach(() => reader?.close());

/** A tab that asks for `count` images while another is in front. */
async function hiddenTab(count: number): Promise<void> {
  const asked = () => flood.requests().filter(({ path }) => path.startsWith('/ask/')).length;
  const before = asked();
  const url = `${flood.origin}/images?count=${count}`;
  await reader.own().evaluate(`chrome.tabs.create({ url: '${url}', active: false })`);
  await until(
    async () => asked() - before,
    (one) => one >= count,
    'a hidden tab has asked',
  );
}

test('a link opened behind others is paid once it is looked at, though hidden tabs have asked for 600 things (audit 11)', async () => {
  await reader.page.goto(shop.origin);
  for (let tab = 0; tab < 3; tab += 1) await hiddenTab(200);
  const opened = reader.context.waitForEvent('page');
  await reader.page.getByRole('link', { name: 'Cheap' }).click({ modifiers: ['ControlOrMeta'] });
  const behind = await opened;
  await until(
    async () => shop.requests().filter(({ path }) => path === '/cheap').length,
    (count) => count > 0,
    'the link is loaded',
  );
  await behind.waitForLoadState();
  await reader.ask('overview', { tabId: null }); // What came before this has been through the background.
  await expectPaid(world, reader, []);
  await behind.bringToFront();
  await behind.getByText('the content of cheap').waitFor();
  await until(
    () => world.transfers({ from: reader.address }),
    (transfers) => transfers.length === 1,
    'it is paid',
  );
  await expectPaid(world, reader, [10_000n]);
});

test('hidden tabs take no room in the browser’s session, which the key needs (audit 11)', async () => {
  await reader.page.goto(shop.origin);
  for (let tab = 0; tab < 2; tab += 1) await hiddenTab(150);
  await reader.ask('overview', { tabId: null });
  expect(await reader.own().evaluate<number>('chrome.storage.session.getBytesInUse()')).toBeLessThan(10_000);
});

test('the key is unlocked although the browser’s session is full, and pays (audit 11)', async () => {
  await reader.page.goto(shop.origin);
  await reader.ask('lock', {});
  await reader.own().evaluate(`(async () => {
    const { session } = chrome.storage;
    const isRoom = (name, size) => session.set({ [name]: 'x'.repeat(size) }).then(() => true, () => false);
    for (let size = 2_000_000; size > 30; size = Math.floor(size / 2))
      for (let at = 0; await isRoom('behind:' + size + '-' + at, size); at += 1);
  })()`);
  await reader.ask('unlock', { passphrase: PASSPHRASE });
  await reader.page.goto(`${shop.origin}/cheap`);
  await reader.page.getByText('the content of cheap').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('what hidden tabs have asked for waits in their popup once they are looked at', async () => {
  await reader.page.goto(shop.origin);
  await hiddenTab(30);
  const find = `chrome.tabs.query({ url: '${flood.origin}/*' }).then(([tab]) => tab.id)`;
  const tabId = await reader.own().evaluate<number>(find);
  await reader.ask('overview', { tabId: null });
  await reader.own().evaluate(`chrome.tabs.update(${tabId}, { active: true })`);
  await until(
    () => reader.ask('overview', { tabId }),
    ({ listed }) => listed.length === 30,
    'all of them are listed',
  );
  await expectPaid(world, reader, []);
});
