import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { bridgeReport, tideMachine } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, PASSPHRASE, type Reader, startReader } from '../support/reader.ts';

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

const visits = () => publication.requests().filter(({ path }) => path === bridgeReport.path);

test('above the threshold the window shows host, price, payee and what is left', async () => {
  await reader.page.goto(publication.origin + bridgeReport.path);
  const question = await reader.question();
  const text = await question.locator('main').innerText();
  expect(text).toContain('$2.50');
  expect(text).toContain(new URL(publication.origin).host);
  expect(text).toContain('The price is above your auto-pay limit of 10¢.');
  expect(text).toContain('$2.00 of $2.00');
  expect(text).toContain('2.5 USDC');
  expect(text).toContain('Base Sepolia (test money)');
  expect(text).toContain(world.payee);
  expect(text).toMatch(/Your balance\s+5 USDC/);
  await expectPaid(world, reader, []);
});

test("refusing pays nothing and leaves the site's own 402 as it was", async () => {
  await reader.page.goto(publication.origin + bridgeReport.path);
  const teaser = await reader.page.content();
  const before = visits();
  const question = await reader.question();
  await Promise.all([
    question.waitForEvent('close'),
    question.getByRole('button', { name: 'Don’t pay' }).click(),
  ]);
  const [item] = await reader.settled();
  expect(item?.encounter).toMatchObject({ state: 'unpaid', verdict: { outcome: 'deny', reason: 'refused' } });
  await expectPaid(world, reader, []);
  expect(visits()).toEqual(before);
  expect(await reader.page.content()).toBe(teaser);
});

test('approving pays exactly the price that was shown', async () => {
  await reader.page.goto(publication.origin + bridgeReport.path);
  const question = await reader.question();
  await question.getByRole('button', { name: 'Pay $2.50' }).click();
  await reader.page.getByText('Broughton').waitFor();
  const [item] = await reader.settled();
  await expectPaid(world, reader, [2_500_000n]);
  expect(item?.payment).toMatchObject({
    state: 'settled',
    verdict: { outcome: 'allow', reason: 'approved' },
  });
});

test('closing the window is a refusal', async () => {
  await reader.page.goto(publication.origin + bridgeReport.path);
  await (await reader.question()).close();
  const [item] = await reader.settled();
  expect(item?.encounter.verdict?.reason).toBe('refused');
  await expectPaid(world, reader, []);
});

test('a double click, and an answer sent twice, pay once', async () => {
  await reader.page.goto(publication.origin + bridgeReport.path);
  const question = await reader.question();
  const id = new URL(question.url()).searchParams.get('question') ?? '';
  await question.getByRole('button', { name: 'Pay $2.50' }).dblclick();
  await reader.page.getByText('Broughton').waitFor();
  const late = reader.ask('answer', { id, approve: true, passphrase: null, allowSite: false });
  await expect(late).rejects.toMatchObject({ reason: 'Encounter.StaleQuestionError' });
  await reader.settled();
  await expectPaid(world, reader, [2_500_000n]);
});

test('a press by script, and one before the window was looked at, count for nothing', async () => {
  const opening = reader.context.waitForEvent('page');
  await reader.page.goto(publication.origin + bridgeReport.path);
  const opened = await opening;
  const button = opened.locator('button.primary');
  await button.waitFor();
  expect(await button.getAttribute('aria-disabled')).toBe('true');
  await button.click({ force: true });
  await reader.question();
  await button.evaluate((element: HTMLButtonElement) => element.click());
  await button.evaluate((element: HTMLButtonElement) => element.form?.requestSubmit());
  const [item] = await reader.activity();
  expect(item?.encounter.state).toBe('asking');
  await expectPaid(world, reader, []);
});

test('leaving the page withdraws the question and closes its window', async () => {
  await reader.page.goto(publication.origin + bridgeReport.path);
  const question = await reader.question();
  await Promise.all([question.waitForEvent('close'), reader.page.goto(`${publication.origin}/`)]);
  const [item] = await reader.settled();
  expect(item?.encounter).toMatchObject({ state: 'unpaid', sentence: 'The page was left before an answer.' });
  await expectPaid(world, reader, []);
});

test('the first payment on a site asks, and from then on it is paid by itself when the reader says so', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  await reader.ask('setPolicy', { policy: { ...policy, anySite: false } });
  await reader.page.goto(publication.origin + tideMachine.path);
  const question = await reader.question();
  expect(await question.locator('main').innerText()).toContain('This site has not been paid before.');
  await question.getByRole('checkbox').check();
  await question.getByRole('button', { name: 'Pay 5¢' }).click();
  await reader.page.getByText('Beauchamp Tower').waitFor();
  const allowed = (await reader.ask('overview', { tabId: null })).policy.allowedSites;
  expect(allowed).toEqual([publication.origin]);
  await reader.page.goto(`${publication.origin}/archive/the-woman-who-sold-the-time`);
  await reader.page.getByText('number 485').waitFor();
  await reader.settled(2);
  await expectPaid(world, reader, [50_000n, 30_000n]);
});

test('a locked key asks for its passphrase; a wrong one pays nothing and may be tried again', async () => {
  await reader.ask('lock', {});
  await reader.page.goto(publication.origin + tideMachine.path);
  const question = await reader.question();
  await question.getByLabel('Passphrase').fill('not the passphrase');
  await question.getByRole('button', { name: 'Pay 5¢' }).click();
  await question.getByText('That is not the passphrase.').waitFor();
  await expectPaid(world, reader, []);
  await question.getByLabel('Passphrase').fill(PASSPHRASE);
  await question.getByRole('button', { name: 'Pay 5¢' }).click();
  await reader.page.getByText('Beauchamp Tower').waitFor();
  await expectPaid(world, reader, [50_000n]);
});
