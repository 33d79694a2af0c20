import { expect, test } from 'vitest';
import { IllegalTransitionError, type IntentDraft, termsOf } from '../../component/src/core/index.ts';
import { createMemoryLedger, NoSuchIntentError } from '../../component/src/paywall/memory-ledger.ts';
import { quoted } from './support/terms.ts';

const NOON = new Date(2026, 0, 15, 12).getTime();
const purchase = { site: 'https://a.test', url: 'https://a.test/p', method: 'GET', bodyHash: null };

function draft(over: Partial<IntentDraft> = {}): IntentDraft {
  const verdict = { outcome: 'allow', reason: 'approved' } as const;
  return { purchase, terms: termsOf(quoted()), verdict, createdAt: NOON, ...over };
}

test('finds the payments of one purchase, newest first, and of no other', async () => {
  const ledger = createMemoryLedger();
  const first = await ledger.reserve(draft(), null);
  const second = await ledger.reserve(draft(), null);
  await ledger.reserve(draft({ purchase: { ...purchase, url: 'https://a.test/q' } }), null);
  expect((await ledger.find({ ...purchase })).map(({ id }) => id)).toEqual([second?.id, first?.id]);
});

test('two reservations at once never share the last of a budget', async () => {
  const ledger = createMemoryLedger();
  const both = await Promise.all([ledger.reserve(draft(), 30_000n), ledger.reserve(draft(), 30_000n)]);
  expect(both.filter((intent) => intent !== null)).toHaveLength(1);
  expect(await ledger.spentOn(NOON)).toBe(20_000n);
});

test('counts what is reserved on a day until it is proven dead', async () => {
  const ledger = createMemoryLedger();
  const intent = await ledger.reserve(draft(), null);
  expect(await ledger.spentOn(NOON + 24 * 3_600_000)).toBe(0n);
  await ledger.advance(intent?.id ?? '', { state: 'expired' });
  expect(await ledger.spentOn(NOON)).toBe(0n);
});

test('keeps what a change does not mention', async () => {
  const ledger = createMemoryLedger(() => NOON + 5);
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  await ledger.advance(id, { state: 'signed' });
  await ledger.advance(id, { state: 'sent' });
  await ledger.advance(id, { state: 'settled', transaction: '0xabc' });
  const settled = await ledger.advance(id, { state: 'settled', note: 'again' });
  expect(settled).toMatchObject({ transaction: '0xabc', note: 'again', updatedAt: NOON + 5 });
});

test('refuses a transition that is none, and a payment that is not there', async () => {
  const ledger = createMemoryLedger();
  const { id = '' } = (await ledger.reserve(draft(), null)) ?? {};
  await expect(ledger.advance(id, { state: 'settled' })).rejects.toBeInstanceOf(IllegalTransitionError);
  expect((await ledger.find(purchase))[0]?.state).toBe('reserved');
  await expect(ledger.advance('nobody', { state: 'expired' })).rejects.toBeInstanceOf(NoSuchIntentError);
});
