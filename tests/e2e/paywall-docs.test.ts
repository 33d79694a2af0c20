import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pennyPost } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';

let world: World;
let publication: Publication;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  const path = (to: string) => fileURLToPath(new URL(`../../${to}`, import.meta.url));
  execFileSync(path('node_modules/.bin/node'), [path('component/build.ts')]);
  world = await startWorld();
  publication = await startPublication(world);
  browser = await chromium.launch({
    executablePath: process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium',
    args: ['--headless=new', '--no-sandbox', '--disable-gpu'],
  });
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
  expect(links.length).toBeGreaterThan(5);
  for (const link of links) {
    await page.goto(publication.origin + link);
    if (link.endsWith('/checker')) continue;
    const state = link.endsWith('/limits') ? 'unsupported' : 'locked';
    await page.locator(`x402-paywall[state=${state}]`).waitFor();
  }
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
