import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const HALF = 500_000n;

let world: World;
let shop: Shop;
let reader: Reader;
/** Addresses of every question that a window was opened for. */
let windows: string[] = [];

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await gallery());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  windows = [];
  reader.context.on('page', (page) => {
    void page.waitForURL(/consent\.html/, { waitUntil: 'commit' }).then(
      () => windows.push(page.url()),
      () => undefined,
    );
  });
});
afterEach(() => reader?.close());

/** The same server by its other name, as a site of its own. */
const far = () => shop.origin.replace('127.0.0.1', 'localhost');

async function gallery(): Promise<Hono> {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    if (c.res.status !== 402) return;
    const { headers } = c.res;
    headers.set('Content-Type', 'text/html');
    c.res = new Response('<!doctype html><title>The till</title><p>The till', { status: 402, headers });
  });
  app.use(await paywallFor(world, { '/dear/*': '$0.50', '/cheap/*': '$0.01' }));
  app.get('/', (c) => c.html('<!doctype html><title>A site</title>'));
  app.get('/by-itself', (c) =>
    c.html(
      `<!doctype html><title>A site</title><p id="got">Nothing yet</p><script>
setTimeout(async () => {
  const response = await fetch('/dear/quiet');
  document.querySelector('#got').textContent = await response.text();
});
</script>`,
    ),
  );
  app.get('/framing/:price', (c) =>
    c.html(
      `<!doctype html><title>A site</title><iframe src="${far()}/framed/${c.req.param('price')}"></iframe>`,
    ),
  );
  app.get('/framed/:price', (c) =>
    c.html(
      `<!doctype html><button>Get it</button><p id="got">Nothing yet</p><script>
document.querySelector('button').onclick = async () => {
  const response = await fetch('/${c.req.param('price')}/framed');
  document.querySelector('#got').textContent = await response.text();
};
</script>`,
    ),
  );
  return app.get('/*', (c) => c.text(`The content of ${c.req.path}`));
}

/** Fetches of the page, with a gesture of the reader, and how they ended. */
const fetchAll = (paths: readonly string[]) =>
  reader.page.evaluate(
    (all) => Promise.all(all.map((path) => fetch(path).then((response) => response.status))),
    paths,
  );

const ids = async () =>
  (await reader.activity()).flatMap(({ encounter }) => (encounter.state === 'asking' ? [encounter.id] : []));

const badge = () => reader.own().evaluate<string>(`chrome.action.getBadgeText({ tabId: ${reader.tabId} })`);

const press = (question: Page, name: string) => question.getByRole('button', { name }).click();

describe('questions of a page', () => {
  beforeEach(() => reader.page.goto(shop.origin).then(() => undefined));

  test('of five at once, one is in view; each is answered by itself in the same window', async () => {
    const statuses = fetchAll([1, 2, 3, 4, 5].map((at) => `/dear/${at}`));
    await until(ids, (asking) => asking.length === 5, 'all five wait');
    const question = await reader.question();
    const answered = new Set<string>();
    for (const name of ['Pay 50¢', 'Pay 50¢', 'Don’t pay', 'Pay 50¢', 'Don’t pay']) {
      expect(windows).toHaveLength(1);
      const at = question.url();
      answered.add(at);
      await question.locator('button.primary[aria-disabled=false]').waitFor();
      const isLast = answered.size === 5;
      const next = isLast ? question.waitForEvent('close') : question.waitForURL((url) => url.href !== at);
      await Promise.all([next, press(question, name)]);
    }
    expect(answered.size).toBe(5);
    expect((await statuses).toSorted()).toEqual([200, 200, 200, 402, 402]);
    await reader.settled(5);
    await expectPaid(world, reader, [HALF, HALF, HALF]);
    expect(windows).toHaveLength(1);
  });

  test('a refusal answers everything that the page asked for the same thing, now and later', async () => {
    const statuses = fetchAll(['/dear/same', '/dear/same', '/dear/same']);
    await until(ids, (asking) => asking.length === 3, 'all three wait');
    const question = await reader.question();
    await Promise.all([question.waitForEvent('close'), press(question, 'Don’t pay')]);
    expect(await statuses).toEqual([402, 402, 402]);
    expect(await fetchAll(['/dear/same', '/dear/same#part'])).toEqual([402, 402]);
    const items = await reader.settled(5);
    expect(items.map(({ encounter }) => encounter.verdict?.reason)).toEqual(Array(5).fill('refused'));
    expect(windows).toHaveLength(1);
    await reader.page.reload();
    const anew = fetchAll(['/dear/same']);
    await Promise.all([reader.question().then((another) => another.close()), anew]);
    expect(windows).toHaveLength(2);
    await expectPaid(world, reader, []);
  });

  test('of the same thing asked for twice, the second is paid only after the reader has seen that it was', async () => {
    const statuses = fetchAll(['/dear/twice', '/dear/twice']);
    await until(ids, (asking) => asking.length === 2, 'both wait');
    const question = await reader.question();
    const at = question.url();
    await Promise.all([question.waitForURL((url) => url.href !== at), press(question, 'Pay 50¢')]);
    await question.locator('button.primary[aria-disabled=false]').waitFor();
    // It was asked while the first was still unpaid.
    if ((await question.getByText('You paid for this address before').count()) === 0)
      await press(question, 'Pay 50¢');
    await question.getByText('You paid for this address before').waitFor();
    await Promise.all([question.waitForEvent('close'), press(question, 'Don’t pay')]);
    expect((await statuses).toSorted()).toEqual([200, 402]);
    await reader.settled(2);
    await expectPaid(world, reader, [HALF]);
    expect(windows).toHaveLength(1);
  });
});

