import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { startWorld, type World } from '../../../demo-site/world/index.ts';
import { launchPayingBrowser, type PayingBrowser } from '../../../extension/reader/launch.ts';
import { askThrough } from '../../../extension/reader/own-page.ts';
import { openTab, type Tab } from '../../../extension/reader/tab.ts';
import { orElse } from '../../../extension/reader/waiting.ts';
import { reloadExtension } from '../../support/browser-settings.ts';
import { paymentsOnDisk, usedAuthorizations } from '../../support/on-chain.ts';
import { allowInPrivateWindows, openAgain } from '../../support/private-windows.ts';
import { createModel, type Row } from './model.ts';
import { type Sites, startSites } from './sites.ts';

declare const chrome: {
  tabs: {
    getCurrent(): Promise<{ id: number }>;
    query(which: object): Promise<{ id: number }[]>;
    remove(id: number): Promise<void>;
  };
};

/** Milliseconds. */
const CLOSED_WITHIN = 5_000;
const PASSPHRASE = 'a passphrase for hostile tests';

/** Most that the rules may spend in one sequence, in millionths of a dollar: three things at 1¢. */
export const SEQUENCE_BUDGET = 30_000n;

/** A reader who has allowed one site, three sites with payees of their own, and a real chain. */
export type Lab = {
  readonly world: World;
  readonly sites: Sites;
  readonly payer: `0x${string}`;
  readonly model: ReturnType<typeof createModel>;
  readonly browser: PayingBrowser;
  /** One of the extension's own pages: the background is spoken to, and looked into, from there. */
  own: Page;
  tab: Tab;
  readonly ask: PayingBrowser['ask'];
  newTab(): Promise<Tab>;
  /** Starts the extension anew, as an update does. The reader unlocks the key again. */
  update(): Promise<void>;
  stop(): Promise<void>;
};

export async function startLab(): Promise<Lab> {
  const world = await startWorld();
  const sites = await startSites(world);
  const profile = await mkdtemp(join(tmpdir(), 'tuppence-hostile-'));
  const browser = await launchPayingBrowser({ profile, endOnSignals: false });
  const privateKey = generatePrivateKey();
  const payer = privateKeyToAddress(privateKey);
  await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await world.mint(payer, 1_000_000_000n);
  const { context } = browser;
  const welcome = browser.extensionUrl('welcome.html');
  const own = await allowInPrivateWindows(context, welcome);
  await askThrough(own, 'unlock', { passphrase: PASSPHRASE });
  const lab: Lab = {
    ...{ world, sites, payer, browser, own, model: createModel() },
    tab: await openTab(context, own),
    ask: (kind, input) => askThrough(lab.own, kind, input),
    newTab: () => openTab(context, lab.own),
    async update() {
      await reloadExtension(lab.own);
      const closed = lab.own;
      lab.own = await openAgain(context, welcome);
      await closed.close();
      await lab.ask('unlock', { passphrase: PASSPHRASE });
    },
    async stop() {
      await browser.close().catch(() => undefined);
      await Promise.all([sites.paper, sites.evil, sites.ad].map((site) => site.stop()));
      await world.stop();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return lab;
}

/** Nothing of the last sequence is open, and the rules may spend a fixed sum from here on. */
export async function beginSequence(lab: Lab): Promise<void> {
  const { browser, sites, model, ask } = lab;
  lab.tab = await lab.newTab(); // What was paid in the old one may still load it again.
  await lab.own.evaluate(closeTabsBut, lab.tab.id);
  const kept = new Set([lab.own, lab.tab.page]);
  const others = browser.context.pages().filter((page) => !kept.has(page)); // In private windows.
  await Promise.all(others.map((page) => orElse(page.close(), undefined, CLOSED_WITHIN)));
  const { wallet, spentToday } = await ask('overview', { tabId: null });
  if (wallet === 'locked') await ask('unlock', { passphrase: PASSPHRASE });
  const dayBudget = (BigInt(spentToday) + SEQUENCE_BUDGET).toString();
  const allowedSites = [sites.paper.origin];
  const limits = { autoPay: '100000', dayBudget, anySite: false, allowedSites };
  await ask('setPolicy', { policy: { paused: false, ...limits } });
  model.begin(SEQUENCE_BUDGET);
  model.pause(false);
  await lab.tab.page.bringToFront();
  await lab.tab.page.goto(`${sites.paper.origin}/`);
}

/**
 * Runs in a page of the extension: closes all tabs but that one and `kept`. Playwright's own way waits for ever where a
 * page goes from site to site by itself.
 */
async function closeTabsBut(kept: number): Promise<void> {
  const own = await chrome.tabs.getCurrent();
  const others = (await chrome.tabs.query({})).filter(({ id }) => id !== kept && id !== own.id);
  await Promise.all(others.map(({ id }) => chrome.tabs.remove(id).catch(() => undefined)));
}

/** What moved, or could move, that the reader has not allowed: one sentence each. */
export async function violationsOf(lab: Lab): Promise<readonly string[]> {
  const rows = await paymentsOnDisk<Row>(lab.own);
  const used = await usedAuthorizations(lab.world, lab.payer);
  const nonces = new Set(rows.map(({ payment }) => payment?.nonce.toLowerCase()));
  const unknown = [...used.keys()].filter((nonce) => !nonces.has(nonce));
  const { paper, evil, ad } = lab.sites;
  return [
    ...lab.model.violations(rows),
    ...unknown.map((nonce) => `the ledger knows nothing of ${nonce}`),
    ...[paper, evil, ad].flatMap(({ astray }) => astray.splice(0).map((one) => `went astray: ${one}`)),
  ];
}
