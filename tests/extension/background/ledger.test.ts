import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import type { Intent, IntentDraft, Json, SignedPayment } from 'tuppence/core';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ledger } from '../../../extension/background/ledger.ts';
import {
  type Cursor,
  intentOf,
  intentsWithoutReceipt,
  newestIntents,
  undecidedIntents,
} from '../../../extension/background/ledger-queries.ts';
import { checkReceipt } from '../../../extension/background/signed-documents.ts';
import { closeDatabase, database } from '../../../extension/storage/database.ts';
import { changePolicy } from '../../../extension/storage/settings.ts';

const NOON = new Date(2026, 10, 21, 12).getTime();

const payment: SignedPayment = {
  authorization: {
    from: '0x857b06519E91e3A54538791bDbb0E22373e36b66',
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: 1_740_672_089n,
    validBefore: 1_740_672_154n,
    nonce: '0xf3746613c2d920b5fdabc0856f2aeb2d4f88ee6037b8cc5d04a71a4462f13480',
  },
  signature: '0x2d6a7588',
  paymentId: 'pay_0123456789abcdef',
};

function draft(url: string, microUsd = 100_000n, createdAt = NOON): IntentDraft {
  return {
    purchase: { site: 'https://example.com', url, method: 'GET', bodyHash: null },
    terms: {
      network: 'eip155:8453',
      asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
      symbol: 'USDC',
      decimals: 6,
      payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
      amount: microUsd,
      microUsd,
    },
    verdict: { outcome: 'allow', reason: 'under-threshold' },
    createdAt,
  };
}

