import { expect, test, vi } from 'vitest';
import { more } from '../../component/src/locales/en.ts';
import { checkout } from '../../component/src/paywall/checkout.ts';
import { buyThroughExtension } from '../../component/src/paywall/extension-purchase.ts';
import { createPage } from '../../component/src/paywall/page.ts';
import type { Payer } from '../../component/src/wallet/extension.ts';
import { challenge, settlement } from './support/terms.ts';

const info = { name: 'Tuppence', icon: '', rdns: '', uuid: 'a' };
const HASH = `0x${'ab'.repeat(32)}`;
const shop = createPage();
let page = 0;

/** Presses for a page that nobody has bought yet, with an extension that answers `answer`. */
function press(answer: () => Response) {
  page += 1;
  const fetch = vi.fn(async () => answer());
  const payer: Payer = { info, provider: { quote: fetch, fetch } };
  const url = `https://a.test/${page}`;
  return {
    fetch,
    again: () => checkout(shop, url, () => buyThroughExtension(url, payer, more)),
    result: checkout(shop, url, () => buyThroughExtension(url, payer, more)),
  };
}

const answerWith = (status: number, headers: Record<string, string> = {}) =>
  new Response('the rest', { status, headers: { 'Content-Type': 'text/plain', ...headers } });
const paid = { 'PAYMENT-RESPONSE': settlement(true, { transaction: HASH }) };

test('content that came is delivered, and asked for once', async () => {
  const { result, again, fetch } = press(() => answerWith(200, paid));
  expect(await result).toMatchObject({ kind: 'delivered', transaction: HASH, shared: false });
  expect(await again()).toMatchObject({ kind: 'delivered', shared: true });
  expect(fetch).toHaveBeenCalledOnce();
});

test('a 402 that comes back means that the reader, or a rule, declined', async () => {
  const { result, again, fetch } = press(() => challenge());
  expect(await result).toEqual({ kind: 'declined', sentence: 'Not paid. You can try again.' });
  await again();
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('what the site says of the money is told apart', async () => {
  expect(await press(() => answerWith(500, paid)).result).toMatchObject({ kind: 'undelivered' });
  expect(await press(() => answerWith(502)).result).toMatchObject({ kind: 'unknown' });
  const failed = { 'PAYMENT-RESPONSE': settlement(false, { errorReason: 'insufficient_funds' }) };
  const { sentence } = { sentence: '', ...(await press(() => answerWith(402, failed)).result) };
  expect(sentence).toContain('not enough money');
});

test('an extension that fails says nothing about the money', async () => {
  const { result } = press(() => {
    throw new Error('gone');
  });
  expect(await result).toMatchObject({ kind: 'unknown' });
});
