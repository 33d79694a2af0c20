import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';

/** What costs a tenth of a cent each, in atomic units. */
const PRICE = 1_000n;
const PARTS = [
  'image',
  'srcset',
  'picture',
  'lazy',
  'background',
  'style',
  'font',
  'script',
  'video',
  'audio',
  'frame',
  'far',
  'object',
];

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

/** The origin of the one part that is another site's. */
const elsewhere = () => publication.origin.replace('127.0.0.1', 'localhost');

const allow = () =>
  reader.ask('setPolicy', {
    policy: {
      paused: false,
      autoPay: '100000',
      dayBudget: '2000000',
      anySite: true,
      allowedSites: [publication.origin],
      allowedOrigins: [{ site: publication.origin, origin: elsewhere() }],
    },
  });

/** Waits until every kind of `ids` has its tick. */
async function ticked(page: Page, ids: readonly string[]): Promise<void> {
  const works = () => page.locator('.kinds li.works').evaluateAll((items) => items.map(({ id }) => id));
  await until(works, (found) => ids.every((id) => found.includes(`kind-${id}`)), `works: ${ids.join(', ')}`);
}

async function expectPaidTimes(count: number): Promise<void> {
  await expectPaid(
    world,
    reader,
    Array.from({ length: count }, () => PRICE),
  );
}

/** Presses a button of the popup, once it takes presses. */
async function press(screen: Page, name: string): Promise<void> {
  const button = screen.getByRole('button', { name });
  await button.and(screen.locator('[aria-disabled=false]')).waitFor();
  await button.click();
}

const listed = () =>
  reader.activity().then((items) => items.filter(({ encounter }) => encounter.state === 'listed'));

const paidRequests = () =>
  publication.requests().filter(({ headers }) => headers['payment-signature'] !== undefined);

test('on a site that is allowed, every part of a page is paid once and comes', async () => {
  await allow();
  await reader.page.goto(`${publication.origin}/kinds`);
  await reader.page.locator('#kind-lazy').scrollIntoViewIfNeeded();
  await ticked(reader.page, PARTS);
  await reader.settled(PARTS.length);
  await expectPaidTimes(PARTS.length);
});

test('elsewhere they wait in the popup, which pays those of one origin with one press', async () => {
  await reader.page.goto(`${publication.origin}/kinds`);
  await reader.page.locator('#kind-lazy').scrollIntoViewIfNeeded();
  await until(listed, (items) => items.length === PARTS.length, 'every part is listed');
  await expectPaid(world, reader, []);
  expect(reader.context.pages().map((page) => page.url())).not.toContainEqual(
    expect.stringContaining('consent'),
  );
  const screen = await reader.popup();
  await screen.getByText(`${PARTS.length - 1} paid items on this page`).waitFor();
  await screen.bringToFront(); // A tab behind others takes no yes.
  await press(screen, 'Pay all for 1.2¢');
  await until(listed, (items) => items.length === 1, 'the one of another site still waits');
  await press(screen, 'Pay 0.1¢');
  await reader.page.bringToFront();
  await ticked(reader.page, PARTS);
  await reader.settled(PARTS.length);
  await expectPaidTimes(PARTS.length);
});

test('a refusal in the popup holds for the page, and nothing is paid', async () => {
  await reader.page.goto(`${publication.origin}/kinds`);
  await reader.page.locator('#kind-lazy').scrollIntoViewIfNeeded();
  await until(listed, (items) => items.length === PARTS.length, 'every part is listed');
  const screen = await reader.popup();
  await screen.getByRole('button', { name: 'Don’t pay' }).first().click();
  await until(
    () => screen.getByRole('button', { name: 'Don’t pay' }).count(),
    (count) => count === 1,
    'the one of another site still waits',
  );
  await screen.getByRole('button', { name: 'Don’t pay' }).click();
  await until(listed, (items) => items.length === 0, 'the list is empty');
  const { length } = await reader.activity();
  const asked = publication.requests().length;
  await reader.page.evaluate("for (const image of document.images) image.src = '/kinds/paid/image.svg'");
  await until(
    async () => publication.requests().length,
    (count) => count > asked,
    'it is asked for again',
  );
  await reader.page.evaluate("fetch('/kinds/paid/data.json')");
  const after = await reader.settled(length + 1);
  expect(after.filter(({ encounter }) => encounter.url.endsWith('image.svg'))).toHaveLength(1);
  await expectPaidTimes(1); // The fetch: it is the reader's own, and under the limits.
});

