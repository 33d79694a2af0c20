import { describe, expect, it } from 'vitest';
import { termsOfAnswer, type UnpaidAnswer } from '../../component/src/core/index.ts';
import { ENTRY_V1, ENTRY_V2, encode, termsHeader, thrownBy } from '../support/terms.ts';

const V1 = JSON.stringify({ x402Version: 1, accepts: [ENTRY_V1] });
const PAGE = { paymentRequired: { x402Version: 2, accepts: [{ ...ENTRY_V2, amount: '4' }] } };

type Given = Partial<Omit<UnpaidAnswer, 'header'>> & {
  readonly headers?: { readonly [name: string]: string };
};

function found({ headers = {}, ...given }: Given) {
  const answer = { status: 402, body: null, ...given, header: (name: string) => headers[name] ?? null };
  const terms = termsOfAnswer(answer);
  return terms === null
    ? null
    : [terms.evidence, terms.required.x402Version, terms.required.accepts[0]?.amount];
}

const entry = (amount: string) => ({ ...ENTRY_V2, amount });

describe('termsOfAnswer', () => {
  it('takes PAYMENT-REQUIRED first, then the body, then X-PAYMENT-REQUIRED, then the page', () => {
    const all = {
      'payment-required': termsHeader([entry('1')]),
      'x-payment-required': termsHeader([entry('3')]),
    };
    const { 'x-payment-required': unspecified } = all;
    expect(found({ headers: all, body: V1, page: PAGE })).toEqual(['header', 2, 1n]);
    expect(found({ headers: { 'x-payment-required': unspecified }, body: V1, page: PAGE })).toEqual([
      'body',
      1,
      10_000n,
    ]);
    expect(found({ headers: { 'x-payment-required': unspecified }, body: '<html>', page: PAGE })).toEqual([
      'header',
      2,
      3n,
    ]);
    expect(found({ body: '<html>', page: PAGE })).toEqual(['page', 2, 4n]);
  });

  it('reads X-PAYMENT-REQUIRED as JSON or as base64 of it', () => {
    for (const value of [V1, encode(JSON.parse(V1))])
      expect(found({ headers: { 'x-payment-required': value } })).toEqual(['header', 1, 10_000n]);
  });

  it('lets the version inside PAYMENT-REQUIRED decide', () => {
    expect(found({ headers: { 'payment-required': encode(JSON.parse(V1)) } })).toEqual([
      'header',
      1,
      10_000n,
    ]);
  });

  it('takes 412 with PAYMENT-REQUIRED, and without it for something else', () => {
    const headers = { 'payment-required': termsHeader([entry('1')]) };
    expect(found({ status: 412, headers })).toEqual(['header', 2, 1n]);
    expect(found({ status: 412, body: V1 })).toBeNull();
  });

  it.each([200, 401, 403, 500])('leaves status %i alone', (status) => {
    expect(
      found({ status, headers: { 'payment-required': termsHeader([entry('1')]) }, body: V1 }),
    ).toBeNull();
  });

  it('leaves an ordinary 402 alone', () => {
    expect(found({ body: 'Please pay at the desk.' })).toBeNull();
    expect(found({ body: null })).toBeNull();
  });

  it('passes over a place that is broken, and tells of the first such when no other has terms', async () => {
    expect(found({ headers: { 'payment-required': '*' }, body: V1 })).toEqual(['body', 1, 10_000n]);
    expect(
      found({ headers: { 'payment-required': '*' }, body: '{"x402Version":7,"accepts":[]}', page: PAGE }),
    ).toEqual(['page', 2, 4n]);
    const broken = {
      headers: { 'payment-required': '*', 'x-payment-required': '*' },
      body: '{"x402Version":7}',
    };
    expect(await thrownBy(() => found(broken))).toMatchObject({
      name: 'PaymentRequired.UnreadableTermsError',
      message: expect.stringContaining('base64'),
    });
  });
});