test('what a page fetches by itself waits in the popup, and comes without a reload when it is paid', async () => {
  await reader.page.goto(`${shop.origin}/by-itself`);
  const [item] = await until(
    reader.activity,
    (items) => items[0]?.encounter.state === 'listed',
    'it waits in the popup',
  );
  await until(badge, (text) => text === '1', 'the badge counts it');
  expect(windows).toEqual([]);
  await expectPaid(world, reader, []);
  const loadedAt = await reader.page.evaluate('performance.timeOrigin');
  await reader.ask('answerListed', {
    tabId: reader.tabId,
    ids: [item?.encounter.id ?? ''],
    approve: true,
    allowSite: false,
  });
  await reader.page.getByText('The content of /dear/quiet').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [HALF]);
  expect(await reader.page.evaluate('performance.timeOrigin')).toBe(loadedAt);
  await until(badge, (text) => text === '✓', 'the badge says that it is paid');
  expect(windows).toEqual([]);
});

test.each([
  ['dear', HALF],
  ['cheap', 10_000n],
] as const)(
  'what a frame of another site fetches (%s) waits in the popup, and is charged to the site',
  async (path, price) => {
    await reader.page.goto(`${shop.origin}/framing/${path}`);
    const frame = reader.page.frameLocator('iframe');
    await frame.getByRole('button').click();
    const [item] = await until(
      reader.activity,
      (items) => items[0]?.encounter.state === 'listed',
      'it waits in the popup',
    );
    expect(item?.encounter).toMatchObject({ site: shop.origin, initiator: far() });
    expect(windows).toEqual([]);
    await expectPaid(world, reader, []);
    await reader.ask('answerListed', {
      tabId: reader.tabId,
      ids: [item?.encounter.id ?? ''],
      approve: true,
      allowSite: false,
    });
    await frame.getByText(`The content of /${path}/framed`).waitFor();
    await reader.settled();
    await expectPaid(world, reader, [price]);
    const { payments } = await reader.ask('overview', { tabId: null });
    expect(payments.map(({ purchase }) => purchase.site)).toEqual([shop.origin]);
  },
);

test('a frame of another site is paid for by itself where it is allowed on the site in the address bar', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  const allowedOrigins = [{ site: shop.origin, origin: far() }];
  await reader.ask('setPolicy', { policy: { ...policy, allowedSites: [shop.origin], allowedOrigins } });
  await reader.page.goto(`${shop.origin}/framing/cheap`);
  const frame = reader.page.frameLocator('iframe');
  await frame.getByRole('button').click();
  await frame.getByText('The content of /cheap/framed').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('two windows ask apart: one is refused, the other paid', async () => {
  const opened = reader.context.waitForEvent('page');
  await reader.own().evaluate("chrome.windows.create({ url: 'about:blank' })");
  const other = await opened;
  await reader.page.goto(`${shop.origin}/dear/one`);
  await until(
    async () => windows,
    (all) => all.length === 1,
    'the first is asked about',
  );
  await other.goto(`${shop.origin}/dear/two`);
  await until(
    async () => windows,
    (all) => all.length === 2,
    'the second is asked about',
  );
  const [one, two] = windows.map((url) => reader.context.pages().find((page) => page.url() === url));
  if (one === undefined || two === undefined) throw new Error('There are not two questions.');
  await Promise.all([one.waitForEvent('close'), press(one, 'Don’t pay')]);
  await reader.settled();
  await expectPaid(world, reader, []);
  await two.bringToFront();
  await two.locator('button.primary[aria-disabled=false]').waitFor();
  await press(two, 'Pay 50¢');
  await other.getByText('The content of /dear/two').waitFor();
  await until(
    () => reader.ask('overview', { tabId: null }),
    ({ payments }) => payments[0]?.state === 'settled',
    'it is settled',
  );
  await expectPaid(world, reader, [HALF]);
  await reader.page.getByText('The till').waitFor();
});

test('two readers at the same time pay each for themselves', async () => {
  const another = await startReader(world);
  try {
    const read = async (one: Reader) => {
      await one.page.goto(`${shop.origin}/cheap/both`);
      await one.page.getByText('The content of /cheap/both').waitFor();
      await one.settled();
    };
    await Promise.all([read(reader), read(another)]);
    await expectPaid(world, reader, [10_000n]);
    await expectPaid(world, another, [10_000n]);
  } finally {
    await another.close();
  }
});
