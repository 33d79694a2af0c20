import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  changeEncounter,
  claimQuestion,
  countOfTabIn,
  encounterOf,
  encountersIn,
  encountersOfRequest,
  encountersOfTab,
  encountersOfTabIn,
  endHandling,
  keepTerms,
  newEncounter,
  newestUnpaid,
  termsKeptOf,
} from '../../../extension/background/encounters.ts';
import { eraseHistory } from '../../../extension/background/erasing.ts';
import { dropOldest } from '../../../extension/background/making-room.ts';
import { closeDatabase, database } from '../../../extension/storage/database.ts';
import { asEncounter, type EncounterRecord } from '../../../extension/storage/encounter-record.ts';
import { asTermsText, MAX_TERMS } from '../../../extension/storage/terms-record.ts';

const SEEN = {
  tabId: 1,
  frameId: 0,
  documentId: 'DOC',
  kind: 'fetch',
  initiator: 'https://paper.example',
  isTabless: false,
  again: 'request',
  site: 'https://paper.example',
  url: 'https://paper.example/a',
  method: 'GET',
  bodyHash: null,
} as const;
const TERMS = { from: 'header', text: 'dGVybXM=' } as const;

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory());
});
afterEach(closeDatabase);

/** Writes a record as no version could read it, whatever the schema says. */
async function damage(record: EncounterRecord, change: object): Promise<void> {
  await (await database()).put('encounters', { ...record, ...change });
}

async function recordsLeft(): Promise<readonly string[]> {
  return (await database()).getAllKeys('encounters');
}

test.each([
  ['a method of 33 letters', { method: 'M'.repeat(33) }],
  ['an empty method', { method: '' }],
  ['an address of more than 65,536 characters', { url: `https://paper.example/${'a'.repeat(65_536)}` }],
  ['a site of more than 4,096 characters', { site: `https://${'a'.repeat(5_000)}.example` }],
])('a 402 with %s is not written down (audit 7)', async (_, change) => {
  await expect(newEncounter({ ...SEEN, ...change })).rejects.toMatchObject({ name: 'Json.MalformedError' });
  expect(await recordsLeft()).toEqual([]);
});

test('a change that could not be read back changes nothing (audit 7)', async () => {
  const { id } = await newEncounter(SEEN);
  const price = {
    amount: '',
    microUsd: '1',
    asset: '0x',
    symbol: 'USDC',
    decimals: 6,
    network: 'x',
    payTo: '0x',
  };
  await expect(changeEncounter(id, { price })).rejects.toMatchObject({ name: 'Json.MalformedError' });
  expect(await encounterOf(id)).toMatchObject({ state: 'handling', price: null });
});

test('a long sentence is cut, so that its record can be read back (audit 7)', async () => {
  const { id } = await newEncounter(SEEN);
  await changeEncounter(id, { state: 'unpaid', sentence: 'x'.repeat(100_000) });
  expect((await encounterOf(id))?.sentence).toBe('x'.repeat(1_024));
});

