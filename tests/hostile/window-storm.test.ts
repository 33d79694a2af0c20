import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/** Above the limit, so every one of them is a question. */
const PRICE = 500_000n;
/** How often a page sends its reader on. */
const ROUNDS = 8;

let world: World;
let shop: Shop;
let reader: Reader;
let opened: Page[];
/** Each lets a page send its reader on. */
let held: (() => void)[];

/** Pages at 50¢ whose own 402 sends the reader on by itself, once the test says so. */
beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  const paths = Array.from({ length: ROUNDS + 1 }, (_, index) => `/deal/${index}`);
  const paywall = await paywallFor(world, Object.fromEntries(paths.map((path) => [path, '$0.50'])));
  app.use('/deal/*', async (c, next) => {
    await next();
    if (c.res.status !== 402) return;
    const headers = new Headers(c.res.headers);
    headers.set('Content-Type', 'text/html');
    headers.delete('Content-Length');
    c.res = undefined;
    c.res = new Response(sendingOn(next402(c.req.path, c.req.query('then'))), { status: 402, headers });
  });
  app.use(paywall);
  app.get('/deal/:index', (c) => c.html(`<h1>Deal ${c.req.param('index')}</h1>`));
  app.get('/go-on', async (c) => {
    await new Promise<void>((resolve) => held.push(resolve));
    return c.text('now');
  });
  app.get('/start', (c) => c.html(sendingOn('/deal/0')));
  app.get('/stay', (c) => c.html(`<h1>Offers</h1>${paths.map(link).join('')}`));
  app.get('/frame', (c) => c.html('<h1>Offers</h1><iframe src="/inner"></iframe>'));
  app.get('/inner', (c) => c.html(sendingOn('/deal/0', 'top')));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  [opened, held] = [[], []];
  reader.context.on('page', (page) => opened.push(page));
});
afterEach(() => reader?.close());

const next402 = (path: string, then: string | undefined) =>
  then === 'back' ? '/stay' : `/deal/${Number(path.split('/').at(-1)) + 1}`;
const sendingOn = (to: string, whom = 'window') =>
  `<h1>A moment</h1><script>fetch('/go-on').then(() => { ${whom}.location.href = '${to}' })</script>`;
const link = (path: string) =>
  `<p><a id="d${path.split('/').at(-1)}" href="${path}?then=back">${path}</a></p>`;

const questions = () => opened.filter((page) => page.url().includes('consent.html')).length;
const states = () => reader.activity().then((items) => items.map(({ encounter }) => encounter.state));

/** Has the page send its reader on, once its own 402 is the `count`th of the tab that was dealt with. */
async function sendOn(count: number): Promise<void> {
  await until(
    states,
    (all) => all.length >= count && all.every((one) => one !== 'handling'),
    `${count} 402s are dealt with`,
  );
  await until(
    async () => held.length,
    (pages) => pages > 0,
    'the page is about to send its reader on',
  );
  for (const goOn of held.splice(0)) goOn();
}

/** Opens `path`, from where pages send their reader on and on; ends when the last has been dealt with. */
async function sendOnAndOn(path: string): Promise<void> {
  await reader.page.goto(shop.origin + path);
  for (let round = 0; round <= ROUNDS; round += 1) await sendOn(round);
  await until(
    states,
    (all) => all.length > ROUNDS && all.every((one) => one !== 'handling'),
    'the last one is dealt with',
  );
}

test.each(['/start', '/frame'])(
  'a page that sends its reader on and on, from %s, opens no window by itself (audit 15)',
  async (path) => {
    await sendOnAndOn(path);
    expect(questions()).toBe(0);
    await expectPaid(world, reader, []);
  },
);

test('what a page sent its reader to waits in the popup, on the badge, and is paid there once (audit 15)', async () => {
  await sendOnAndOn('/start');
  await until(states, (all) => all.at(-1) === 'listed', 'it waits in the popup');
  const badge = await reader.own().evaluate(`chrome.action.getBadgeText({ tabId: ${reader.tabId} })`);
  expect(badge).toBe('1');
  const popup = await reader.popup();
  await popup.getByRole('button', { name: 'Pay 50¢' }).click();
  await reader.page.getByText(`Deal ${ROUNDS}`).waitFor();
  await until(
    () => reader.activity(),
    (items) => items.some(({ payment }) => payment?.state === 'settled'),
    'it is paid',
  );
  await expectPaid(world, reader, [PRICE]);
});

test('a page that takes two questions back gets no third window, although its reader presses (audit 15)', async () => {
  await reader.page.goto(`${shop.origin}/stay`);
  for (let round = 0; round < 4; round += 1) {
    await reader.page.locator(`#d${round}`).click();
    await sendOn(round + 1);
    await reader.page.waitForURL(`${shop.origin}/stay`);
  }
  expect(questions()).toBe(2);
  await expectPaid(world, reader, []);
});
