import { beforeEach, describe, expect, test, vi } from 'vitest';
import * as de from '../../component/src/locales/de.ts';
import { more } from '../../component/src/locales/en.ts';
import * as es from '../../component/src/locales/es.ts';
import * as fr from '../../component/src/locales/fr.ts';
import * as ja from '../../component/src/locales/ja.ts';
import * as pt from '../../component/src/locales/pt.ts';
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

const told = (code: string, url: string) =>
  dispatchEvent(Object.assign(new Event('x402:unpaid'), { detail: `${code} ${url}` }));

describe('what the extension says of why it has not paid', () => {
  beforeEach(() => {
    const { addEventListener, removeEventListener, dispatchEvent } = bindAll(new EventTarget());
    Object.assign(globalThis, { addEventListener, removeEventListener, dispatchEvent });
  });
  const say = (code: string, of = (url: string) => url) => {
    const fetch = async (url: string) => {
      told(code, of(url));
      return challenge();
    };
    return buyThroughExtension('https://a.test/why', { info, provider: { quote: fetch, fetch } }, more);
  };

  test.each(Object.keys(more.remedy))('%s leads to a step, with words in every language', async (code) => {
    expect(await say(code)).toMatchObject({ kind: 'declined', step: { hindrance: code } });
    for (const { more: words } of [{ more }, de, es, fr, ja, pt]) {
      const { hindered, remedy } = words;
      const key = code as keyof typeof hindered;
      expect(hindered[key]('Tuppence')).toContain('Tuppence');
      expect(remedy[key]).not.toBe('');
    }
  });

  test('a refusal is the reader’s own, and has no step', async () => {
    const result = await say('refused');
    expect(result).toEqual({ kind: 'declined', sentence: 'You chose not to pay.' });
  });

  test.each([
    ['of another address', 'paused', () => 'https://a.test/other'],
    ['that nobody knows', '<b>', (url: string) => url],
  ])('a word %s says nothing', async (_, code, of) => {
    expect(await say(code, of)).toEqual({ kind: 'declined', sentence: 'Not paid. You can try again.' });
  });
});

function bindAll(target: EventTarget) {
  const { addEventListener, removeEventListener, dispatchEvent } = EventTarget.prototype;
  return {
    addEventListener: addEventListener.bind(target),
    removeEventListener: removeEventListener.bind(target),
    dispatchEvent: dispatchEvent.bind(target),
  };
}
