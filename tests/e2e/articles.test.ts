import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { soldTheTime, tideMachine } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';

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

const visits = (path: string, from: number) =>
  publication
    .requests()
    .slice(from)
    .filter((request) => request.path === path);

test('a v2 article under the threshold is paid once, with no click, and its receipt is kept', async () => {
  const from = publication.requests().length;
  await reader.page.goto(publication.origin + tideMachine.path);
  await reader.page.getByText('Beauchamp Tower').waitFor();
  const [item] = await reader.settled();
  await expectPaid(world, reader, [50_000n]);
  expect(item?.payment).toMatchObject({
    state: 'settled',
    verdict: { outcome: 'allow', reason: 'under-threshold' },
    terms: { amount: '50000', network: 'eip155:84532', payTo: world.payee },
    transaction: (await world.transfers({ from: reader.address }))[0]?.transaction,
  });
  const { payments, spentToday } = await reader.ask('overview', { tabId: null });
  expect([payments.length, spentToday]).toEqual([1, '50000']);
  const paid = visits(tideMachine.path, from).filter(
    ({ headers }) => headers['payment-signature'] !== undefined,
  );
  expect(paid).toHaveLength(1);
  expect(new URL(reader.page.url()).pathname).toBe(tideMachine.path);
});

test('a v1 article, whose 402 page has no terms in it, is paid once, with no click', async () => {
  const from = publication.requests().length;
  await reader.page.goto(publication.origin + soldTheTime.path);
  await reader.page.getByText('number 485').waitFor();
  const [item] = await reader.settled();
  await expectPaid(world, reader, [30_000n]);
  expect(item?.payment?.state).toBe('settled');
  expect(item?.payment?.transaction).toBe((await world.transfers({ from: reader.address }))[0]?.transaction);
  const paid = visits(soldTheTime.path, from).filter(({ headers }) => headers['x-payment'] !== undefined);
  expect(paid).toHaveLength(1);
});

test('paying adds no entry to the history', async () => {
  await reader.page.goto(`${publication.origin}/`);
  await reader.page.goto(publication.origin + tideMachine.path);
  await reader.page.getByText('Beauchamp Tower').waitFor();
  expect(await reader.page.evaluate(() => history.length)).toBe(3); // The empty tab, the front page, the article.
});

test('a reload of what was paid asks first, and pays nothing when refused', async () => {
  await reader.page.goto(publication.origin + tideMachine.path);
  await reader.page.getByText('Beauchamp Tower').waitFor();
  await reader.settled();
  await reader.page.reload();
  const question = await reader.question();
  expect(await question.locator('main').innerText()).toContain('You paid for this address before');
  await Promise.all([
    question.waitForEvent('close'),
    question.getByRole('button', { name: 'Don’t pay' }).click(),
  ]);
  const items = await reader.settled(3); // The article, the same payment shown again, the question.
  expect(items[2]?.encounter.verdict).toEqual({ outcome: 'deny', reason: 'refused' });
  await expectPaid(world, reader, [50_000n]);
});

test('a tab in the background pays only when the reader turns to it', async () => {
  await reader.page.goto(`${publication.origin}/`);
  const opened = reader.context.waitForEvent('page');
  await reader.page.evaluate((url) => {
    const link = Object.assign(document.createElement('a'), {
      href: url,
      target: '_blank',
      textContent: 'later',
    });
    link.id = 'later';
    document.body.prepend(link);
  }, publication.origin + tideMachine.path);
  await reader.page.locator('#later').click({ modifiers: ['ControlOrMeta'] });
  const tab = await opened;
  await tab.getByRole('heading', { level: 1 }).waitFor();
  await expectPaid(world, reader, []);
  await tab.bringToFront();
  await tab.getByText('Beauchamp Tower').waitFor();
  await expectPaid(world, reader, [50_000n]);
});

test('nothing is paid while payments are paused, and the popup says so', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  await reader.ask('setPolicy', { policy: { ...policy, paused: true } });
  await reader.page.goto(publication.origin + tideMachine.path);
  const [item] = await reader.settled();
  expect(item?.encounter.verdict).toEqual({ outcome: 'deny', reason: 'paused' });
  await expectPaid(world, reader, []);
  const popup = await reader.context.newPage();
  await popup.goto(reader.extensionUrl('popup.html'));
  await popup.getByText('Payments are paused. Nothing is paid until you resume.').waitFor();
});

test('an address with every odd character, and one of 12,000 characters, are each paid once', async () => {
  const odd = `?q=${encodeURIComponent('a.b*c+d?(e)[f]{g}|h^i$j\\k')}&raw=a.b*c+(d)|e^f$g-h/i`;
  for (const query of [odd, `?long=${'x'.repeat(12_000)}`]) {
    await reader.page.goto(publication.origin + tideMachine.path + query);
    await reader.page.getByText('Beauchamp Tower').waitFor();
  }
  await reader.settled(2);
  await expectPaid(world, reader, [50_000n, 50_000n]);
});
