import { expect, test } from 'vitest';
import { IllegalTransitionError, type IntentDraft, termsOf } from '../../component/src/core/index.ts';
import {
  createStoredLedger,
  NoSuchIntentError,
  NotKeptError,
  type TextStore,
} from '../../component/src/paywall/stored-ledger.ts';
import { pageStore } from './support/page-store.ts';
import { quoted } from './support/terms.ts';

const NOON = new Date(2026, 0, 15, 12).getTime();
const purchase = { site: 'https://a.test', url: 'https://a.test/p', method: 'GET', bodyHash: null };

function draft(over: Partial<IntentDraft> = {}): IntentDraft {
  const verdict = { outcome: 'allow', reason: 'approved' } as const;
  return { purchase, terms: termsOf(quoted()), verdict, createdAt: NOON, ...over };
}

test('finds the payments of one purchase, newest first, and of no other', async () => {
  const ledger = createStoredLedger(pageStore(), () => NOON);
  const first = await ledger.reserve(draft(), null);
  const second = await ledger.reserve(draft(), null);
  await ledger.reserve(draft({ purchase: { ...purchase, url: 'https://a.test/q' } }), null);
  expect((await ledger.find({ ...purchase })).map(({ id }) => id)).toEqual([second?.id, first?.id]);
});

test('two reservations at once never share the last of a budget', async () => {
  const ledger = createStoredLedger(pageStore(), () => NOON);
  const both = await Promise.all([ledger.reserve(draft(), 30_000n), ledger.reserve(draft(), 30_000n)]);
  expect(both.filter((intent) => intent !== null)).toHaveLength(1);
  expect(await ledger.spentOn(NOON)).toBe(20_000n);
});

test('counts what is reserved on a day until it is proven dead', async () => {
  const ledger = createStoredLedger(pageStore(), () => NOON);
  const intent = await ledger.reserve(draft(), null);
  expect(await ledger.spentOn(NOON + 24 * 3_600_000)).toBe(0n);
  await ledger.advance(intent?.id ?? '', { state: 'expired' });
  expect(await ledger.spentOn(NOON)).toBe(0n);
});

test('keeps what a change does not mention', async () => {
  const ledger = createStoredLedger(pageStore(), () => NOON + 5);
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  await ledger.advance(id, { state: 'signed' });
  await ledger.advance(id, { state: 'sent' });
  await ledger.advance(id, { state: 'settled', transaction: '0xabc' });
  const settled = await ledger.advance(id, { state: 'settled', note: 'again' });
  expect(settled).toMatchObject({ transaction: '0xabc', note: 'again', updatedAt: NOON + 5 });
});

test('refuses a transition that is none, and a payment that is not there', async () => {
  const ledger = createStoredLedger(pageStore(), () => NOON);
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  await expect(ledger.advance(id, { state: 'settled' })).rejects.toBeInstanceOf(IllegalTransitionError);
  expect((await ledger.find(purchase))[0]?.state).toBe('reserved');
  await expect(ledger.advance('nobody', { state: 'expired' })).rejects.toBeInstanceOf(NoSuchIntentError);
});

const AUTHORIZATION = {
  from: '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 20_000n,
  validAfter: 0n,
  validBefore: 1_800_000_000n,
  nonce: `0x${'01'.repeat(32)}`,
} as const;
const PAYMENT = {
  authorization: AUTHORIZATION,
  signature: `0x${'5a'.repeat(65)}`,
  paymentId: 'pay_1',
} as const;

test('a payment on its way survives a reload, to the last digit', async () => {
  const store = pageStore();
  const before = createStoredLedger(store, () => NOON);
  const { id = '' } = (await before.reserve(draft(), null)) ?? {};
  await before.advance(id, { state: 'signed', payment: PAYMENT });
  const sent = await before.advance(id, { state: 'sent' });
  expect(await createStoredLedger(store, () => NOON).find(purchase)).toEqual([sent]);
});

