import type { Page } from 'playwright';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { expect } from 'vitest';
import type { World } from '../../demo-site/world/index.ts';
import type { Activity } from '../../extension/messaging/own-messages.ts';
import {
  type LaunchOptions,
  launchPayingBrowser,
  type PayingBrowser,
} from '../../extension/reader/launch.ts';
import type { PolicyRecord } from '../../extension/storage/settings.ts';
import { killBackground } from './background.ts';
import { borrowBrowser } from './browsers.ts';

/** A person with the extension, a funded key, and 10¢ / $2.00 limits on any site unless said otherwise. */
export type Reader = PayingBrowser & {
  readonly address: Address;
  readonly purse: bigint;
  /** The tab in front. */
  readonly page: Page;
  readonly tabId: number;
  /** What became of every 402 of the tab. */
  activity(): Promise<Activity['items']>;
  /** Waits until the tab's newest 402 has been dealt with and its payment, if any, has ended. */
  settled(count?: number): Promise<Activity['items']>;
  /** Ends the background as the browser does when it is idle; the next event starts it anew. */
  stopBackground(): Promise<void>;
  /** The extension's question, once it is open and takes presses. */
  question(): Promise<Page>;
  /** The popup over the reader's tab. */
  popup(): Promise<Page>;
  /** Changes some of the reader's rules, and leaves the others. */
  changePolicy(change: Partial<PolicyRecord>): Promise<void>;
  /** The extension's own page: a script there has the browser's interfaces for extensions. */
  own(): Page;
};

export const PASSPHRASE = 'a passphrase for tests';

export const LIMITS: PolicyRecord = {
  paused: false,
  autoPay: '100000',
  dayBudget: '2000000',
  anySite: true,
  allowedSites: [],
};

export type ReaderOptions = {
  readonly purse?: bigint;
  readonly policy?: Partial<PolicyRecord>;
  /** Starts a browser of its own with these; else one that is as good as new will do. */
  readonly launch?: LaunchOptions;
};

export async function startReader(world: World, options: ReaderOptions = {}): Promise<Reader> {
  const { purse = 5_000_000n, policy = {}, launch } = options;
  const browser = launch === undefined ? await borrowBrowser() : await launchPayingBrowser(launch);
  const privateKey = generatePrivateKey();
  const address = privateKeyToAddress(privateKey);
  await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await browser.ask('setPolicy', { policy: { ...LIMITS, ...policy } });
  if (purse > 0n) await world.mint(address, purse);
  const { page, id: tabId } = await browser.newTab();
  const activity = async () => (await browser.ask('activity', { tabId })).items;
  return {
    ...browser,
    address,
    purse,
    page,
    tabId,
    activity,
    settled: (count = 1) =>
      until(activity, (items) => items.length >= count && items.every(isOver), 'every 402 dealt with'),
    question: () => openQuestion(browser),
    stopBackground: () => killBackground(ownPageOf(browser)),
    popup: () => openPopup(browser, page),
    async changePolicy(change) {
      const { policy: rules } = await browser.ask('overview', { tabId: null });
      await browser.ask('setPolicy', { policy: { ...rules, ...change } });
    },
    own: () => ownPageOf(browser),
  };
}

/** Fails unless exactly `amounts` (atomic units) went from the reader to the payee, each in a settlement of its own. */
export async function expectPaid(
  world: World,
  reader: Pick<Reader, 'address' | 'purse'>,
  amounts: readonly bigint[],
): Promise<void> {
  const total = amounts.reduce((sum, amount) => sum + amount, 0n);
  expect(await world.balanceOf(reader.address)).toBe(reader.purse - total);
  const transfers = await world.transfers({ from: reader.address });
  expect(transfers.map(({ to, value }) => [to, value])).toEqual(
    amounts.map((amount) => [world.payee, amount]),
  );
  const settlements = world
    .settlements()
    .filter(({ payer }) => payer.toLowerCase() === reader.address.toLowerCase());
  expect(settlements.map(({ success }) => success)).toEqual(amounts.map(() => true));
}

/** Asks until `holds`, for at most `timeout` milliseconds. @returns the answer that did. */
export function until<T>(
  ask: () => Promise<T>,
  holds: (value: T) => boolean,
  what: string,
  timeout = 60_000,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const look = async () => {
      const answer = await ask();
      if (holds(answer)) resolve(answer);
      return answer;
    };
    expect.poll(look, { timeout, interval: 20, message: what }).toSatisfy(holds).catch(reject);
  });
}

function isOver({ encounter, payment }: Activity['items'][number]): boolean {
  if (encounter.state === 'handling' || encounter.state === 'asking') return false;
  return payment === null || !['reserved', 'signed', 'sent'].includes(payment.state);
}

function ownPageOf({ context, extensionUrl }: PayingBrowser): Page {
  const own = context.pages().find((page) => page.url() === extensionUrl('welcome.html'));
  if (own === undefined) throw new Error('The extension is not running.');
  return own;
}

async function openQuestion({ context, extensionUrl }: PayingBrowser): Promise<Page> {
  const isQuestion = (page: Page) => page.url().startsWith(extensionUrl('consent.html'));
  const page = context.pages().find(isQuestion) ?? (await context.waitForEvent('page', isQuestion));
  await page.locator('button.primary[aria-disabled=false]').waitFor();
  return page;
}

/** The popup has no window of its own here: it is a tab that opens behind the one it is about. */
async function openPopup({ context, extensionUrl }: PayingBrowser, over: Page): Promise<Page> {
  const popup = await context.newPage();
  await over.bringToFront();
  await popup.goto(extensionUrl('popup.html'));
  return popup;
}
