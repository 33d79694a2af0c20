import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeDatabase, database } from '../../../extension/storage/database.ts';
import { explorerOf, rpcsOf, setRpcs } from '../../../extension/storage/rpcs.ts';
import {
  asPolicy,
  changePolicy,
  DEFAULT_POLICY,
  readPolicy,
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
  expect((await rpcsOf('eip155:8453'))[0]).toBe('https://mainnet.base.org');
  await setRpcs('eip155:8453', ['https://one.example', 'https://two.example']);
  expect((await rpcsOf('eip155:8453')).slice(0, 3)).toEqual([
    'https://one.example',
    'https://two.example',
    'https://mainnet.base.org',
  ]);
  expect(await rpcsOf('eip155:999999')).toEqual([]);
  for (const url of ['ftp://example.com', 'javascript:alert(1)', 'nowhere'])
    await expect(setRpcs('eip155:8453', [url])).rejects.toMatchObject({ name: 'Json.MalformedError' });
});

test.each([
  'http://one.example',
  'http://10.0.0.1:8545',
  'http://127.0.0.1.one.example',
  'http://localhost.one.example',
])('an endpoint elsewhere is asked by https alone, not as %s (audit 30)', async (url) => {
  await expect(setRpcs('eip155:8453', [url])).rejects.toMatchObject({ fault: 'not-encrypted' });
  await (await database()).put('settings', ['https://two.example', url], 'rpc:eip155:8453'); // By an older version.
  expect((await rpcsOf('eip155:8453')).slice(0, 2)).toEqual([
    'https://two.example',
    'https://mainnet.base.org',
  ]);
});

test.each(['http://localhost:8545', 'http://node.localhost', 'http://127.1.2.3:8545', 'http://[::1]:8545'])(
  'an endpoint on this machine may be asked without encryption: %s',
  async (url) => {
    await setRpcs('eip155:8453', [url]);
    expect(await rpcsOf('eip155:8453')).toEqual([url]);
  },
);

test('an endpoint on this machine stands alone: public ones know nothing of its chain', async () => {
  await setRpcs('eip155:8453', ['http://127.0.0.1:8545']);
  expect(await rpcsOf('eip155:8453')).toEqual(['http://127.0.0.1:8545']);
});

test('an endpoint that the first version kept is read as it was', async () => {
  await (await database()).put('settings', 'http://localhost:8545', 'rpc:eip155:8453');
  expect(await rpcsOf('eip155:8453')).toEqual(['http://localhost:8545']);
});

test('rules for sites, budgets and figures are read back as they were set', () => {
  const policy = asPolicy({
    ...record,
    siteDayBudget: null,
    monthBudget: '5',
    sites: [
      { site: 'https://one.example', rule: 'never' },
      { site: 'https://two.example', rule: 'allow', upTo: '30000' },
      { site: 'https://three.example', rule: 'allow', upTo: null },
    ],
  });
  expect(policy).toMatchObject({ siteDayBudget: null, monthBudget: 5n });
  expect(policy.sites?.[1]).toEqual({ site: 'https://two.example', rule: 'allow', upTo: 30_000n });
  expect(asPolicy(toPolicyRecord(policy))).toEqual(policy);
});

test('receipts are looked up where the endpoint’s owner said, else at the public explorer of the network', async () => {
  expect(await explorerOf('eip155:8453')).toBe('https://basescan.org');
  await setRpcs('eip155:8453', ['http://127.0.0.1:8545'], 'http://127.0.0.1:3000');
  expect(await explorerOf('eip155:8453')).toBe('http://127.0.0.1:3000');
  expect(await explorerOf('eip155:84532')).toBe('https://sepolia.basescan.org');
  await setRpcs('eip155:8453', ['https://one.example']);
  expect(await explorerOf('eip155:8453')).toBe('https://basescan.org');
  expect(await explorerOf('eip155:31337')).toBeNull();
});

test('a chain of this machine that came without an explorer has none: no public one knows it', async () => {
  await setRpcs('eip155:8453', ['http://127.0.0.1:8545']);
  expect(await explorerOf('eip155:8453')).toBeNull();
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'explorer'])(
  'the address %s is no explorer',
  async (explorer) => {
    await expect(setRpcs('eip155:8453', ['https://one.example'], explorer)).rejects.toMatchObject({
      name: 'Json.MalformedError',
    });
    expect(await explorerOf('eip155:8453')).toBe('https://basescan.org');
  },
);