async function reserved(url: string) {
  const intent = await ledger.reserve(draft(url), null);
  if (intent === null) throw new Error('Nothing was reserved.');
  return intent;
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(closeDatabase);

test('of 500 reservations at once against a budget for 20, exactly 20 are made', async () => {
  const attempts = Array.from({ length: 500 }, (_, at) =>
    ledger.reserve(draft(`https://example.com/${at}`), 2_000_000n),
  );
  const made = (await Promise.all(attempts)).filter((intent) => intent !== null);
  expect(made).toHaveLength(20);
  expect(await ledger.spentOn(NOON)).toBe(2_000_000n);
  expect(await newestIntents(1_000)).toHaveLength(20);
});

test('a reservation that would go over the ceiling writes nothing', async () => {
  expect(await ledger.reserve(draft('https://example.com/a', 100_001n), 100_000n)).toBeNull();
  expect(await ledger.spentOn(NOON)).toBe(0n);
  expect(await newestIntents(10)).toEqual([]);
});

test('a payment that the reader agreed to counts, whatever the budget', async () => {
  await ledger.reserve(draft('https://example.com/a', 9_000_000n), null);
  expect(await ledger.spentOn(NOON)).toBe(9_000_000n);
  expect(await ledger.reserve(draft('https://example.com/b', 1n), 9_000_000n)).toBeNull();
});

test('an expired payment gives its reservation back to the day it was made on', async () => {
  const intent = await reserved('https://example.com/a');
  await ledger.reserve(draft('https://example.com/b', 70_000n, NOON + 86_400_000), null);
  await ledger.advance(intent.id, { state: 'expired' });
  expect(await (await database()).get('counters', 'day:2026-11-21')).toBe('0');
  expect(await ledger.spentOn(NOON + 86_400_000)).toBe(70_000n);
});

test('an illegal transition is refused, and nothing changes', async () => {
  const intent = await reserved('https://example.com/a');
  await expect(ledger.advance(intent.id, { state: 'settled' })).rejects.toMatchObject({
    name: 'Intent.IllegalTransitionError',
    from: 'reserved',
    to: 'settled',
  });
  expect((await intentOf(intent.id)).state).toBe('reserved');
});

test('a receipt is never lost to a later answer that has none', async () => {
  const { id } = await reserved('https://example.com/a');
  await ledger.advance(id, { state: 'signed', payment });
  await ledger.advance(id, { state: 'sent' });
  await ledger.advance(id, { state: 'settled', transaction: '0xabc' });
  await ledger.advance(id, { state: 'settled', transaction: null });
  await expect(ledger.advance(id, { state: 'unknown' })).rejects.toThrow();
  expect(await intentOf(id)).toMatchObject({ state: 'settled', transaction: '0xabc', payment });
});

test('what was signed is read back exactly, also after the database is opened anew', async () => {
  const { id } = await reserved('https://example.com/a');
  await ledger.advance(id, { state: 'signed', payment });
  await closeDatabase();
  expect((await intentOf(id)).payment).toEqual(payment);
  expect((await undecidedIntents()).map((intent) => intent.id)).toEqual([id]);
});

test('payments of one purchase are found newest first, those of another not at all', async () => {
  await ledger.reserve(draft('https://example.com/a', 1n, NOON), null);
  await ledger.reserve(draft('https://example.com/a', 2n, NOON + 1), null);
  await ledger.reserve(draft('https://example.com/b', 3n, NOON + 2), null);
  const found = await ledger.find(draft('https://example.com/a').purchase);
  expect(found.map(({ terms }) => terms.amount)).toEqual([2n, 1n]);
});

test('a record that was damaged is an error, and no decision is made on it', async () => {
  const { id, purchase } = await reserved('https://example.com/a');
  const stored = await (await database()).get('intents', id);
  if (stored === undefined) throw new Error('Nothing was stored.');
  await (await database()).put('intents', { ...stored, terms: { ...stored.terms, amount: '-1' } });
  await expect(ledger.find(purchase)).rejects.toMatchObject({ name: 'Storage.DamagedError' });
});

test('a counter that was damaged is an error, not a fresh budget', async () => {
  await (await database()).put('counters', 'nothing', 'day:2026-11-21');
  await expect(ledger.spentOn(NOON)).rejects.toMatchObject({ name: 'Storage.DamagedError' });
  await expect(ledger.reserve(draft('https://example.com/a'), 2_000_000n)).rejects.toMatchObject({
    name: 'Storage.DamagedError',
  });
});

const FREE = { month: null, siteDay: null, perMinute: null };
const DAY = 86_400_000;

test('of 500 reservations at once, a month, a site, and a minute each let through just what fits', async () => {
  const attempt = (limits: object) => (_: unknown, at: number) =>
    ledger.reserve(draft(`https://example.com/${at}`), 1_000_000_000n, { ...FREE, ...limits });
  const made = async (limits: object) =>
    (await Promise.all(Array.from({ length: 500 }, attempt(limits)))).filter((intent) => intent !== null);
  expect(await made({ perMinute: 7 })).toHaveLength(7);
  expect(await made({ siteDay: 1_200_000n })).toHaveLength(5);
  expect(await made({ month: 1_500_000n })).toHaveLength(3);
  expect((await ledger.history?.(draft('https://example.com/').purchase, NOON))?.spent).toEqual({
    day: 1_500_000n,
    siteDay: 1_500_000n,
    month: 1_500_000n,
    lastMinute: 15,
  });
});

test('a clock that is set back opens no new day, no new month and no new minute', async () => {
  await ledger.reserve(draft('https://example.com/a', 100_000n, NOON), null);
  for (const back of [60_000, DAY, 40 * DAY]) {
    const spent = (await ledger.history?.(draft('https://example.com/').purchase, NOON - back))?.spent;
    expect(spent).toEqual({ day: 100_000n, siteDay: 100_000n, month: 100_000n, lastMinute: 1 });
    const another = draft('https://example.com/b', 1n, NOON - back);
    expect(await ledger.reserve(another, 100_000n, FREE)).toBeNull();
  }
});

test('a new day and a new month start at the stated time', async () => {
  const last = new Date(2026, 10, 30, 23, 59, 59).getTime();
  await ledger.reserve(draft('https://example.com/a', 100_000n, last), null);
  const spent = async (now: number) =>
    (await ledger.history?.(draft('https://example.com/').purchase, now))?.spent;
  expect(await spent(last)).toMatchObject({ day: 100_000n, siteDay: 100_000n, month: 100_000n });
  expect(await spent(last + 1_000)).toMatchObject({ day: 0n, siteDay: 0n, month: 0n });
});

test('a payment that expires in another time zone is given back to the windows that it was counted in', async () => {
  vi.stubEnv('TZ', 'Asia/Tokyo');
  const intent = await ledger.reserve(draft('https://example.com/a', 100_000n, NOON), null);
  vi.stubEnv('TZ', 'America/Los_Angeles');
  await ledger.advance(intent?.id ?? '', { state: 'expired' });
  vi.unstubAllEnvs();
  const counters = await (await database()).getAll('counters');
  expect(counters.filter((value) => /^\d+$/.test(value))).toEqual(['0', '0', '0']);
});

test('another payee than the one that was paid first is not reserved without a question', async () => {
  await ledger.reserve(draft('https://example.com/a'), 2_000_000n, FREE);
  const { terms, ...rest } = draft('https://example.com/b');
  const other = { ...rest, terms: { ...terms, payTo: '0x1111111111111111111111111111111111111111' } };
  expect(await ledger.reserve(other, 2_000_000n, FREE)).toBeNull();
  expect(await ledger.reserve(other, null)).not.toBeNull();
  expect(await ledger.reserve({ ...other }, 2_000_000n, FREE)).not.toBeNull();
});

test('while payments are paused nothing that waits is sent', async () => {
  const { id } = await reserved('https://example.com/a');
  await ledger.advance(id, { state: 'signed', payment });
  await changePolicy((policy) => ({ ...policy, paused: true }));
  await expect(ledger.advance(id, { state: 'sent' })).rejects.toMatchObject({
    name: 'Intent.PausedError',
    state: 'signed',
  });
  expect((await intentOf(id)).state).toBe('signed');
});

test('a write that fails in the middle undoes what was written before it', async () => {
  const add = IDBObjectStore.prototype.put;
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
    if (this.name === 'origins') throw new DOMException('full', 'QuotaExceededError');
    return add.call(this, value, key);
  });
  await expect(ledger.reserve(draft('https://example.com/a'), null)).rejects.toMatchObject({
    name: 'Storage.UnavailableError',
    message: expect.stringContaining('QuotaExceededError'),
  });
  vi.restoreAllMocks();
  expect(await ledger.spentOn(NOON)).toBe(0n);
  expect(await newestIntents(10)).toEqual([]);
});

