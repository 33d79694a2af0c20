import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { pennyPost } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const CDN = fileURLToPath(new URL('../../component/dist/cdn', import.meta.url));
/** Of the paid part, and nowhere in the free page. */
const PAID_TEXT = 'Hill was a schoolmaster';

let world: World;
let publication: Publication;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
});
afterAll(async () => {
  await publication?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const press = () => reader.page.getByRole('button', { name: 'Read on for 2¢' }).click();
const inState = (state: string) => reader.page.locator(`x402-paywall[state=${state}]`).waitFor();

test('the element shows the price and pays nothing until it is pressed', async () => {
  await reader.page.goto(publication.origin + pennyPost.path);
  await inState('locked');
  await reader.page.getByRole('button', { name: 'Read on for 2¢' }).waitFor();
  expect(await reader.activity()).toEqual([]);
  await expectPaid(world, reader, []);
});

describe('the look at a price', () => {
  let shop: Shop;
  beforeAll(async () => {
    const gate = '<script type="module" src="/x402-paywall.js"></script><iframe src="/frame"></iframe>';
    shop = await startShop(
      new Hono()
        .get('/:file{x402-paywall.*}', serveStatic({ root: CDN }))
        .get('/attribute', (c) => c.html(`${gate}<x402-paywall src="/paid"></x402-paywall>`))
        .get('/property', (c) =>
          c.html(`${gate}<script type="module">
          await customElements.whenDefined('x402-paywall');
          document.body.append(Object.assign(document.createElement('x402-paywall'), { src: '/paid' }));
        </script>`),
        )
        .get('/frame', (c) => c.html('<p>A frame'))
        .get('/worker.js', (c) => c.body('fetch("/paid?later")', 200, { 'Content-Type': 'text/javascript' }))
        .use(await paywallFor(world, { '/paid': '$0.02' }))
        .get('/paid', (c) => c.html('<p>The paid part.</p>')),
    );
  });
  afterAll(() => shop?.stop());

  test.each(['attribute', 'property'])(
    'whose address is set as %s is no paid item of the page, however long it stands there',
    async (how) => {
      await reader.page.goto(`${shop.origin}/${how}`);
      await inState('locked');
      // What nobody speaks for is looked at after three seconds. This one comes later, and is listed then.
      const frame = reader.page.frames().find((one) => one.url().endsWith('/frame'));
      await frame?.evaluate(() => void new Worker('/worker.js'));
      const listed = async () => (await reader.ask('overview', { tabId: reader.tabId })).listed;
      const items = await until(listed, ({ length }) => length > 0, 'what a worker asked for is listed');
      expect(items.map(({ url }) => url)).toEqual([`${shop.origin}/paid?later`]);
      await press();
      await reader.page.getByText('The paid part.').waitFor();
      await inState('unlocked');
      await until(
        () => world.transfers({ from: reader.address }),
        ({ length }) => length > 0,
        'it is paid',
      );
      await expectPaid(world, reader, [20_000n]);
    },
  );
});

test('a press pays once through the extension, under the threshold without a window', async () => {
  await reader.page.goto(publication.origin + pennyPost.path);
  await press();
  await reader.page.getByText(PAID_TEXT).waitFor();
  await inState('unlocked');
  const [item] = await reader.settled();
  await expectPaid(world, reader, [20_000n]);
  expect(item?.payment).toMatchObject({
    state: 'settled',
    verdict: { outcome: 'allow', reason: 'under-threshold' },
  });
});

test('a price that the page preloads is asked for once, and a press still pays once', async () => {
  const asked = () => publication.requests().filter(({ path }) => path === pennyPost.paidPath).length;
  await reader.page.route(`**${pennyPost.path}`, async (route) => {
    const response = await route.fetch();
    const link = `<link rel="preload" as="fetch" href="${pennyPost.paidPath}" crossorigin></head>`;
    await route.fulfill({ response, body: (await response.text()).replace('</head>', link) });
  });
  const before = asked();
  await reader.page.goto(publication.origin + pennyPost.path);
  await inState('locked');
  expect(asked() - before).toBe(1);
  await press();
  await reader.page.getByText(PAID_TEXT).waitFor();
  await reader.settled();
  await expectPaid(world, reader, [20_000n]);
});

test('with auto, what is under the threshold is paid once, when it scrolls into view', async () => {
  await openAuto();
  await inState('locked');
  await expectPaid(world, reader, []);
  await reader.page.locator('x402-paywall').scrollIntoViewIfNeeded();
  await reader.page.getByText(PAID_TEXT).waitFor();
  await reader.settled();
  await expectPaid(world, reader, [20_000n]);
});

test('with auto, what is above the threshold opens no window and pays nothing until a press', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  await reader.ask('setPolicy', { policy: { ...policy, autoPay: '10000' } });
  await openAuto();
  await reader.page.locator('x402-paywall').scrollIntoViewIfNeeded();
  const [item] = await reader.settled();
  await inState('locked');
  expect(item).toMatchObject({
    encounter: { state: 'unpaid', verdict: { outcome: 'ask', reason: 'above-threshold' } },
    payment: null,
  });
  expect(reader.context.pages().filter((one) => one.url().includes('consent.html'))).toEqual([]);
  await expectPaid(world, reader, []);
  await press();
  const question = await reader.question();
  await question.getByRole('button', { name: 'Pay 2¢' }).click();
  await reader.page.getByText(PAID_TEXT).waitFor();
  await reader.settled(2);
  await expectPaid(world, reader, [20_000n]);
});

/** The page with `auto` on its paywall, which is out of sight. */
async function openAuto(): Promise<void> {
  await reader.page.route(`**${pennyPost.path}`, async (route) => {
    const response = await route.fetch();
    const body = (await response.text())
      .replace('<x402-paywall', '<x402-paywall auto')
      .replace('<main', '<div class="far"></div><main')
      .replace('</head>', '<style>.far { height: 300vh }</style></head>');
    await route.fulfill({ response, body });
  });
  await reader.page.goto(publication.origin + pennyPost.path);
}

test('above the threshold the press opens the window; a refusal leaves the gate locked, a yes opens it', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  await reader.ask('setPolicy', { policy: { ...policy, autoPay: '10000' } });
  await reader.page.goto(publication.origin + pennyPost.path);
  await press();
  const first = await reader.question();
  await Promise.all([first.waitForEvent('close'), first.getByRole('button', { name: 'Don’t pay' }).click()]);
  await inState('refused');
  await expectPaid(world, reader, []);
  await reader.page.reload(); // A refusal holds until the page is loaded anew.
  await press();
  const second = await reader.question();
  await second.getByRole('button', { name: 'Pay 2¢' }).click();
  await reader.page.getByText(PAID_TEXT).waitFor();
  await reader.settled(2);
  await expectPaid(world, reader, [20_000n]);
});
