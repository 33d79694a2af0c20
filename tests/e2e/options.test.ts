import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { changeRows } from '../support/own-database.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { '/a': '$0.01', '/b': '$0.01' }));
  shop = await startShop(app.get('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  await reader.ask('setUnattended', { unattended: true });
});
afterEach(() => reader?.close());

async function openOptions(): Promise<Page> {
  const { page } = await reader.newTab();
  await page.goto(reader.extensionUrl('options.html'));
  await page.getByRole('heading', { name: 'Receipts', exact: true }).waitFor();
  return page;
}

async function visit(name: string, count: number) {
  await reader.page.bringToFront();
  await reader.page.goto(`${shop.origin}/${name}`);
  return (await reader.settled(count)).at(-1);
}

test('a site that is never to be paid is not, and is again once the rule is forgotten', async () => {
  const page = await openOptions();
  await page.getByLabel('Site', { exact: true }).fill(shop.origin);
  await page.getByLabel('From now on').selectOption('never');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('Saved.').waitFor();
  expect((await visit('a', 1))?.encounter.verdict).toEqual({ outcome: 'deny', reason: 'site-blocked' });
  await page.bringToFront();
  await page.getByRole('button', { name: /^Forget/ }).click();
  await until(
    async () => (await reader.ask('overview', { tabId: null })).policy.sites,
    (sites) => sites?.length === 0,
    'the rule forgotten',
  );
  expect((await visit('a', 2))?.payment?.state).toBe('settled');
  await expectPaid(world, reader, [10_000n]);
});

test('a limit that the rules leave out is none, and says so; one that is left empty asks, and says so', async () => {
  const page = await openOptions();
  const month = page.getByLabel('Each month, up to, in US dollars');
  expect(await month.getAttribute('placeholder')).toBe('no limit');
  expect(await page.getByLabel('One site a minute, payments').first().getAttribute('placeholder')).toBe(
    'no limit',
  );
  expect((await visit('a', 1))?.payment?.state).toBe('settled');
  await page.bringToFront();
  await page.getByRole('button', { name: 'Set: Each month, up to' }).click();
  await page.getByText('Saved.').waitFor();
  expect(await month.getAttribute('placeholder')).toBe('ask');
  expect((await visit('b', 2))?.encounter.verdict).toEqual({
    outcome: 'ask',
    reason: 'over-month-budget',
    reasons: ['over-month-budget'],
  });
  await page.bringToFront();
  await page.reload();
  await page.getByText('Not paid (1)').click();
  await page.getByText('You have set no budget for a month, so every payment is asked about.').waitFor();
  await expectPaid(world, reader, [10_000n]);
});

test('the reader sets the endpoint that is asked how payments ended, and takes it back', async () => {
  const page = await openOptions();
  await page.getByLabel('Network').selectOption({ label: 'Celo' });
  const asked = page.getByRole('list', { name: 'Asked in this order' }).getByRole('listitem');
  const chosen = async (first: string | null) => {
    await page.getByLabel('Endpoint (JSON-RPC)').fill(first ?? '');
    await page.getByRole('button', { name: 'Set endpoint' }).click();
    await page.getByText('Saved.').waitFor();
  };
  const known = await (await reader.ask('rpcs', { network: 'eip155:42220' })).asked;
  await chosen('https://celo.example/rpc');
  await asked.filter({ hasText: 'https://celo.example/rpc' }).waitFor();
  expect(await asked.allInnerTexts()).toEqual(['https://celo.example/rpc', ...known]);
  await chosen('javascript:alert(1)');
  await page.getByRole('alert').waitFor();
  expect((await reader.ask('rpcs', { network: 'eip155:42220' })).asked[0]).toBe('https://celo.example/rpc');
  await chosen(null);
  await asked.filter({ hasText: 'https://celo.example/rpc' }).waitFor({ state: 'detached' });
  expect((await reader.ask('rpcs', { network: 'eip155:42220' })).asked).toEqual(known);
});

test('a payment on a network that few pay on has its name and a link to its explorer', async () => {
  await visit('a', 1);
  const page = await openOptions();
  await changeRows(page, 'intents', (row) => ({
    ...row,
    terms: { ...Object(row['terms']), network: 'eip155:42220' },
  }));
  await page.reload();
  await page.getByText('· Celo').waitFor();
  const href = await page.getByRole('link', { name: 'Paid' }).getAttribute('href');
  expect(href).toMatch(/^https:\/\/celoscan\.io\/tx\/0x[0-9a-f]{64}$/);
  await expectPaid(world, reader, [10_000n]);
});

test('a budget for one site is kept to, and the popup says which one it was', async () => {
  const page = await openOptions();
  await page.getByLabel('One site a day, up to, in US dollars').fill('0.015');
  await page.getByRole('button', { name: 'Set: One site a day, up to' }).click();
  await page.getByText('Saved.').waitFor();
  await visit('a', 1);
  const unpaid = await visit('b', 2);
  expect(unpaid?.encounter.verdict).toEqual({
    outcome: 'ask',
    reason: 'over-site-budget',
    reasons: ['over-site-budget'],
  });
  expect(unpaid?.encounter.figures).toMatchObject({ spentHereToday: '10000', siteDayBudget: '15000' });
  await page.bringToFront();
  await page.reload();
  await page.getByText('Not paid (1)').click();
  await page.getByText('It would go over what this site may be paid in a day, 1.5¢.').waitFor();
  await expectPaid(world, reader, [10_000n]);
});

test('receipts are saved as CSV and JSON, and erased with what was bought still known', async () => {
  await visit('a', 1);
  const page = await openOptions();
  const saved = async (name: 'CSV' | 'JSON') => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name }).click(),
    ]);
    return readFile(await download.path(), 'utf8');
  };
  const [header, row] = (await saved('CSV')).split('\r\n');
  const [transfer] = await world.transfers({ from: reader.address });
  expect(header?.split(',')[0]).toBe('date_utc');
  for (const part of [`${shop.origin}/a`, ',0.01,USDC,', reader.address, world.payee, transfer?.transaction])
    expect(row).toContain(part);
  expect(JSON.parse(await saved('JSON'))).toMatchObject([
    { amount: '0.01', transaction: transfer?.transaction },
  ]);
  await page.getByRole('button', { name: 'Erase …' }).click();
  await page.getByRole('button', { name: 'Erase it for good' }).click();
  await page.getByText('Erased.').waitFor();
  await page.getByText('No payments yet.').waitFor();
  const again = await visit('a', 1);
  expect(again?.encounter.verdict).toMatchObject({ outcome: 'ask', reason: 'already-paid' });
  await expectPaid(world, reader, [10_000n]);
});