test('pages of payments follow each other without a gap or a double, also within one millisecond', async () => {
  for (let at = 0; at < 23; at += 1)
    await ledger.reserve(draft(`https://example.com/${at}`, 1n, NOON + Math.floor(at / 7)), null);
  const seen: string[] = [];
  let before: Cursor | null = null;
  for (;;) {
    const page: readonly Intent[] = await newestIntents(5, before);
    seen.push(...page.map(({ id }) => id));
    const last = page.at(-1);
    if (last === undefined) break;
    before = last;
  }
  expect(seen).toHaveLength(23);
  expect(new Set(seen).size).toBe(23);
});

test('a hash that came with a failure is no receipt: once money has moved, the chain is asked in which transaction', async () => {
  const { id } = await reserved('https://example.com/a');
  await ledger.advance(id, { state: 'signed', payment });
  await ledger.advance(id, { state: 'sent' });
  await ledger.advance(id, { state: 'unknown', transaction: '0xbad', note: 'transaction_failed' });
  expect(await intentOf(id)).toMatchObject({ transaction: '0xbad', note: 'transaction_failed' });
  await ledger.advance(id, { state: 'settled' });
  expect(await intentOf(id)).toMatchObject({ state: 'settled', transaction: null, note: null });
  expect((await intentsWithoutReceipt()).map((intent) => intent.id)).toEqual([id]);
  await ledger.advance(id, { state: 'settled', transaction: '0xgood' });
  expect((await intentOf(id)).transaction).toBe('0xgood');
  expect(await intentsWithoutReceipt()).toEqual([]);
});

const RECEIPT = {
  format: 'eip712',
  payload: {
    version: 1,
    network: 'eip155:8453',
    resourceUrl: 'https://example.com/b',
    payer: payment.authorization.from,
    issuedAt: 1_740_672_100,
    transaction: '',
  },
};

async function settledWith(receipt: Json) {
  const { id } = await reserved('https://example.com/a');
  await ledger.advance(id, { state: 'signed', payment });
  await ledger.advance(id, { state: 'sent' });
  const extensions = { 'offer-receipt': { info: { receipt } } };
  await ledger.advance(id, { state: 'settled', transaction: '0xabc', extensions });
  await checkReceipt(await intentOf(id));
  return intentOf(id);
}

test('a receipt that was signed for another address is kept, and known to be about something else', async () => {
  const signature = await privateKeyToAccount(generatePrivateKey()).signTypedData({
    domain: { name: 'x402 receipt', version: '1', chainId: 1 },
    types: {
      Receipt: [
        { name: 'version', type: 'uint256' },
        { name: 'network', type: 'string' },
        { name: 'resourceUrl', type: 'string' },
        { name: 'payer', type: 'string' },
        { name: 'issuedAt', type: 'uint256' },
        { name: 'transaction', type: 'string' },
      ],
    },
    primaryType: 'Receipt',
    message: { ...RECEIPT.payload, version: 1n, issuedAt: 1_740_672_100n },
  });
  const { state, signed } = await settledWith({ ...RECEIPT, signature });
  expect([state, signed?.receipt]).toEqual(['settled', { ...RECEIPT, signature, worth: { state: 'other' } }]);
});

test('a receipt whose signature is none is kept as invalid, also when it is asked about later', async () => {
  const { id, signed } = await settledWith({ ...RECEIPT, signature: '0x00' });
  expect(signed?.receipt?.worth).toEqual({ state: 'invalid' });
  await ledger.advance(id, { state: 'settled', transaction: null });
  expect((await intentOf(id)).signed).toEqual(signed);
});

test.each([
  ['no receipt at all', 'nonsense'],
  ['one of an unknown form', { ...RECEIPT, format: 'pgp', signature: '0x00' }],
  ['one that is too long to keep', { ...RECEIPT, payload: { long: 'x'.repeat(40_000) }, signature: '0x00' }],
])('%s: the payment has settled all the same', async (_, receipt) => {
  const { state, transaction, signed } = await settledWith(receipt);
  expect([state, transaction, signed]).toEqual(['settled', '0xabc', undefined]);
});
