import './support/local-storage.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { decodeBase64 } from '../../component/src/core/index.ts';
import { more } from '../../component/src/locales/en.ts';
import { face } from '../../component/src/locales/en-face.ts';
import { checkout } from '../../component/src/paywall/checkout.ts';
import { textOf } from '../../component/src/paywall/live-body.ts';
import { look, type Offer } from '../../component/src/paywall/look.ts';
import { createPage } from '../../component/src/paywall/page.ts';
import { buyWithWallet } from '../../component/src/paywall/wallet-purchase.ts';
import { count, rpcError, type Script, scriptedWallet } from './support/scripted-wallet.ts';
import { challenge, settlement } from './support/terms.ts';

const SITE = 'https://a.test';
const SIGN = 'eth_signTypedData_v4';
const YES = `0x${'0'.repeat(63)}1`;
const NO = `0x${'0'.repeat(64)}`;
const HASH = `0x${'ab'.repeat(32)}`;

const INFO = { name: 'Test', icon: '', rdns: 'test', uuid: 'test' };
let shop = createPage();
let page = 0;
let url = '';
/** What the server answers to paid requests, in order; the last one stays. */
let answers: (() => Response)[] = [];
/** Payment headers that the server got. */
let paid: string[] = [];
let price = '20000';

const text = (status = 200, headers: Record<string, string> = {}) =>
  new Response('the rest', { status, headers: { 'Content-Type': 'text/plain', ...headers } });
const settled = (status?: number) => () =>
  text(status, { 'PAYMENT-RESPONSE': settlement(true, { transaction: HASH }) });

beforeEach(() => {
  shop = createPage();
  page += 1; // The page's ledger remembers: each test buys something else.
  url = `${SITE}/${page}`;
  [answers, paid, price] = [[settled()], [], '20000'];
  vi.stubGlobal('location', { origin: SITE });
  vi.stubGlobal('fetch', async (_url: string, init: RequestInit = {}) => {
    const header = new Headers(init.headers).get('payment-signature');
    if (header === null) return challenge(price);
    paid.push(header);
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return answer?.();
  });
});

afterEach(() => vi.unstubAllGlobals());

async function shown(): Promise<Offer> {
  const seen = await look(url, SITE, (address, init) => fetch(address, init));
  if (seen.kind !== 'offer') throw new Error(`no offer: ${seen.kind}`);
  return seen;
}

/** A reader with a wallet in front of the page; `press` may be called again and again. */
async function reader(script: Script = {}) {
  const { provider, calls } = scriptedWallet(script);
  const offer = await shown();
  const onSend = vi.fn();
  let again = false;
  const order = { shown: offer, wallet: { info: INFO, provider }, words: { face, more }, onSend };
  const ask = (address: string, init: RequestInit) => fetch(address, init);
  const press = () => checkout(shop, url, () => buyWithWallet({ ...order, ask, again }));
  const insist = () => {
    again = true;
    shop = createPage();
    return press();
  };
  return { press, insist, calls, onSend };
}

function signatureIn(header: string | undefined): unknown {
  return JSON.parse(decodeBase64(header ?? '')).payload;
}

test('pays, and brings the content with its receipt', async () => {
  const { press, calls, onSend } = await reader();
  const result = await press();
  if (result.kind !== 'delivered') throw new Error(result.kind);
  expect(result).toMatchObject({ paid: true, shared: false, transaction: HASH, content: { kind: 'text' } });
  expect(await textOf(result.content.body, 'utf-8')).toBe('the rest');
  expect(count(calls, SIGN)).toBe(1);
  expect(onSend).toHaveBeenCalledOnce();
});

test('two presses at once, from two elements, pay once', async () => {
  const [one, other] = [await reader(), await reader()];
  const results = await Promise.all([one.press(), other.press()]);
  expect(results.map((result) => result.kind === 'delivered' && result.shared)).toEqual([false, true]);
  expect(paid).toHaveLength(1);
  expect(count([...one.calls, ...other.calls], SIGN)).toBe(1);
});

