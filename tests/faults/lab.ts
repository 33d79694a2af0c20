import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, Worker } from 'playwright';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';
import type { Tab } from '../../extension/reader/tab.ts';
import { killBackground } from '../support/background.ts';
import { type FaultyFacilitator, startFaultyFacilitator } from './facilitator.ts';
import { type FaultyServer, PRICE, startFaultyServer } from './server.ts';

/** A reader with a profile that is kept, a site and a facilitator that can be told to fail, and a real chain. */
export type Lab = {
  readonly world: World;
  readonly facilitator: FaultyFacilitator;
  readonly server: FaultyServer;
  readonly payer: `0x${string}`;
  readonly profile: string;
  /** Replaced when the browser is killed. */
  browser: PayingBrowser;
  tab: Tab;
  stop(): Promise<void>;
};

const PASSPHRASE = 'a passphrase for faults';

/** @param budget how many articles the reader's day allows. */
export async function startLab(budget: number): Promise<Lab> {
  const world = await startWorld();
  const facilitator = await startFaultyFacilitator(world.facilitatorUrl);
  const server = await startFaultyServer(world, facilitator.origin);
  const profile = await mkdtemp(join(tmpdir(), 'tuppence-faults-'));
  const browser = await launchPayingBrowser({ profile });
  const privateKey = generatePrivateKey();
  const payer = privateKeyToAddress(privateKey);
  await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await browser.ask('setUnattended', { unattended: true });
  await setBudget(browser, BigInt(budget) * PRICE);
  await world.mint(payer, BigInt(budget) * PRICE * 2n);
  const lab: Lab = {
    ...{ world, facilitator, server, payer, profile, browser },
    tab: await browser.newTab(),
    async stop() {
      await lab.browser.close().catch(() => undefined);
      await Promise.all([server.stop(), facilitator.stop()]);
      await world.stop();
      await rm(profile, { recursive: true, force: true });
    },
  };
  return lab;
}

export async function setBudget(browser: PayingBrowser, microUsd: bigint): Promise<void> {
  const limits = { autoPay: PRICE.toString(), dayBudget: microUsd.toString(), anySite: true };
  await browser.ask('setPolicy', { policy: { paused: false, allowedSites: [], ...limits } });
}

/** The extension's page through which the background is spoken to. */
export function ownPageOf({ browser }: Lab): Page {
  const own = browser.context.pages().find((page) => page.url() === browser.extensionUrl('welcome.html'));
  if (own === undefined) throw new Error('The extension is not running.');
  return own;
}

/** The background as it runs now, woken if need be. */
export async function backgroundOf(lab: Lab): Promise<Worker> {
  await lab.browser.ask('overview', { tabId: null });
  const worker = lab.browser.context.serviceWorkers().at(-1);
  return worker ?? lab.browser.context.waitForEvent('serviceworker');
}

export async function stopBackground(lab: Lab): Promise<void> {
  await killBackground(ownPageOf(lab));
}

/**
 * Opens an article and waits until its content shows, or until the extension is done with its 402. A background that
 * is frozen is never done: `isDead` ends the wait then.
 */
export async function visit(
  lab: Lab,
  name: string,
  isDead: () => Promise<boolean> = async () => false,
): Promise<'read' | 'unread'> {
  const { page, id } = lab.tab;
  const url = `${lab.server.origin}/article/${name}`;
  const known = (await itemsOf(lab, id, url)).length;
  const { paid } = lab.server;
  let paidAt = Number.POSITIVE_INFINITY;
  await page.goto(url, { waitUntil: 'commit' }).catch(() => undefined);
  for (let end = Date.now() + 2_500; Date.now() < end; ) {
    if ((await page.title().catch(() => '')) === 'read') return 'read';
    if (await isDead()) return 'unread';
    // A payment that was armed by an earlier life went along and was refused: nothing more will come.
    if (lab.server.paid > paid) paidAt = Math.min(paidAt, Date.now());
    if (Date.now() - paidAt > 600) return 'unread';
    const items = (await itemsOf(lab, id, url)).slice(known);
    if (items.some(isDone) && (await page.title().catch(() => '')) !== 'read') return 'unread';
  }
  return 'unread';
}

async function itemsOf({ browser }: Lab, tabId: number, url: string) {
  const { items } = await browser.ask('activity', { tabId });
  return items.filter(({ encounter }) => encounter.url === url);
}

function isDone({ encounter, payment }: Awaited<ReturnType<typeof itemsOf>>[number]): boolean {
  if (encounter.state === 'unpaid') return true;
  return payment !== null && !['reserved', 'signed', 'sent'].includes(payment.state);
}

export async function freshTab(lab: Lab): Promise<void> {
  const old = lab.tab.page;
  lab.tab = await lab.browser.newTab();
  await old.close();
}

/** Ends the browser as a crash would, and opens the same profile again. The key is locked then, and is unlocked. */
export async function crashAndReopen(lab: Lab): Promise<void> {
  for (const pid of await browserProcesses(lab.profile)) kill(pid);
  await lab.browser.close().catch(() => undefined);
  lab.browser = await launchPayingBrowser({ profile: lab.profile });
  await lab.browser.ask('unlock', { passphrase: PASSPHRASE });
  lab.tab = await lab.browser.newTab();
}

/** The processes that have our own profile on their command line: no other browser has it. */
async function browserProcesses(profile: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return pids.filter((_, index) => lines[index]?.includes(`--user-data-dir=${profile}`));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already, with its parent.
  }
}
