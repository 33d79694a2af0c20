import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pennyPost } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';

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
