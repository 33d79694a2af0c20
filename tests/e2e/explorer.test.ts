import { asAddress } from 'tuppence/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pennyPost, tideMachine } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Session, startSession } from '../../extension/reader/session.ts';
import { DEFAULT_POLICY } from '../../extension/storage/settings.ts';

let world: World;
let publication: Publication;
let session: Session;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
  const rpcs = [{ network: world.network, url: world.rpcUrl, explorer: publication.origin }];
  const policy = { ...DEFAULT_POLICY, autoPay: 100_000n, anySite: true };
  session = await startSession({ privateKey: null, policy, rpcs, unattended: true }, {});
  await world.mint(asAddress(session.payer, 'payer'), 1_000_000n);
});
afterAll(async () => {
  await session?.browser.close();
  await publication?.stop();
  await world?.stop();
});

test('a receipt of the extension leads to the explorer of the local chain, which shows what the chain has', async () => {
  const { page } = await session.browser.newTab();
  await page.goto(publication.origin + tideMachine.path);
  await page.getByText('Paid with thanks.').waitFor();
  const [transfer] = await world.transfers({ from: asAddress(session.payer, 'payer') });
  expect(transfer?.value).toBe(50_000n);
  const hash = transfer?.transaction ?? '';

  await page.goto(session.browser.extensionUrl('options.html'));
  const link = page.locator(`a[title="Transaction ${hash}"]`);
  expect(await link.getAttribute('href')).toBe(`${publication.origin}/tx/${hash}`);
  const [explorer] = await Promise.all([session.browser.context.waitForEvent('page'), link.click()]);
  await explorer.getByRole('heading', { name: 'Paid' }).waitFor();
  const text = await explorer.locator('main').innerText();
  for (const fact of ['0.05 USDC', session.payer, world.payee, 'Succeeded', hash])
    expect(text.toLowerCase()).toContain(fact.toLowerCase());
  await explorer.close();
  await page.close();
});

test('the link of a receipt in the popup stays the same one while the popup draws itself anew', async () => {
  const { browser } = session;
  const { page } = await browser.newTab();
  await page.goto(publication.origin + tideMachine.path);
  await page.getByText('Paid with thanks.').waitFor();
  await page.goto(browser.extensionUrl('popup.html'));
  const link = await page.locator('a[title^="Transaction "]').first().elementHandle();
  const { policy } = await browser.ask('overview', { tabId: null });
  await browser.ask('setPolicy', { policy: { ...policy, dayBudget: '7000000' } });
  await page.getByText('of $7.00 a day').waitFor(); // By itself: the popup looks how things stand.
  expect(await link?.evaluate((one) => one.isConnected)).toBe(true);
  await browser.ask('setPolicy', { policy });
  await page.close();
});

test('the receipt of a paywall in the magazine leads there too', async () => {
  const { page } = await session.browser.newTab();
  await page.goto(publication.origin + pennyPost.path);
  await page.getByRole('button', { name: 'Read on for 2¢' }).click();
  const link = page.getByRole('link', { name: 'Receipt' });
  const [explorer] = await Promise.all([session.browser.context.waitForEvent('page'), link.click()]);
  await explorer.getByText('0.02 USDC').waitFor();
  expect(new URL(explorer.url()).origin).toBe(publication.origin);
  await explorer.close();
  await page.close();
});

test.each([`0x${'ab'.repeat(32)}`, '0x1', '%22%3E'])('the explorer knows no transaction %s', async (name) => {
  const answer = await fetch(`${publication.origin}/tx/${name}`);
  expect(answer.status).toBe(404);
  expect(await answer.text()).toContain('The local chain has no transaction of this name');
});