test('two tabs see each other', async () => {
  const store = pageStore();
  const [one, other] = [createStoredLedger(store, () => NOON), createStoredLedger(store, () => NOON)];
  const mine = await one.reserve(draft(), null);
  await other.reserve(draft({ purchase: { ...purchase, url: 'https://a.test/q' } }), null);
  expect((await other.find(purchase)).map(({ id }) => id)).toEqual([mine?.id]);
});

test('what is settled is forgotten after a day, what is undecided never', async () => {
  let now = NOON;
  const ledger = createStoredLedger(pageStore(), () => now);
  for (const state of ['settled', 'unknown'] as const) {
    const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
    await ledger.advance(id, { state: 'signed', payment: PAYMENT });
    await ledger.advance(id, { state: 'sent' });
    await ledger.advance(id, { state });
  }
  now += 25 * 3_600_000;
  await ledger.reserve(draft(), null);
  expect((await ledger.find(purchase)).map(({ state }) => state)).toEqual(['reserved', 'unknown']);
});

test.each(['', '{', '[1]', '[{"id":"x"}]', 'null'])(
  'damage in the store (%s) neither throws nor decides',
  async (text) => {
    const store = pageStore();
    store.text = text;
    const ledger = createStoredLedger(store, () => NOON);
    expect(await ledger.find(purchase)).toEqual([]);
    expect(await ledger.reserve(draft(), null)).toMatchObject({ state: 'reserved' });
  },
);

const full = () => {
  throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
};
const forbidden = () => {
  throw new DOMException('Access is denied for this document.', 'SecurityError');
};

test.each<[string, TextStore | null]>([
  ['full', { getItem: () => null, setItem: full }],
  ['forbidden', { getItem: forbidden, setItem: forbidden }],
  ['not there', null],
  ['forgetful', { getItem: () => null, setItem: () => undefined }],
])('a store that is %s takes no reservation, so that no wallet is asked (audit 21)', async (_, store) => {
  const ledger = createStoredLedger(store, () => NOON);
  await expect(ledger.reserve(draft(), null)).rejects.toBeInstanceOf(NotKeptError);
  expect(await ledger.find(purchase)).toEqual([]);
});

test('a store that has filled up meanwhile takes no signature, and gives the reservation back (audit 21)', async () => {
  const store = pageStore();
  const ledger = createStoredLedger(store, () => NOON);
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  const { setItem } = store;
  store.setItem = full;
  await expect(ledger.advance(id, { state: 'signed', payment: PAYMENT })).rejects.toBeInstanceOf(
    NotKeptError,
  );
  await ledger.advance(id, { state: 'expired' });
  store.setItem = setItem;
  await ledger.reserve(draft({ purchase: { ...purchase, url: 'https://a.test/q' } }), null);
  expect(store.text).not.toContain(PAYMENT.signature);
});

test('a reservation leaves room for its signature in a store that is nearly full (audit 21)', async () => {
  const store = pageStore();
  const { setItem } = store;
  const ledger = createStoredLedger(store, () => NOON);
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  const most = store.text?.length ?? 0;
  store.setItem = (key, text) => (text.length > most ? full() : setItem(key, text));
  await ledger.advance(id, { state: 'signed', payment: PAYMENT });
  await ledger.advance(id, { state: 'sent' });
  expect(await createStoredLedger(store, () => NOON).find(purchase)).toMatchObject([
    { state: 'sent', payment: PAYMENT },
  ]);
});

test('of more records than anybody makes, the open payments are kept, and the newest of the others (audit 21)', async () => {
  const store = pageStore();
  const ledger = createStoredLedger(store, () => NOON);
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  await ledger.advance(id, { state: 'signed', payment: PAYMENT });
  const [open] = JSON.parse(store.text ?? '[]');
  const others = Array.from({ length: 20_000 }, (_, index) => ({
    ...open,
    id: `other ${index}`,
    state: 'settled',
  }));
  store.text = JSON.stringify([open, ...others]);
  const found = await createStoredLedger(store, () => NOON).find(purchase);
  expect(found.at(-1)).toMatchObject({ id, state: 'signed', payment: PAYMENT });
  expect(found[0]).toMatchObject({ id: 'other 19999' });
  expect(found.length).toBeLessThan(2_000);
});
