import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newestUnpaid } from '../../../extension/background/encounters.ts';
import { ledger } from '../../../extension/background/ledger.ts';
import { newestIntents, undecidedIntents } from '../../../extension/background/ledger-queries.ts';
import { closeDatabase, database, VERSION } from '../../../extension/storage/database.ts';
import { readPolicy } from '../../../extension/storage/settings.ts';
import fixture from './fixtures/version-1.json' with { type: 'json' };

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

test('the shape of what is kept is version 2', () => {
  expect(VERSION).toBe(2);
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
