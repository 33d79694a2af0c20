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
    if (/\/(reference|checker|start|load-unpacked)$/.test(link)) continue; // Nothing of theirs is an element.
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

test('what START.md says is at /docs/start, with the hash of the element that is served, and nothing of it raw', async () => {
  await page.goto(`${publication.origin}/docs/start`);
  const tag = await readFile(new URL('../../component/dist/cdn/tag.html', import.meta.url), 'utf8');
  const blocks = await page.locator('pre').allInnerTexts();
  expect(blocks.some((block) => block.includes(tag.trim()))).toBe(true);
  const text = await readFile(new URL('../../docs/START.md', import.meta.url), 'utf8');
  const shown = await page.locator('main').innerText();
  for (const [, heading = ''] of text.matchAll(/^##+ (.*)$/gm)) expect(shown).toContain(heading);
  expect(shown).not.toMatch(/`|<!--/);
});

test('code is copied by its button', async () => {
  const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] });
  const reader = await context.newPage();
  await reader.goto(`${publication.origin}/docs/one-tag`);
  await reader.getByRole('button', { name: 'Copy' }).click();
  await reader.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await reader.evaluate(() => navigator.clipboard.readText())).toBe(
    await reader.locator('pre').first().innerText(),
  );
  await context.close();
});

test.each([360, 1200])(
  'at %d pixels no page of the docs is wider than its window, and tables show their last column',
  async (width) => {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const reader = await context.newPage();
    for (const slug of ['', '/start', '/reference', '/checker', '/load-unpacked', '/one-tag', '/react']) {
      await reader.goto(`${publication.origin}/docs${slug}`);
      const { scrollWidth, clientWidth, cut } = await reader.evaluate(() => ({
        scrollWidth: document.documentElement.scrollWidth,
        clientWidth: document.documentElement.clientWidth,
        cut: [...document.querySelectorAll('.scroll')].filter((one) => one.scrollWidth > one.clientWidth)
          .length,
      }));
      expect(scrollWidth, slug).toBeLessThanOrEqual(clientWidth);
      if (width > 1000) expect(cut, slug).toBe(0);
    }
    await context.close();
  },
);

test('the reference shows code as code, without raw backticks', async () => {
  await page.goto(`${publication.origin}/docs/reference`);
  expect(await page.locator('main').innerText()).not.toContain('`');
});

test('the playground sets what it says', async () => {
  await page.goto(`${publication.origin}/docs/look`);
  await page.locator('input[name="--x402-radius"]').fill('20');
  expect(await page.locator('#style').innerText()).toContain('--x402-radius: 20px;');
  expect(
    await page.locator('x402-paywall').evaluate((one) => one.style.getPropertyValue('--x402-radius')),
  ).toBe('20px');
});

test('the checker shows what the demo sells, and finds a free page wrong', async () => {
  await page.goto(`${publication.origin}/docs/checker`);
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByRole('heading', { name: 'All is right' }).waitFor();
  await page.getByRole('definition').getByText('2¢', { exact: true }).waitFor();
  await page.getByText(pennyPost.price.label).first().waitFor();
  await page.getByLabel('Address').fill('/');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Without a payment it answers 200, not 402.').waitFor();
  await page.getByLabel('Address').fill(pennyPost.paidPath);
  await page.getByLabel('Origin of the page').fill('https://elsewhere.example');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('A page of https://elsewhere.example can’t read the 402').waitFor();
});

test('the checker can be given an address in its own, and is nobody else’s to use', async () => {
  await page.goto(`${publication.origin}/docs/checker?url=${encodeURIComponent('/premium/a"b')}`);
  expect(await page.getByLabel('Address').inputValue()).toBe('/premium/a"b');
  const foreign = await fetch(`${publication.origin}/docs/checker`, {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'cross-site', 'Content-Type': 'application/json' },
    body: '{"url":"http://127.0.0.1:1/","from":null}',
  });
  expect(foreign.status).toBe(403);
});
