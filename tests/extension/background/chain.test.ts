import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { type Authorization, asHex, type Intent } from 'tuppence/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chain } from '../../../extension/background/chain.ts';
import { settlingTransaction } from '../../../extension/background/settling-transaction.ts';
import { closeDatabase } from '../../../extension/storage/database.ts';
import { setRpcs } from '../../../extension/storage/rpcs.ts';

const NETWORK = 'eip155:84532';
const NONCE = asHex(`0x${'ab'.repeat(32)}`, 'nonce', 32);
const HASH = `0x${'cd'.repeat(32)}`;
const CREATED = 1_795_262_400;
const authorization: Authorization = {
  from: '0x857b06519E91e3A54538791bDbb0E22373e36b66',
  to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
  value: 10_000n,
  validAfter: 0n,
  validBefore: BigInt(CREATED + 60),
  nonce: NONCE,
};
const terms = {
  network: NETWORK,
  asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
  symbol: 'USDC',
  decimals: 6,
  payTo: authorization.to,
  amount: 10_000n,
  microUsd: 10_000n,
};
const intent: Intent = {
  id: '1',
  purchase: { site: 'https://a.example', url: 'https://a.example/', method: 'GET', bodyHash: null },
  terms,
  state: 'settled',
  verdict: { outcome: 'allow', reason: 'under-threshold' },
  payment: { authorization, signature: '0xab', paymentId: 'pay_1' },
  transaction: null,
  note: null,
  createdAt: CREATED * 1000,
  updatedAt: CREATED * 1000,
};

type Call = { readonly method: string; readonly params: readonly unknown[] };
type Endpoint = (call: Call) => unknown;

let asked: string[] = [];

/** A network of endpoints by address. One that throws is down. */
function endpoints(all: Readonly<Record<string, Endpoint>>): void {
  vi.stubGlobal('fetch', async (url: string, { body }: { body: string }) => {
    asked.push(url);
    const call = JSON.parse(body);
    const result = all[url]?.(call);
    if (result === undefined) throw new TypeError('fetch failed');
    return new Response(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
  });
}

const hex = (value: number) => `0x${value.toString(16)}`;
const word = (value: number) => `0x${value.toString(16).padStart(64, '0')}`;

/** A chain of two-second blocks whose newest has the time `now`; `used` is the block that took the money. */
function blocks(now: number, used: number | null): Endpoint {
  const latest = 1_000_000;
  return ({ method, params: [first] }) => {
    if (method === 'eth_call') return word(used === null ? 0 : 1);
    if (method === 'eth_getBlockByNumber') {
      const number = first === 'latest' ? latest : Number(first);
      return { number: hex(number), timestamp: hex(now - (latest - number) * 2) };
    }
    const { fromBlock, toBlock, topics } = first as { fromBlock: string; toBlock: string; topics: string[] };
    const isIn = used !== null && Number(fromBlock) <= used && used <= Number(toBlock);
    return isIn && topics[2] === NONCE ? [{ transactionHash: HASH }] : [];
  };
}

beforeEach(async () => {
  vi.stubGlobal('indexedDB', new IDBFactory());
  asked = [];
  await setRpcs(NETWORK, ['https://one.example', 'https://two.example']);
});
afterEach(async () => {
  await closeDatabase();
  vi.unstubAllGlobals();
});

test("the reader's endpoints are asked in their order, then public ones, until one answers", async () => {
  endpoints({ 'https://sepolia.base.org': blocks(CREATED, null) });
  expect(await chain.fateOf(terms, authorization)).toBe('open');
  expect([...new Set(asked)]).toEqual([
    'https://one.example',
    'https://two.example',
    'https://sepolia.base.org',
  ]);
});

test('the parts of one question all go to the same endpoint', async () => {
  endpoints({ 'https://two.example': blocks(CREATED, null) });
  await chain.fateOf(terms, authorization);
  expect(asked).toEqual(['https://one.example', 'https://two.example', 'https://two.example']);
});

test.each<[number, number | null, string]>([
  [CREATED + 59, null, 'open'],
  [CREATED + 60, null, 'dead'],
  [CREATED + 60, 999_990, 'used'],
])('at block time %i, used in block %j, it is %s', async (now, used, fate) => {
  endpoints({ 'https://one.example': blocks(now, used) });
  expect(await chain.fateOf(terms, authorization)).toBe(fate);
});

test('with every endpoint down nothing is learned', async () => {
  endpoints({});
  expect(await chain.fateOf(terms, authorization)).toBe('unreachable');
  expect(await settlingTransaction(intent)).toBeNull();
});

test('an endpoint that answers nonsense counts as down', async () => {
  endpoints({ 'https://one.example': () => 'nonsense', 'https://two.example': blocks(CREATED + 60, null) });
  expect(await chain.fateOf(terms, authorization)).toBe('dead');
});

test('the transaction is found by the nonce, a day of blocks later, in few questions', async () => {
  const day = 86_400;
  endpoints({ 'https://one.example': blocks(CREATED + day, 1_000_000 - day / 2 + 10) });
  expect(await settlingTransaction(intent)).toBe(HASH);
  expect(asked.length).toBeLessThan(30);
});