test('no list, count, question or erasure fails at records that cannot be read, and the lists delete them (audit 7)', async () => {
  const states = ['handling', 'asking', 'listed', 'paid', 'unpaid'] as const;
  const junk = fc.oneof(
    fc.record({ method: fc.constantFrom('', 'M'.repeat(33), 7, null) }),
    fc.record({ url: fc.constantFrom('', 'u'.repeat(65_537), {}) }),
    fc.record({ kind: fc.anything(), site: fc.constant(3) }),
    fc.record({ verdict: fc.constantFrom({ outcome: 'maybe' }, 'yes', 4) }),
    fc.record({ price: fc.constantFrom({}, 'free') }),
    fc.record({ windowId: fc.constantFrom(-1, 'x') }),
  );
  const records = fc.array(fc.tuple(fc.constantFrom(...states), fc.option(junk)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(records, async (drawn) => {
      await (await database()).clear('encounters');
      for (const [state, change] of drawn) await damage(await newEncounter(SEEN), { state, ...change });
      const sound = (one: (typeof states)[number]) =>
        drawn.filter(([state, change]) => state === one && change === null).length;
      await endHandling(Date.now() + 1, { state: 'unpaid' });
      expect((await newestUnpaid(99)).length).toBe(sound('unpaid') + sound('handling'));
      for (const state of ['asking', 'listed', 'paid'] as const) {
        expect((await encountersIn(state)).length).toBe(sound(state));
        expect((await encountersOfTabIn(1, state)).length).toBe(sound(state));
        expect(await countOfTabIn(1, state)).toBe(sound(state));
      }
      const all = drawn.filter(([, change]) => change === null).length;
      expect((await encountersOfTab(1)).length).toBe(all);
      expect((await encountersOfRequest('DOC', SEEN.url)).length).toBe(all);
      await eraseHistory();
      expect((await recordsLeft()).length).toBe(sound('asking') + sound('listed'));
    }),
    { numRuns: 60 },
  );
});

test('erasing takes away what cannot be read, whatever it says of itself (audit 7)', async () => {
  await damage(await newEncounter(SEEN), { method: 'M'.repeat(33) });
  await damage(await newEncounter(SEEN), { state: 'asking', url: 'u'.repeat(70_000) });
  await eraseHistory();
  expect(await recordsLeft()).toEqual([]);
});

test('a question that cannot be read is not open any more (audit 7)', async () => {
  const record = await newEncounter(SEEN);
  await damage(record, { state: 'asking', method: 'M'.repeat(33) });
  expect(await encounterOf(record.id)).toBeNull();
  await expect(claimQuestion(record.id)).rejects.toMatchObject({ name: 'Encounter.StaleQuestionError' });
});

test.each(['paid', 'unpaid'] as const)('the terms of a 402 go when it is %s (audit 6)', async (state) => {
  const { id } = await newEncounter(SEEN);
  await keepTerms(id, TERMS);
  await changeEncounter(id, { state: 'listed', terms: TERMS });
  expect(await termsKeptOf(id)).toEqual(TERMS);
  expect(JSON.stringify(await (await database()).getAll('encounters'))).not.toContain(TERMS.text);
  await changeEncounter(id, { state });
  expect(await termsKeptOf(id)).toBeNull();
  expect(await (await database()).getAllKeys('terms')).toEqual([]);
});

test('terms as long as any that are read are kept, and longer ones are refused before they are written (audit 7)', async () => {
  const { id } = await newEncounter(SEEN);
  await keepTerms(id, { from: 'body', text: 'x'.repeat(MAX_TERMS) });
  expect((await termsKeptOf(id))?.text.length).toBe(MAX_TERMS);
  await expect(keepTerms(id, { from: 'body', text: 'x'.repeat(MAX_TERMS + 1) })).rejects.toThrow();
});

test('old 402s that have ended make room, and those that wait for the reader stay (audit 6)', async () => {
  const db = await database();
  const first = await newEncounter(SEEN);
  const transaction = db.transaction('encounters', 'readwrite');
  for (let at = 0; at < 2_000; at += 1)
    void transaction.store.put({ ...first, id: `unpaid ${at}`, at: 1_000 + at, state: 'unpaid' });
  for (const state of ['listed', 'asking', 'paid'] as const)
    void transaction.store.put({ ...first, id: state, at: 1, state });
  await transaction.done;
  await dropOldest();
  const left = await recordsLeft();
  expect(left.length).toBe(1_500 + 4);
  expect(left).toEqual(expect.arrayContaining([first.id, 'listed', 'asking', 'paid', 'unpaid 1999']));
  expect(left).not.toContain('unpaid 0');
});

test('long addresses make room sooner (audit 6)', async () => {
  const url = `https://paper.example/${'a'.repeat(60_000)}`;
  for (let at = 0; at < 60; at += 1) {
    const { id } = await newEncounter({ ...SEEN, url });
    await changeEncounter(id, { state: 'unpaid' });
  }
  expect((await recordsLeft()).length).toBeLessThan(45);
});

test('any stored value is read as a 402 and as terms, or refused with a named error', () => {
  fc.assert(
    fc.property(fc.anything(), fc.constantFrom(asEncounter, asTermsText), (value, parse) => {
      try {
        parse(value);
      } catch (error) {
        expect(error).toHaveProperty('name', 'Json.MalformedError');
      }
    }),
    { numRuns: 2_000 },
  );
});
