import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { asHex, type SignedPayment } from 'tuppence/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { newEncounter, newestUnpaid } from '../../../extension/background/encounters.ts';
import { eraseHistory } from '../../../extension/background/erasing.ts';
import { ledger } from '../../../extension/background/ledger.ts';
import { newestIntents } from '../../../extension/background/ledger-queries.ts';
import { closeDatabase, database } from '../../../extension/storage/database.ts';

const NOW = 1_795_262_400_000;
const payment: SignedPayment = {
  authorization: {
    from: '0x857b06519E91e3A54538791bDbb0E22373e36b66',
    to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    value: 10_000n,
    validAfter: 0n,
    validBefore: 1n,
    nonce: asHex(`0x${'ab'.repeat(32)}`, 'nonce', 32),
  },
  signature: '0x2d6a7588',
  paymentId: 'pay_0123456789abcdef',
};

function purchase(path: string) {
  return {
    site: 'https://paper.example',
    url: `https://paper.example${path}`,
    method: 'GET',
    bodyHash: null,
  };
}

async function payFor(path: string, end: 'settled' | 'unknown'): Promise<void> {
  const terms = {
    network: 'eip155:8453',
    asset: '0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913',
    symbol: 'USDC',
    decimals: 6,
    payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
    amount: 10_000n,
    microUsd: 10_000n,
  };
  const verdict = { outcome: 'allow', reason: 'under-threshold' } as const;
  const intent = await ledger.reserve({ purchase: purchase(path), terms, verdict, createdAt: NOW }, null);
  if (intent === null) throw new Error('Nothing was reserved.');
  await ledger.advance(intent.id, { state: 'signed', payment });
  await ledger.advance(intent.id, { state: 'sent' });
  await ledger.advance(intent.id, { state: end });
}

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(closeDatabase);

test('what was bought is still known as bought after erasing, and nothing names it', async () => {
  await payFor('/a', 'settled');
  expect(await eraseHistory()).toEqual({ kept: 0 });
  expect(await newestIntents(10)).toEqual([]);
  const db = await database();
  const rest = [];
  for (const store of ['intents', 'encounters', 'origins', 'bought'] as const)
    rest.push(await db.getAllKeys(store), await db.getAll(store));
  expect(JSON.stringify(rest)).not.toContain('paper.example');
  expect((await ledger.history?.(purchase('/a'), NOW))?.boughtAt).toBe(NOW);
  expect((await ledger.history?.(purchase('/b'), NOW))?.boughtAt).toBeNull();
});

test('a payment that may still take money is kept whole', async () => {
  await payFor('/open', 'unknown');
  await payFor('/done', 'settled');
  expect(await eraseHistory()).toEqual({ kept: 1 });
  const [kept] = await ledger.find(purchase('/open'));
  expect([kept?.state, kept?.payment]).toEqual(['unknown', payment]);
  expect((await newestIntents(10)).map(({ state }) => state)).toEqual(['unknown']);
});

test('erasing opens no budget', async () => {
  await payFor('/a', 'settled');
  await eraseHistory();
  expect(await ledger.spentOn(NOW)).toBe(10_000n);
  expect((await ledger.history?.(purchase('/a'), NOW))?.spent).toMatchObject({
    day: 10_000n,
    siteDay: 10_000n,
    month: 10_000n,
  });
});

test('unpaid pages are erased; what is being looked at is not', async () => {
  const seen = {
    tabId: 1,
    frameId: 0,
    documentId: null,
    topDocumentId: null,
    kind: 'navigation',
    initiator: null,
    isTabless: false,
    again: 'page',
    method: 'GET',
    bodyHash: null,
  } as const;
  const { id } = await newEncounter({
    ...seen,
    site: 'https://paper.example',
    url: 'https://paper.example/a',
  });
  const other = await newEncounter({
    ...seen,
    site: 'https://paper.example',
    url: 'https://paper.example/b',
  });
  const db = await database();
  await db.put('encounters', { ...other, state: 'unpaid' });
  await eraseHistory();
  expect(await newestUnpaid(10)).toEqual([]);
  expect(await db.getAllKeys('encounters')).toEqual([id]);
});
