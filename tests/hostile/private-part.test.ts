import type { Page } from 'playwright';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';
import { askThrough } from '../../extension/reader/own-page.ts';
import { killBackground } from '../support/background.ts';
import {
  allowInPrivateWindows,
  openPrivately,
  openPrivatePart,
  privateQuestion,
} from '../support/private-windows.ts';
import { LIMITS, PASSPHRASE, until } from '../support/reader.ts';
import { backgroundOf } from './support/clock.ts';
import { startTill, type Till } from './support/till.ts';

/* A reader who has lent their key to private windows, where a second background of the extension runs. */

const PURSE = 5_000_000n;
/** Rules of each part have numbers of its own: those of the private part are above 2³⁰ − 1. */
const OF_ORDINARY_WINDOWS = 7;
const OF_PRIVATE_WINDOWS = 0x3fff_ffff + 7;

let world: World;
let site: Till;
let browser: PayingBrowser;
let address: Address;
/** One of the extension's pages in an ordinary window. */
let own: Page;

beforeAll(async () => {
  world = await startWorld();
  site = await startTill(world);
});
afterAll(async () => {
  await site?.stop();
  await world?.stop();
});
beforeEach(async () => {
  browser = await launchPayingBrowser();
  const privateKey = generatePrivateKey();
  address = privateKeyToAddress(privateKey);
  await browser.ask('createKey', { passphrase: PASSPHRASE, privateKey });
  await browser.ask('setRpc', { network: world.network, url: world.rpcUrl });
  await browser.ask('setPolicy', { policy: LIMITS });
  await world.mint(address, PURSE);
  own = await allowInPrivateWindows(browser.context, browser.extensionUrl('welcome.html'));
  await askThrough(own, 'unlock', { passphrase: PASSPHRASE });
});
afterEach(() => browser?.close());

const statusOf = async (part: Page) => (await askThrough(part, 'overview', { tabId: null })).wallet;
const isPaused = async (part: Page) => (await askThrough(part, 'overview', { tabId: null })).policy.paused;

/** The extension in a private window, with the key unlocked. */
async function lendUnlocked(): Promise<Page> {
  await askThrough(own, 'setPrivateWindows', { allowed: true });
  const inside = await openPrivatePart(own, browser.extensionUrl('options.html'), world);
  await askThrough(inside, 'unlock', { passphrase: PASSPHRASE });
  expect(await statusOf(inside)).toBe('ready');
  return inside;
}

type Rules = {
  updateSessionRules(change: object): Promise<void>;
  getSessionRules(): Promise<{ id: number }[]>;
};
declare const chrome: { declarativeNetRequest: Rules };

/** A rule that puts a payment on a request which has not left yet, as one part of the extension arms it. */
async function arm(part: Page, id: number): Promise<void> {
  const condition = { urlFilter: `|${site.origin}/paid/armed|`, resourceTypes: ['xmlhttprequest'] };
  const requestHeaders = [{ header: 'PAYMENT-SIGNATURE', operation: 'set', value: 'a payment' }];
  const rule = { id, condition, action: { type: 'modifyHeaders', requestHeaders } };
  await part.evaluate((one) => chrome.declarativeNetRequest.updateSessionRules({ addRules: [one] }), rule);
}

/** Numbers of the rules that the browser has: both parts of the extension share one set of them. */
const armed = (part: Page) =>
  part.evaluate(async () => (await chrome.declarativeNetRequest.getSessionRules()).map(({ id }) => id));

async function pause(part: Page, paused: boolean): Promise<void> {
  const { policy } = await askThrough(part, 'overview', { tabId: null });
  await askThrough(part, 'setPolicy', { policy: { ...policy, paused } });
}

test('a lock in one kind of window locks the key in the other (audit 33)', async () => {
  const inside = await lendUnlocked();
  await askThrough(own, 'lock', {});
  expect(await statusOf(inside)).toBe('locked');
  await askThrough(own, 'unlock', { passphrase: PASSPHRASE });
  expect(await statusOf(inside)).toBe('locked');
  await askThrough(inside, 'unlock', { passphrase: PASSPHRASE });
  await askThrough(inside, 'lock', {});
  expect(await statusOf(own)).toBe('locked');
});

test('a pause in ordinary windows stops what a private window was asked and agrees to (audit 33)', async () => {
  const inside = await lendUnlocked();
  const page = await openPrivately(own, `${site.origin}/paid/secret`);
  const question = await privateQuestion(inside);
  const button = question.locator('button.primary[aria-disabled=false]');
  await button.waitFor();
  await pause(own, true);
  await until(() => isPaused(inside), Boolean, 'the pause is known there');
  await button.click();
  await question.waitForEvent('close').catch(() => undefined);
  await until(
    async () => (await askThrough(inside, 'overview', { tabId: null })).unpaid.length,
    (count) => count === 1,
    'it was not paid',
  );
  expect(await world.balanceOf(address)).toBe(PURSE);
  await page.close();
});

test('a pause in a private window stops ordinary ones, and each part goes on by its own press (audit 33)', async () => {
  const inside = await lendUnlocked();
  await pause(inside, true);
  await until(() => isPaused(own), Boolean, 'the pause is known there');
  const page = await browser.context.newPage();
  await page.goto(`${site.origin}/paid/article`);
  await until(
    async () => (await askThrough(own, 'overview', { tabId: null })).unpaid,
    ([one]) => one?.verdict?.reason === 'paused',
    'it was not paid',
  );
  expect(await world.balanceOf(address)).toBe(PURSE);
  await pause(inside, false);
  expect(await isPaused(own)).toBe(true);
});

test('a browser that can’t keep the lent key from the scripts of pages is lent none (audit 33)', async () => {
  await (await backgroundOf(browser)).evaluate(() => {
    const { local } = (globalThis as unknown as { chrome: { storage: { local: object } } }).chrome.storage;
    // As Chrome has it before version 140.
    Object.defineProperty(local, 'setAccessLevel', {
      value: () => Promise.reject(new Error('not supported')),
    });
  });
  await expect(askThrough(own, 'setPrivateWindows', { allowed: true })).rejects.toThrow('Chrome 140');
  const kept = await own.evaluate<string[]>('chrome.storage.local.get(null).then(Object.keys)');
  expect(kept.filter((key) => /vault/i.test(key))).toEqual([]);
});

test('a payment that is armed in ordinary windows stays armed when the private part starts (audit 22)', async () => {
  await arm(own, OF_ORDINARY_WINDOWS);
  await lendUnlocked();
  expect(await armed(own)).toEqual([OF_ORDINARY_WINDOWS]);
});

test('a payment that is armed in a private window stays armed when the other part starts again (audit 22)', async () => {
  const inside = await lendUnlocked();
  await arm(own, OF_ORDINARY_WINDOWS);
  await arm(inside, OF_PRIVATE_WINDOWS);
  await killBackground(own);
  await askThrough(own, 'overview', { tabId: null });
  await until(
    () => armed(own),
    (ids) => !ids.includes(OF_ORDINARY_WINDOWS),
    'what the part itself has left behind is taken back',
  );
  expect(await armed(own)).toEqual([OF_PRIVATE_WINDOWS]);
});
