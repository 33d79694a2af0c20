import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// The popup says how payments stand while they are on their way, and keeps up by itself.

const CENT = 10_000n;
const PATHS = ['/one.svg', '/two.svg', '/three.svg'];
const PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

let world: World;
let shop: Shop;
let reader: Reader;
/** Settles once paid requests may be answered. */
let opened: Promise<void>;
let open = () => {};

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.header('payment-signature') !== undefined) await opened;
    await next();
  });
  app.use(await paywallFor(world, Object.fromEntries(PATHS.map((path) => [path, '$0.01']))));
  app.get('/', (c) => {
    const paths = PATHS.slice(0, Number(c.req.query('only') ?? PATHS.length));
    return c.html(`<!doctype html>${paths.map((path) => `<img src="${path}">`).join('')}`);
  });
  shop = await startShop(app.get('/:name', (c) => c.body(PICTURE, 200, { 'Content-Type': 'image/svg+xml' })));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  opened = new Promise((resolve) => {
    open = resolve;
  });
  reader = await startReader(world, { policy: { anySite: false } });
});
afterEach(() => {
  open();
  return reader?.close();
});

const listed = () =>
  reader.activity().then((all) => all.filter(({ encounter }) => encounter.state === 'listed'));

test('“Pay all” is busy until all of it is paid, and the popup shows that by itself', async () => {
  await reader.page.goto(shop.origin);
  await until(listed, ({ length }) => length === PATHS.length, 'the pictures are listed');
  const popup = await reader.popup();
  const button = popup.getByRole('button', { name: 'Pay all for 3¢' });
  await popup.bringToFront();
  await button.and(popup.locator('[aria-disabled=false]')).click();
  await popup.getByRole('status').getByText('Paying …').waitFor();
  await until(
    reader.activity,
    (items) => items.filter(({ payment }) => payment?.state === 'sent').length === PATHS.length,
    'all of it is on its way',
  );
  expect(await popup.getByText('Paid.', { exact: true }).count()).toBe(0);
  await expectPaid(world, reader, []);
  open();
  await reader.settled(PATHS.length);
  await expectPaid(world, reader, [CENT, CENT, CENT]);
  await popup.getByText('Paid.', { exact: true }).waitFor();
  expect(await popup.locator('.list .settled').count()).toBeGreaterThanOrEqual(PATHS.length);
});

test('a payment that is made while the popup stands there comes into it', async () => {
  const popup = await reader.popup();
  await popup.getByText('No payments yet.').waitFor();
  await reader.changePolicy({ allowedSites: [shop.origin] });
  open();
  await reader.page.goto(shop.origin);
  await reader.settled(PATHS.length);
  await expectPaid(world, reader, [CENT, CENT, CENT]);
  await popup.getByText('3¢', { exact: true }).waitFor();
  await popup
    .getByText('Paid', { exact: true })
    .nth(PATHS.length - 1)
    .waitFor();
});

test('what a page adds to what waits is counted, and moves nothing that is about to be pressed', async () => {
  await reader.page.goto(`${shop.origin}/?only=1`);
  await until(listed, ({ length }) => length === 1, 'one picture is listed');
  const popup = await reader.popup();
  const button = popup.getByRole('button', { name: 'Pay 1¢' });
  await button.and(popup.locator('[aria-disabled=false]')).waitFor();
  await button.evaluate((pressable) => {
    const seen: (string | null)[] = [];
    const look = () => seen.push(pressable.getAttribute('aria-disabled'), pressable.textContent);
    new MutationObserver(look).observe(pressable, { attributes: true, childList: true, subtree: true });
    Object.assign(window, { seen });
  });
  await reader.page.evaluate((path) => Object.assign(new Image(), { src: path }) && undefined, PATHS[1]);
  await popup.getByText('1 more wait. They are shown next.').waitFor();
  expect(await popup.evaluate(() => Reflect.get(window, 'seen'))).toEqual([]);
  expect(await button.count()).toBe(1);
  await expectPaid(world, reader, []);
});

test('what a page asks for once more waits once, and is not among what was not paid afterwards', async () => {
  await reader.page.goto(shop.origin);
  await until(listed, ({ length }) => length === PATHS.length, 'the pictures are listed');
  open();
  const [fetched] = await Promise.all([
    reader.page.evaluate((path) => fetch(path).then(({ status }) => status), PATHS[0] ?? ''),
    reader.question().then((question) => question.getByRole('button', { name: 'Pay 1¢' }).click()),
  ]);
  expect(fetched).toBe(200);
  await reader.settled(PATHS.length);
  await expectPaid(world, reader, [CENT]);
  expect((await listed()).map(({ encounter }) => new URL(encounter.url).pathname).sort()).toEqual(
    PATHS.slice(1).toSorted(),
  );
  expect((await reader.ask('overview', { tabId: reader.tabId })).unpaid).toEqual([]);
});
