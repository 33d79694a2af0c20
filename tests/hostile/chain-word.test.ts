import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { rpc, usedAuthorizations } from '../support/on-chain.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { type KeepingShop, startKeepingShop } from './support/keeping-shop.ts';

/*
 * A shop that keeps a payment for later while its reader is told nothing, and endpoints that say meanwhile that the
 * payment can't be taken any more: whoever believes them signs a second one, and the shop takes both.
 */

const PRICE = 10_000n;
const DAY = 86_400;

let world: World;
let shop: KeepingShop;
let reader: Reader;
let liars: Shop[];

beforeAll(async () => {
  world = await startWorld();
  shop = await startKeepingShop(world);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  liars = [];
  shop.forget();
  reader = await startReader(world);
});
afterEach(async () => {
  await reader?.close();
  await Promise.all(liars.map((one) => one.stop()));
});

/** An endpoint that passes everything on to the real chain, and has the answers of a method changed. */
async function liar(change: Change): Promise<string> {
  const app = new Hono().post('/', async (c) => {
    const { id, method, params } = await c.req.json();
    return c.json({ jsonrpc: '2.0', id, result: change(method, await rpc(world, method, params)) });
  });
  const shop = await startShop(app);
  liars.push(shop);
  return shop.origin;
}

type Change = (method: string, result: unknown) => unknown;

const dayAhead: Change = (method, result) => {
  if (method !== 'eth_getBlockByNumber') return result;
  const block = result as { readonly timestamp: string };
  return { ...block, timestamp: `0x${(Number(block.timestamp) + DAY).toString(16)}` };
};

/** Sets several endpoints of the network: the options page takes one. */
async function setEndpoints(urls: readonly string[]): Promise<void> {
  await reader.own().evaluate(
    async ([key, urls]) => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('tuppence');
        request.onsuccess = () => resolve(request.result);
      });
      const transaction = db.transaction('settings', 'readwrite');
      transaction.objectStore('settings').put(urls, key);
      await new Promise((resolve) => {
        transaction.oncomplete = resolve;
      });
      db.close();
    },
    [`rpc:${world.network}`, urls] as const,
  );
}

const states = async () => (await reader.activity()).map(({ payment }) => payment?.state);

/** Goes to the article, whose shop keeps the payment; again, when a second one may be made. */
async function visit(): Promise<void> {
  const before = (await reader.activity()).length;
  await reader.page.goto(`${shop.origin}/article`);
  await reader.settled(before + 1);
}

/** Has the shop take whatever it was given: once is what the reader wanted. */
async function expectOneCharge(): Promise<void> {
  await shop.settle();
  expect((await usedAuthorizations(world, reader.address)).size).toBe(1);
  expect(await world.balanceOf(reader.address)).toBe(reader.purse - PRICE);
}

test('one endpoint that is a day ahead of another ends no payment, and no second one is signed (audit 30)', async () => {
  await visit();
  await setEndpoints([await liar(dayAhead), world.rpcUrl]);
  await reader.ask('check', {});
  await visit();
  await expectOneCharge();
});

test('endpoints of another chain are not heard, whatever they say (audit 30)', async () => {
  await visit();
  const ofAnother = async () =>
    liar((method, result) => (method === 'eth_chainId' ? '0x2e7a3' : dayAhead(method, result)));
  await setEndpoints([await ofAnother(), await ofAnother()]);
  await reader.ask('check', {});
  await visit();
  await expectOneCharge();
});

test('the newest block past the end may be replaced by an earlier one: no second payment is signed (audit 30)', async () => {
  await visit();
  const [payment] = shop.kept.values();
  const before = await rpc(world, 'evm_snapshot', []);
  await rpc(world, 'evm_setNextBlockTimestamp', [(payment?.validBefore ?? 0) + 30]);
  await rpc(world, 'evm_mine', []);
  await reader.ask('check', {});
  await visit();
  await rpc(world, 'evm_revert', [before]);
  await rpc(world, 'anvil_setTime', [Math.floor(Date.now() / 1000)]);
  await expectOneCharge();
});

test('once the chain is well past the end, the payment is over and its money is free again (audit 30)', async () => {
  await visit();
  const [payment] = shop.kept.values();
  const before = await rpc(world, 'evm_snapshot', []);
  const past = async (seconds: number) => {
    await rpc(world, 'evm_setNextBlockTimestamp', [(payment?.validBefore ?? 0) + seconds]);
    await rpc(world, 'evm_mine', []);
    await reader.ask('check', {});
    return states();
  };
  expect(await past(590)).toEqual(['unknown']);
  expect(await past(600)).toEqual(['expired']);
  await rpc(world, 'evm_revert', [before]);
  await rpc(world, 'anvil_setTime', [Math.floor(Date.now() / 1000)]);
});

test('an endpoint without encryption, and one of another chain, are not taken as the reader’s own (audit 30)', async () => {
  const other = await liar((method, result) => (method === 'eth_chainId' ? '0x2e7a3' : result));
  for (const url of ['http://rpc.example/', other])
    await expect(reader.ask('setRpc', { network: world.network, url, explorer: null })).rejects.toThrow();
  expect((await reader.ask('rpcs', { network: world.network })).asked).toEqual([world.rpcUrl]);
  await until(states, (all) => all.length === 0, 'nothing was paid');
});
