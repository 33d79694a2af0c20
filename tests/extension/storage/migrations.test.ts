import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  claimQuestion,
  encountersIn,
  encountersOfTab,
  encountersOfTabIn,
  endHandling,
  newestUnpaid,
  termsKeptOf,
} from '../../../extension/background/encounters.ts';
import { eraseHistory } from '../../../extension/background/erasing.ts';
import { ledger } from '../../../extension/background/ledger.ts';
import { newestIntents, undecidedIntents } from '../../../extension/background/ledger-queries.ts';
import { closeDatabase, database, VERSION } from '../../../extension/storage/database.ts';
import { readPolicy } from '../../../extension/storage/settings.ts';
import fixture from './fixtures/version-1.json' with { type: 'json' };
import second from './fixtures/version-2.json' with { type: 'json' };

const AT = 1_795_262_410_000;
const OPEN = '22222222-2222-4222-8222-222222222222';

beforeEach(async () => {
  vi.stubEnv('TZ', 'UTC');
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(async () => {
  await closeDatabase();
  vi.unstubAllEnvs();
});

/** A database as version 1 of the extension left it. */
async function versionOne(intents: readonly object[] = fixture.intents): Promise<void> {
  const db = await openDB('tuppence', 1, {
    upgrade(fresh) {
      const store = fresh.createObjectStore('intents', { keyPath: 'id' });
      store.createIndex('purchase', 'purchaseKey');
      store.createIndex('createdAt', 'createdAt');
      store.createIndex('state', 'state');
      fresh.createObjectStore('counters');
      const encounters = fresh.createObjectStore('encounters', { keyPath: 'id' });
      encounters.createIndex('at', 'at');
      encounters.createIndex('tabId', 'tabId');
      encounters.createIndex('state', 'state');
      fresh.createObjectStore('deliveries', { keyPath: 'ruleId' });
      fresh.createObjectStore('settings');
    },
  });
  for (const intent of intents) await db.put('intents', intent);
  for (const [key, value] of Object.entries(fixture.counters)) await db.put('counters', value, key);
  for (const encounter of fixture.encounters) await db.put('encounters', encounter);
  for (const [key, value] of Object.entries(fixture.settings)) await db.put('settings', value, key);
  db.close();
}

test('the shape of what is kept is version 3', () => {
  expect(VERSION).toBe(3);
});

test('version 1 becomes version 2 with every payment, undecided ones undecided', async () => {
  await versionOne();
  expect((await newestIntents(10)).map(({ state }) => state)).toEqual(['expired', 'unknown', 'settled']);
  expect((await undecidedIntents()).map(({ id }) => id)).toEqual([OPEN]);
  const purchase = {
    site: 'https://paper.example',
    url: 'https://api.example/b',
    method: 'GET',
    bodyHash: null,
  };
  expect((await ledger.find(purchase)).map(({ id }) => id)).toEqual([OPEN]);
});

test('from version 1, what was spent counts in its day, its month and at its site', async () => {
  await versionOne();
  const purchase = {
    site: 'https://paper.example',
    url: 'https://paper.example/new',
    method: 'GET',
    bodyHash: null,
  };
  expect(await ledger.history?.(purchase, AT)).toEqual({
    spent: { day: 120_000n, month: 120_000n, siteDay: 120_000n, lastMinute: 3 },
    payees: [
      {
        network: 'eip155:8453',
        asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
        payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      },
    ],
    highest: 50_000n,
    boughtAt: null,
  });
});

test('from version 1, a payment that expires is given back to each of its windows', async () => {
  await versionOne();
  await ledger.advance(OPEN, { state: 'expired' });
  const db = await database();
  expect(await db.get('counters', 'day:2026-11-21')).toBe('50000');
  expect(await db.get('counters', 'month:2026-11')).toBe('50000');
  expect(await db.get('counters', 'site:2026-11-21 https://paper.example')).toBe('50000');
});

test('rules and unpaid 402s of version 1 are read as they were', async () => {
  await versionOne();
  expect(await readPolicy()).toEqual({
    paused: false,
    autoPay: 100_000n,
    dayBudget: 2_000_000n,
    anySite: true,
    allowedSites: [],
  });
  expect((await newestUnpaid(10)).map(({ figures }) => figures)).toEqual([null]);
});

test('a version 1 payment that cannot be read stops the upgrade: nothing is changed, and nothing can be paid', async () => {
  await versionOne([{ ...fixture.intents[0], terms: { amount: 'lots' } }]);
  await expect(ledger.spentOn(AT)).rejects.toMatchObject({ name: 'Storage.UnavailableError' });
  const untouched = await openDB('tuppence');
  expect(untouched.version).toBe(1);
  untouched.close();
});

/** Texts of the fixture that are too long to be written out. */
function long(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('repeat' in value && 'times' in value)
    return `${'start' in value ? value.start : ''}${String(value.repeat).repeat(Number(value.times))}`;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, long(one)]));
}

