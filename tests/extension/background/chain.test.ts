import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { type Authorization, asHex, type Intent } from 'tuppence/core';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

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
function blocks(now: number, used: number | null, chainId = 84_532): Endpoint {
  const latest = 1_000_000;
  return ({ method, params: [first] }) => {
    if (method === 'eth_chainId') return hex(chainId);
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

const END = CREATED + 60;
const [ONE, TWO, PUBLIC] = ['https://one.example', 'https://two.example', 'https://sepolia.base.org'];
let { chain } = await import('../../../extension/background/chain.ts');
let { settlingTransaction } = await import('../../../extension/background/settling-transaction.ts');

beforeEach(async () => {
  vi.resetModules(); // As the background starts: no endpoint has said yet which chain it is of.
  ({ chain } = await import('../../../extension/background/chain.ts'));
  ({ settlingTransaction } = await import('../../../extension/background/settling-transaction.ts'));
  const { setRpcs } = await import('../../../extension/storage/rpcs.ts');
  vi.stubGlobal('indexedDB', new IDBFactory());
  asked = [];
  await setRpcs(NETWORK, [ONE, TWO]);
});
afterEach(async () => {
  const { closeDatabase } = await import('../../../extension/storage/database.ts');
  await closeDatabase();
  vi.unstubAllGlobals();
});

test("the reader's endpoints are asked in their order, then public ones, until one answers", async () => {
  endpoints({ [PUBLIC]: blocks(CREATED, null) });
  expect(await chain.fateOf(terms, authorization)).toBe('open');
  expect([...new Set(asked)]).toEqual([ONE, TWO, PUBLIC]);
});

test('the parts of one question all go to the same endpoint, which says once which chain it is of', async () => {
  endpoints({ [TWO]: blocks(CREATED, null) });
  await chain.fateOf(terms, authorization);
  expect(asked).toEqual([ONE, TWO, TWO, TWO]);
  asked = [];
  await chain.fateOf(terms, authorization);
  expect(asked).toEqual([ONE, TWO, TWO]);
});

test.each<[number, number | null, string]>([
  [END + 59, null, 'open'],
  [END + 60, null, 'dead'],
  [END + 60, 999_990, 'used'],
])('where two endpoints agree, at block time %i, used in block %j, it is %s', async (now, used, fate) => {
  endpoints({ [ONE]: blocks(now, used), [TWO]: blocks(now, used) });
  expect(await chain.fateOf(terms, authorization)).toBe(fate);
});

test.each<[string, Endpoint, string]>([
  ['is not that far', blocks(END - 1, null), 'open'],
  ['is within the margin', blocks(END + 59, null), 'open'],
  ['knows that it was used', blocks(END - 20, 999_990), 'used'],
])('one endpoint that has it for dead ends nothing while another %s (audit 30)', async (_, other, fate) => {
  endpoints({ [ONE]: blocks(END + 1_000_000, null), [TWO]: other });
  expect(await chain.fateOf(terms, authorization)).toBe(fate);
});

test.each<[number, string]>([
  [END + 86_399, 'open'],
  [END + 86_400, 'dead'],
])(
  'while the other endpoints are down, the one that answers has it for dead a day later: at %i %s (audit 30)',
  async (now, fate) => {
    endpoints({ [TWO]: blocks(now, null) });
    expect(await chain.fateOf(terms, authorization)).toBe(fate);
  },
);

test.each<[number, string]>([
  [END + 599, 'open'],
  [END + 600, 'dead'],
])(
  'the only endpoint of a network has it for dead ten minutes later: at %i %s (audit 30)',
  async (now, fate) => {
    const { setRpcs } = await import('../../../extension/storage/rpcs.ts');
    await setRpcs(NETWORK, ['http://127.0.0.1:8545']);
    endpoints({ 'http://127.0.0.1:8545': blocks(now, null) });
    expect(await chain.fateOf(terms, authorization)).toBe(fate);
  },
);

test('what one host says at two addresses is one word (audit 30)', async () => {
  const { setRpcs } = await import('../../../extension/storage/rpcs.ts');
  await setRpcs(NETWORK, [ONE, `${ONE}/again`]);
  endpoints({ [ONE]: blocks(END + 3_600, null), [`${ONE}/again`]: blocks(END + 3_600, null) });
  expect(await chain.fateOf(terms, authorization)).toBe('open');
});

test.each<[string, Endpoint]>([
  ['dead', blocks(END + 1_000_000, null, 8_453)],
  ['used', blocks(CREATED, 999_990, 8_453)],
])('endpoints of another chain that have it for %s are not heard (audit 30)', async (_, other) => {
  endpoints({ [ONE]: other, [TWO]: other });
  expect(await chain.fateOf(terms, authorization)).toBe('unreachable');
  expect(await settlingTransaction(intent)).toBeNull();
  endpoints({ [ONE]: other, [TWO]: other, [PUBLIC]: blocks(CREATED, null) });
  expect(await chain.fateOf(terms, authorization)).toBe('open');
});

test.each([
  ['eip155:181228', 190_415],
  ['eip155:190415', 181_228],
])(
  'of HPP and its test network, which share a token address, neither answers for the other: %s (audit 30)',
  async (network, other) => {
    const { setRpcs } = await import('../../../extension/storage/rpcs.ts');
    const hpp = { ...terms, network, asset: '0x401eCb1D350407f13ba348573E5630B83638E30D' };
    await setRpcs(network, [ONE, TWO]);
    const wrong = blocks(END + 1_000_000, null, other);
    endpoints({ [ONE]: wrong, [TWO]: wrong });
    expect(await chain.fateOf(hpp, authorization)).toBe('unreachable');
  },
);

test('with every endpoint down nothing is learned', async () => {
  endpoints({});
  expect(await chain.fateOf(terms, authorization)).toBe('unreachable');
  expect(await settlingTransaction(intent)).toBeNull();
});

test('an endpoint that answers nonsense counts as down', async () => {
  endpoints({ [ONE]: () => 'nonsense', [TWO]: blocks(END + 60, null), [PUBLIC]: blocks(END + 60, null) });
  expect(await chain.fateOf(terms, authorization)).toBe('dead');
});

test('the transaction is found by the nonce, a day of blocks later, in few questions', async () => {
  const day = 86_400;
  endpoints({ [ONE]: blocks(CREATED + day, 1_000_000 - day / 2 + 10) });
  expect(await settlingTransaction(intent)).toBe(HASH);
  expect(asked.length).toBeLessThan(30);
});

test('an endpoint whose answer does not end is given up, and the next one is asked (audit 33)', async () => {
  let sent = 0;
  const long = () =>
    new ReadableStream<Uint8Array>({
      pull: (stream) => {
        sent += 65_536;
        if (sent > 16_777_216) stream.close();
        else stream.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
  endpoints({ [TWO]: blocks(CREATED, null) });
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (url: string, init: RequestInit) =>
    url === ONE ? Promise.resolve(new Response(long())) : fetch(url, init),
  );
  expect(await chain.fateOf(terms, authorization)).toBe('open');
  expect(sent).toBeLessThan(1_000_000);
});