test('refused in the wallet: nothing leaves, and the next press may pay', async () => {
  let mood = 'no';
  const { press } = await reader({
    [SIGN]: () => {
      if (mood === 'no') throw rpcError(4001);
      return `0x${'5a'.repeat(65)}`;
    },
  });
  expect(await press()).toMatchObject({ kind: 'declined' });
  expect(paid).toEqual([]);
  mood = 'yes';
  expect(await press()).toMatchObject({ kind: 'delivered' });
});

test('a price that changed after it was shown is not paid', async () => {
  const { press, calls } = await reader();
  price = '30000';
  expect(await press()).toMatchObject({ kind: 'looked', look: { quote: { microUsd: 30_000n } } });
  expect(count(calls, SIGN)).toBe(0);
});

test.each<[string, () => Response, string]>([
  ['no answer', () => Response.error(), 'unknown'],
  ['a gateway error', () => text(502), 'unknown'],
  ['a refusal', () => challenge('20000'), 'rejected'],
  [
    'a failed settlement',
    () => text(402, { 'PAYMENT-RESPONSE': settlement(false, { errorReason: 'x' }) }),
    'rejected',
  ],
])('after %s the same signature is sent again', async (_what, first, kind) => {
  answers = [first, settled()];
  const { press, calls } = await reader();
  expect(await press()).toMatchObject({ kind });
  expect(await press()).toMatchObject({ kind: 'delivered' });
  expect(count(calls, SIGN)).toBe(1);
  expect(signatureIn(paid[1])).toEqual(signatureIn(paid[0]));
});

test('paid, but the page failed: loading it again is free', async () => {
  answers = [settled(500), settled()];
  const { press, calls } = await reader();
  expect(await press()).toMatchObject({ kind: 'undelivered', transaction: HASH });
  expect(await press()).toMatchObject({ kind: 'delivered', paid: true });
  expect(count(calls, SIGN)).toBe(1);
  expect(signatureIn(paid[1])).toEqual(signatureIn(paid[0]));
});

test('the chain says that a payment of unknown outcome settled: no second one is signed', async () => {
  answers = [() => text(502)];
  const { press, calls } = await reader({
    eth_getBlockByNumber: () => ({ number: '0x1', timestamp: '0x1' }),
    eth_call: () => YES,
  });
  expect(await press()).toMatchObject({ kind: 'unknown' });
  expect(await press()).toMatchObject({ kind: 'undelivered' });
  expect(count(calls, SIGN)).toBe(1);
  expect(signatureIn(paid[1])).toEqual(signatureIn(paid[0]));
});

test('a new signature is made only when the chain says that the old one is dead', async () => {
  answers = [() => text(502), settled()];
  const { press, calls } = await reader({
    eth_getBlockByNumber: () => ({ number: '0x1', timestamp: '0xffffffffff' }),
    eth_call: () => NO,
  });
  expect(await press()).toMatchObject({ kind: 'unknown' });
  expect(await press()).toMatchObject({ kind: 'delivered' });
  expect(count(calls, SIGN)).toBe(2);
});

test('an earlier payment on other terms blocks a second one until it is dead', async () => {
  answers = [() => text(502)];
  const before = await reader();
  expect(await before.press()).toMatchObject({ kind: 'unknown' });
  price = '10000';
  const after = await reader();
  expect(await after.press()).toMatchObject({ kind: 'declined' });
  expect(count(after.calls, SIGN)).toBe(0);
});

test('content that came is shown even when nobody said that it was paid', async () => {
  answers = [() => text()];
  const { press } = await reader();
  expect(await press()).toMatchObject({ kind: 'delivered', transaction: null });
});

test('after a reload, what was read before is asked for again for nothing, and paid again only when told so', async () => {
  answers = [
    settled(),
    () => text(402, { 'PAYMENT-RESPONSE': settlement(false, { errorReason: 'nonce_already_used' }) }),
    settled(),
  ];
  const { press, insist, calls } = await reader();
  expect(await press()).toMatchObject({ kind: 'delivered' });
  shop = createPage(); // The page is loaded anew; the ledger is the site's.
  expect(await press()).toMatchObject({ kind: 'paid-before' });
  expect(count(calls, SIGN)).toBe(1);
  expect(await insist()).toMatchObject({ kind: 'delivered' });
  expect(count(calls, SIGN)).toBe(2);
});