test('what scripts ask for comes by itself, through a service worker as well', async () => {
  await reader.page.goto(`${publication.origin}/docs`); // No parts to pay here.
  await reader.page.goto(`${publication.origin}/kinds`);
  for (const id of ['fetch', 'post', 'xhr', 'service']) await reader.page.locator(`[data-try=${id}]`).click();
  await ticked(reader.page, ['fetch', 'post', 'xhr', 'service']);
  await reader.settled();
  await expectPaidTimes(4);
  expect(paidRequests().filter(({ path }) => path.includes('service.json'))).not.toHaveLength(0);
});

test.each(['worker', 'shared'])(
  'what a %s asks for waits in the popup, and comes when the page is loaded again',
  async (id) => {
    await reader.page.goto(`${publication.origin}/kinds`);
    await reader.page.locator(`[data-try=${id}]`).click();
    const isListed = (url: string) => url.endsWith(`${id}.json`);
    const items = await until(
      listed,
      (all) => all.some(({ encounter }) => isListed(encounter.url)),
      'what the worker asked for is listed',
    );
    const item = items.find(({ encounter }) => isListed(encounter.url))?.encounter;
    expect(item).toMatchObject({ again: 'page', verdict: { outcome: 'ask', reason: 'reloads-page' } });
    await reader.ask('answerListed', {
      tabId: reader.tabId,
      ids: [item?.id ?? ''],
      approve: true,
      allowSite: false,
    });
    await ticked(reader.page, [id]);
    await until(
      () => world.transfers({ from: reader.address }),
      (transfers) => transfers.length === 1,
      'one payment has settled',
    );
    await expectPaidTimes(1);
  },
);

test('a download is paid from the popup and fetched once more', async () => {
  await reader.page.goto(`${publication.origin}/kinds`);
  await reader.page.getByRole('link', { name: 'Fetch the plan' }).click();
  const isPlan = ({ encounter }: Awaited<ReturnType<typeof listed>>[number]) => encounter.kind === 'download';
  const items = await until(listed, (all) => all.some(isPlan), 'the download is listed');
  const fetched = reader.page.waitForEvent('download');
  await reader.ask('answerListed', {
    tabId: reader.tabId,
    ids: items.filter(isPlan).map(({ encounter }) => encounter.id),
    approve: true,
    allowSite: false,
  });
  expect((await fetched).suggestedFilename()).toBe('plan.txt');
  await ticked(reader.page, ['download']);
  await expectPaidTimes(1);
});

test('a link, a new window and a redirect are paid where they lead', async () => {
  const back = () => reader.page.goto(`${publication.origin}/kinds`);
  const arrive = async (by: string) => {
    await reader.page.locator(`#kind-${by} a`).click();
    await reader.page.getByRole('heading', { name: 'Paid, and here it is' }).waitFor();
    await reader.page.waitForFunction((key) => localStorage.getItem(key) !== null, `kinds:${by}`);
  };
  await back();
  await arrive('link');
  await back();
  await arrive('redirect');
  expect(reader.page.url()).toBe(`${publication.origin}/kinds/paid/page?by=redirect`);
  await back();
  const opened = reader.context.waitForEvent('page');
  await reader.page.locator('[data-try=window]').click();
  await (await opened).getByRole('heading', { name: 'Paid, and here it is' }).waitFor();
  await ticked(reader.page, ['link', 'redirect', 'window']);
  await expectPaidTimes(3);
});

test('a form is sent again only after a question, and then paid', async () => {
  await reader.page.goto(`${publication.origin}/kinds`);
  await reader.page.locator('#kind-form button').click();
  const question = await reader.question();
  await question.getByText('Paying sends the form once more.').waitFor();
  await expectPaid(world, reader, []);
  await question.getByRole('button', { name: 'Pay 0.1¢' }).click();
  await reader.page.getByRole('heading', { name: 'Paid, and here it is' }).waitFor();
  const posts = publication
    .requests()
    .filter(({ method, path }) => method === 'POST' && path.includes('page'));
  expect(posts.map(({ status }) => status)).toEqual([402, 200]);
  await expectPaidTimes(1);
});