/** A database as version 2 of the extension left it, with what it could not read back. */
async function versionTwo(): Promise<void> {
  const db = await openDB('tuppence', 2, {
    upgrade(fresh) {
      const intents = fresh.createObjectStore('intents', { keyPath: 'id' });
      intents.createIndex('createdAt', 'createdAt');
      intents.createIndex('purchaseAt', ['purchaseKey', 'createdAt']);
      intents.createIndex('openPurchase', 'openPurchase');
      intents.createIndex('todo', 'todo');
      intents.createIndex('siteAt', ['purchase.site', 'createdAt']);
      fresh.createObjectStore('counters');
      fresh.createObjectStore('origins', { keyPath: 'origin' });
      fresh.createObjectStore('bought');
      const encounters = fresh.createObjectStore('encounters', { keyPath: 'id' });
      encounters.createIndex('at', 'at');
      encounters.createIndex('tabId', 'tabId');
      encounters.createIndex('stateAt', ['state', 'at']);
      encounters.createIndex('documentUrl', ['documentId', 'url']);
      fresh.createObjectStore('deliveries', { keyPath: 'ruleId' });
      fresh.createObjectStore('settings');
    },
  });
  for (const intent of second.intents) await db.put('intents', intent);
  for (const [key, value] of Object.entries(second.counters)) await db.put('counters', value, key);
  for (const origin of second.origins) await db.put('origins', origin);
  for (const encounter of second.encounters) await db.put('encounters', long(encounter));
  for (const [key, value] of Object.entries(second.settings)) await db.put('settings', value, key);
  db.close();
}

const idOf = (digit: number) => second.encounters[digit - 1]?.id ?? '';

test('from version 2, 402s that wait for an answer keep their terms, in a store of their own', async () => {
  await versionTwo();
  expect((await encountersOfTabIn(7, 'listed')).map(({ terms }) => terms)).toEqual([{ from: 'header' }]);
  expect(await termsKeptOf(idOf(1))).toEqual({ from: 'header', text: 'dGVybXMgb2Ygb25l' });
  expect(await termsKeptOf(idOf(2))).toEqual({ from: 'header', text: 'dGVybXMgb2YgdHdv' });
  expect((await claimQuestion(idOf(2))).state).toBe('handling');
});

test('from version 2, terms of 402s that have ended are dropped', async () => {
  await versionTwo();
  expect(await (await database()).getAllKeys('terms')).toEqual([idOf(1), idOf(2)]);
  expect((await newestUnpaid(10)).map(({ id }) => id)).toEqual([idOf(3)]);
});

test('records of version 2 that could not be read back are gone or healed, and stop nothing (audit 7)', async () => {
  await versionTwo();
  expect((await encountersOfTab(7)).map(({ id }) => id)).toEqual([1, 2, 3, 6].map(idOf));
  await endHandling(Date.now(), { state: 'unpaid', sentence: 'Interrupted.' });
  expect(await encountersIn('handling')).toEqual([]);
  expect((await newestUnpaid(10)).map(({ id }) => id)).toEqual([6, 3].map(idOf));
  await eraseHistory();
  expect((await (await database()).getAllKeys('encounters')).sort()).toEqual([1, 2].map(idOf));
});

test('from version 2, payments and what they have cost stay as they were', async () => {
  await versionTwo();
  expect((await newestIntents(10)).map(({ state }) => state)).toEqual(['settled']);
  expect(await ledger.spentOn(AT)).toBe(50_000n);
});
