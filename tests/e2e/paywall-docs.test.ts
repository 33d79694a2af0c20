import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readElement } from '../../component/build/editor-data.ts';
import { pennyPost } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { installWallet } from '../component/support/browser-wallet.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';

let world: World;
let publication: Publication;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
  browser = await launchWalletBrowser();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  await publication?.stop();
  await world?.stop();
});

test('every example runs, and shows the code that runs', async () => {
  await page.goto(`${publication.origin}/docs`);
  const links = await page
    .locator('dt a')
    .evaluateAll((all) => all.map((link) => link.getAttribute('href') ?? ''));
  expect(links.length).toBeGreaterThan(15);
  for (const link of links) {
    await page.goto(publication.origin + link);
    if (/\/(reference|checker)$/.test(link)) continue; // Nothing of theirs is an element.
    const state = link.endsWith('/limits') ? 'unsupported' : 'locked';
    const place = link.endsWith('/plain') ? page.frameLocator('iframe') : page;
    await place.locator(`x402-paywall[state=${state}]`).first().waitFor();
  }
});

test('what a page shows is what it runs', async () => {
  await page.goto(`${publication.origin}/docs/data`);
  const shown = await page.locator('pre').first().innerText();
  const running = await page.locator('x402-paywall').evaluate((one) => {
    one.removeAttribute('state'); // Its own.
    return one.outerHTML;
  });
  expect(running).toBe(shown);
});

test.each([
  ['markdown', 'cell', 'Leith'],
  ['data', 'listitem', '14:38, 5.3 m'],
  ['picture', 'img', 'The tide’s height through a day, as a curve'],
  ['file', 'link', 'tides.csv'],
] as const)('the example %s sells what it says, for a cent', async (slug, role, name) => {
  const context = await browser.newContext();
  const reader = await context.newPage();
  const wallet = await installWallet(reader, world);
  await world.mint(wallet.address, 1_000_000n);
  await reader.goto(`${publication.origin}/docs/${slug}`);
  await reader.getByRole('button', { name: 'Read on for 1¢' }).click();
  const found = role === 'listitem' ? reader.getByText(name) : reader.getByRole(role, { name }).first();
  await found.waitFor();
  expect(await world.balanceOf(wallet.address)).toBe(990_000n);
  await context.close();
});

test.each(['react', 'vue', 'svelte'])(
  'the page for %s runs its sample, which sells the article once',
  async (slug) => {
    const context = await browser.newContext();
    const reader = await context.newPage();
    const wallet = await installWallet(reader, world);
    await world.mint(wallet.address, 1_000_000n);
    const paid = reader.waitForEvent('console', (message) => /^paid 0x[0-9a-f]{64}$/.test(message.text()));
    await reader.goto(`${publication.origin}/docs/${slug}`);
    await reader.getByText('The first paragraph is free …', { exact: true }).waitFor();
    await reader.getByRole('button', { name: 'Read on for 2¢' }).click();
    await reader.getByText('Hill was a schoolmaster').waitFor();
    await paid;
    expect(await world.balanceOf(wallet.address)).toBe(980_000n);
    await context.close();
  },
);

test('the events are listed as they come', async () => {
  await page.goto(`${publication.origin}/docs/events`);
  await page.getByText('x402-state: locked').waitFor();
  expect(await page.locator('pre').nth(1).innerText()).toContain('for (const name of [');
});

test('the reference has everything that the class says, and the package’s README names it too', async () => {
  await page.goto(`${publication.origin}/docs/reference`);
  const said = await page.locator('main').innerText();
  const element = await readElement(fileURLToPath(new URL('../../component/dist', import.meta.url)));
  const { attributes = [], events = [], cssParts = [], cssProperties = [], slots = [] } = element;
  const names = [...attributes, ...events, ...cssProperties, ...cssParts].map(({ name }) => name);
  expect(names.length).toBeGreaterThan(25);
  const readme = await readFile(new URL('../../component/README.md', import.meta.url), 'utf8');
  for (const name of [...names, ...slots.map((slot) => slot.name)]) expect(said).toContain(name);
  for (const name of names) expect(readme).toContain(name);
});

test('the playground sets what it says', async () => {
  await page.goto(`${publication.origin}/docs/look`);
  await page.locator('input[name="--x402-radius"]').fill('20');
  expect(await page.locator('#style').innerText()).toContain('--x402-radius: 20px;');
  expect(
    await page.locator('x402-paywall').evaluate((one) => one.style.getPropertyValue('--x402-radius')),
  ).toBe('20px');
});

test('the checker finds the demo right, and a free page wrong', async () => {
  await page.goto(`${publication.origin}/docs/checker`);
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByText('✓ A payment may be sent.').waitFor();
  await page.getByLabel('Address').fill('/');
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByText('✗ It answered 200, not 402.').waitFor();
  const other = publication.origin.replace('127.0.0.1', 'localhost') + pennyPost.paidPath;
  await page.getByLabel('Address').fill(other);
  await page.getByRole('button', { name: 'Look' }).click();
  await page.getByText('✗ It answers, but not to this origin').waitFor();
});
