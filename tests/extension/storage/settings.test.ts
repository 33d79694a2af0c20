import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeDatabase, database } from '../../../extension/storage/database.ts';
import {
  asPolicy,
  changePolicy,
  DEFAULT_POLICY,
  readPolicy,
  rpcOf,
  setRpc,
  toPolicyRecord,
} from '../../../extension/storage/settings.ts';

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(closeDatabase);

const record = toPolicyRecord(DEFAULT_POLICY);

test('before anything is set, ten cents at a time and two dollars a day, each site asked about', async () => {
  expect(await readPolicy()).toEqual({
    paused: false,
    autoPay: 100_000n,
    dayBudget: 2_000_000n,
    siteDayBudget: 1_000_000n,
    monthBudget: 20_000_000n,
    perMinute: 20,
    priceTolerance: 400,
    anySite: false,
    allowedSites: [],
  });
});

test('two changes at a time do not undo each other', async () => {
  await Promise.all([
    changePolicy((policy) => ({ ...policy, allowedSites: [...policy.allowedSites, 'https://one.example'] })),
    changePolicy((policy) => ({ ...policy, allowedSites: [...policy.allowedSites, 'https://two.example'] })),
    changePolicy((policy) => ({ ...policy, paused: true })),
  ]);
  expect(await readPolicy()).toMatchObject({
    paused: true,
    allowedSites: ['https://one.example', 'https://two.example'],
  });
});

test('no figure stays no figure: it is neither zero nor unlimited', () => {
  expect(asPolicy({ ...record, autoPay: null }).autoPay).toBeNull();
});

test.each([
  ['autoPay', -1],
  ['autoPay', '1e3'],
  ['autoPay', ''],
  ['autoPay', undefined],
  ['dayBudget', '0x10'],
  ['paused', 'no'],
  ['anySite', 1],
  ['allowedSites', ['https://example.com/path']],
  ['allowedSites', 'https://example.com'],
])('a rule with %s of %j is refused', (field, value) => {
  expect(() => asPolicy({ ...record, [field]: value })).toThrow();
});

test('damaged rules are an error, not the default rules', async () => {
  await (await database()).put('settings', { paused: false }, 'policy');
  await expect(readPolicy()).rejects.toThrow();
});

test("the reader's own endpoint comes before the public one, and must be http or https", async () => {
  expect(await rpcOf('eip155:8453')).toBe('https://mainnet.base.org');
  await setRpc('eip155:8453', 'http://127.0.0.1:8545');
  expect(await rpcOf('eip155:8453')).toBe('http://127.0.0.1:8545');
  expect(await rpcOf('eip155:999999')).toBeNull();
  for (const url of ['ftp://example.com', 'javascript:alert(1)', 'nowhere'])
    await expect(setRpc('eip155:8453', url)).rejects.toMatchObject({ name: 'Json.MalformedError' });
});
