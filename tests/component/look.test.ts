import { expect, test } from 'vitest';
import { type Ask, look } from '../../component/src/paywall/look.ts';
import { challenge, PAYEE, terms } from './support/terms.ts';

const SITE = 'https://a.test';
const at = (answer: Response | Error, url = `${SITE}/p`) => {
  const ask: Ask = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return look(url, SITE, ask);
};

test('reads v2 terms from the header', async () => {
  expect(await at(challenge())).toMatchObject({
    kind: 'offer',
    evidence: 'header',
    quote: { microUsd: 20_000n },
  });
});

test('reads v1 terms from the body', async () => {
  const [entry] = terms().accepts;
  const v1 = {
    ...entry,
    network: 'base-sepolia',
    maxAmountRequired: '20000',
    resource: `${SITE}/p`,
    description: '',
  };
  const body = JSON.stringify({ x402Version: 1, accepts: [v1] });
  expect(await at(new Response(body, { status: 402 }))).toMatchObject({
    kind: 'offer',
    evidence: 'body',
    quote: { payTo: PAYEE, network: { chainId: 84532 } },
  });
});

test('an answer that is not a 402 is either the content or a failure', async () => {
  const html = new Response('<p>all of it</p>', { headers: { 'Content-Type': 'text/html; charset=utf-8' } });
  expect(await at(html)).toMatchObject({ kind: 'open', response: html });
  expect(await at(new Response('', { status: 503 }))).toMatchObject({ kind: 'fault' });
  expect(await at(new TypeError('Failed to fetch'))).toMatchObject({ kind: 'fault' });
});

test('a 402 of another origin without readable terms is one that may be hidden', async () => {
  const hidden = await at(new Response('{}', { status: 402 }), 'https://b.test/p');
  expect(hidden).toMatchObject({ kind: 'hidden', fault: { code: 'hidden', host: 'b.test' } });
});

test('terms of another kind, broken ones and unknown networks are unsupported', async () => {
  const broken = { status: 402, headers: { 'PAYMENT-REQUIRED': '%%%' } };
  expect(await at(new Response('pay me', { status: 402 }))).toMatchObject({ kind: 'fault' });
  expect(await at(new Response('', broken))).toMatchObject({ kind: 'fault' });
  expect(await at(challenge('-1'))).toMatchObject({ kind: 'fault' });
});

test('an address that sends the reader on to another origin is not paid', async () => {
  const forwarded = challenge();
  Object.defineProperties(forwarded, { redirected: { value: true }, url: { value: 'https://b.test/p' } });
  expect(await at(forwarded)).toMatchObject({ kind: 'fault' });
  const moved = challenge();
  Object.defineProperties(moved, { redirected: { value: true }, url: { value: `${SITE}/p/#x` } });
  expect(await at(moved)).toMatchObject({ kind: 'offer', url: `${SITE}/p/` });
});
