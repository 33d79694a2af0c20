import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Hono } from 'hono';
import type { Page } from 'playwright';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { startWorld } from '../../demo-site/world/index.ts';
import { launchPayingBrowser } from '../../extension/reader/launch.ts';
import { startFlood } from '../hostile/support/flood.ts';
import { paywallFor, startShop } from '../support/shop.ts';

/**
 * `npm run bench:flood -- --seconds 120 --rate 200`: what a page that asks without end costs the others: payments in
 * another window, the popup, the pause, the disk. All of it is on this machine. Exits with 1 when anything takes more
 * than it may, or when the page has not got to ask so often.
 */
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '120' }, rate: { type: 'string', default: '200' } },
});
const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
const EVERY = 10_000;
/** Milliseconds after which something counts as not answered. */
const GIVEN_UP = 20_000;
/** Payments without the flood, to compare with. */
const QUIET = 12;
/** How many times its quiet time a payment may take; milliseconds of the popup and the pause; megabytes on disk. */
const MOST = { payment: 2, popup: 300, pause: 100, disk: 20 };
/** The share of the rate that counts as the rate. */
const IN_FULL = 0.9;

const profile = await mkdtemp(join(tmpdir(), 'tuppence-flood-'));
const world = await startWorld();
const prices = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`/article/${at}`, '$0.01']));
const app = new Hono().use(await paywallFor(world, prices));
const shop = await startShop(app.get('/article/:name', (c) => c.html('<h1>The content</h1>')));
const flood = await startFlood(world, 600);
const browser = await launchPayingBrowser({ profile });
try {
  const own = await browser.newTab();
  await own.page.goto(browser.extensionUrl('welcome.html'));
  const privateKey = generatePrivateKey();
  await browser.ask('createKey', { passphrase: 'a passphrase for measuring', privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  const policy = { paused: false, autoPay: '100000', dayBudget: '9000000', anySite: false };
  await browser.ask('setPolicy', { policy: { ...policy, allowedSites: [shop.origin] } });
  await world.mint(privateKeyToAddress(privateKey), 9_000_000n);
  const [reading, popup, flooding] = [
    await newWindow(own.page, 'reading'),
    await newWindow(own.page, 'popup'),
    await newWindow(own.page, 'flooding'),
  ];
  let article = 0;
  const pay = () => timed(() => readArticle(reading, article++));
  await pay(); // The first of all starts more than a payment.
  const quiet: number[] = [];
  for (let at = 0; at < QUIET; at += 1) quiet.push(await pay());
  const flooded: number[] = [];
  const popups: number[] = [];
  const pauses: number[] = [];
  const count = seconds * rate;
  await flooding.goto(`${flood.origin}/busy?count=${count}&rate=${rate}`);
  const end = Date.now() + seconds * 1_000;
  while (Date.now() < end) {
    const round = Date.now();
    flooded.push(await pay());
    popups.push(await timed(() => openPopup(popup)));
    pauses.push(await pauseAndResume(popup));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, round + EVERY - Date.now())));
  }
  const asked = flood.requests().filter(({ path }) => path.startsWith('/ask/')).length;
  const disk = await sizeOf(join(profile, 'Default', 'IndexedDB'));
  const [before, during] = [figures(quiet), figures(flooded)];
  console.table({
    'payment, quiet, ms': before,
    'payment in another window, flooded, ms': during,
    'popup from opening to its figures, flooded, ms': figures(popups),
    'pause from press to settings, flooded, ms': figures(pauses),
  });
  const verdicts = [
    atLeast('asks of the page', asked, Math.ceil(count * IN_FULL)),
    atMost('payment, median, ms', during.median, MOST.payment * before.median),
    atMost('payment, worst, ms', during.worst, MOST.payment * before.worst),
    atMost('popup, worst, ms', figures(popups).worst, MOST.popup),
    atMost('pause, worst, ms', figures(pauses).worst, MOST.pause),
    atMost('disk, MB', disk / 1e6, MOST.disk),
  ];
  if (verdicts.includes(false)) process.exitCode = 1;
} finally {
  await browser.close();
  await Promise.all([shop.stop(), flood.stop()]);
  await world.stop();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}

async function newWindow(page: Page, name: string): Promise<Page> {
  const url = `about:blank#${name}`;
  const opened = browser.context.waitForEvent(
    'page',
    (one) => one.url() === url || one.url() === 'about:blank',
  );
  await page.evaluate(`chrome.windows.create({ url: '${url}', width: 500, height: 700 }).then(() => null)`);
  return opened;
}

async function readArticle(page: Page, at: number): Promise<void> {
  await page.goto(`${shop.origin}/article/${at}`);
  await page.getByText('The content').waitFor({ timeout: GIVEN_UP });
}

async function openPopup(page: Page): Promise<void> {
  await page.goto(browser.extensionUrl('popup.html'), { waitUntil: 'commit' });
  await page.getByRole('heading', { name: 'Receipts' }).waitFor({ timeout: GIVEN_UP });
}

/** Measured in the popup itself, from the press to the button that resumes; the other press undoes it. */
async function pauseAndResume(page: Page): Promise<number> {
  const press = (from: string, to: string) =>
    page.evaluate<number>(`new Promise((resolve) => {
      const labelled = (text) => [...document.querySelectorAll('button')].find((one) => one.textContent.includes(text));
      const button = labelled('${from}');
      if (button === undefined) return resolve(Infinity);
      const started = performance.now();
      button.click();
      const look = () => labelled('${to}') !== undefined ? resolve(performance.now() - started)
        : performance.now() - started > ${GIVEN_UP} ? resolve(Infinity) : setTimeout(look, 1);
      look();
    })`);
  const took = await press('Pause payments', 'Resume payments');
  await press('Resume payments', 'Pause payments');
  return took;
}

/** Milliseconds; infinite when it did not come about. */
async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  try {
    await work();
    return performance.now() - started;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Prints a figure beside its limit. @returns whether it keeps to it; one that could not be measured does not. */
function atMost(what: string, figure: number, limit: number): boolean {
  return told(what, figure, `at most ${limit}`, figure <= limit);
}

function atLeast(what: string, figure: number, limit: number): boolean {
  return told(what, figure, `at least ${limit}`, figure >= limit);
}

function told(what: string, figure: number, limit: string, holds: boolean): boolean {
  console.log(`${holds ? 'holds' : 'FAILS'}  ${what}: ${Number(figure.toFixed(1))} (${limit})`);
  return holds;
}

function figures(all: readonly number[]) {
  const sorted = all.toSorted((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN);
  return { times: all.length, median: at(0.5), worst: at(1) };
}

async function sizeOf(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile());
  const sizes = await Promise.all(
    files.map(async ({ parentPath, name }) => (await stat(join(parentPath, name))).size),
  );
  return sizes.reduce((sum, one) => sum + one, 0);
}
