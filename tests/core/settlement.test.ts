import { describe, expect, it } from 'vitest';
import {
  outcomeOf,
  type PaidAnswer,
  parseSettleResponse,
  SETTLEMENT_HEADERS,
} from '../../component/src/core/index.ts';
import { encode, thrownBy } from '../support/terms.ts';

const HASH = `0x${'12'.repeat(32)}`;
const answer = (change: Partial<PaidAnswer>): PaidAnswer => ({
  status: 200,
  settlement: null,
  hasTerms: false,
  ...change,
});
const failed = (more: object) =>
  encode({ success: false, transaction: '', network: 'eip155:84532', ...more });

describe('parseSettleResponse', () => {
  it('reads what counts', () => {
    const header = encode({
      success: true,
      transaction: HASH,
      network: 'eip155:84532',
      extensions: { a: 1 },
    });
    expect(parseSettleResponse(header)).toEqual({
      success: true,
      transaction: HASH,
      errorReason: null,
      extensions: { a: 1 },
    });
  });

  it('finds the hash under its other name, and takes an empty one for none', () => {
    expect(parseSettleResponse(encode({ success: true, txHash: HASH })).transaction).toBe(HASH);
    expect(parseSettleResponse(encode({ success: true, transaction: '', txHash: HASH })).transaction).toBe(
      HASH,
    );
    expect(parseSettleResponse(encode({ success: true, transaction: '' })).transaction).toBeNull();
    expect(
      parseSettleResponse(encode({ success: true, transaction: 'x'.repeat(129) })).transaction,
    ).toBeNull();
  });

  it('takes a reason that is too long for none', () => {
    expect(parseSettleResponse(failed({ errorReason: 'x'.repeat(256) })).errorReason).toHaveLength(256);
    expect(parseSettleResponse(failed({ errorReason: 'x'.repeat(257) })).errorReason).toBeNull();
  });

  it.each([
    ['*', 'Base64.InvalidBase64Error'],
    [encode([]), 'Json.MalformedError'],
    [encode({}), 'Json.MalformedError'],
    [encode({ success: 'true' }), 'Json.MalformedError'],
  ])('refuses %s', async (header, name) => {
    expect(await thrownBy(() => parseSettleResponse(header))).toMatchObject({ name });
  });

  it('is found under two names', () => {
    expect(SETTLEMENT_HEADERS).toEqual(['payment-response', 'x-payment-response']);
  });
});

describe('a payment is settled', () => {
  const settlement = encode({ success: true, transaction: HASH });

  it.each([
    [200, true],
    [204, true],
    [304, true],
    [399, true],
    [400, false],
    [404, false],
    [500, false],
    [402, false],
    [199, false],
    [0, false],
  ])('when the server says so with status %i; delivered: %s', (status, delivered) => {
    expect(outcomeOf(answer({ status, settlement }))).toEqual({
      state: 'settled',
      transaction: HASH,
      delivered,
      extensions: null,
    });
  });

  it('with what its answer carries for a receipt', () => {
    const signed = encode({ success: true, extensions: { 'offer-receipt': { info: {} } } });
    expect(outcomeOf(answer({ settlement: signed }))).toMatchObject({
      transaction: null,
      extensions: { 'offer-receipt': { info: {} } },
    });
  });
});

describe('a payment is rejected', () => {
  it.each([
    [
      answer({ status: 402, settlement: failed({ errorReason: 'insufficient_funds' }) }),
      'insufficient_funds',
    ],
    [answer({ status: 402, settlement: failed({}) }), 'settlement failed'],
    [answer({ status: 402, hasTerms: true }), 'payment refused'],
    [answer({ status: 402, hasTerms: true, error: null }), 'payment refused'],
    [answer({ status: 402, hasTerms: true, error: 'fetch failed' }), 'fetch failed'],
    [answer({ status: 402, hasTerms: true, error: 'invalid_network' }), 'invalid_network'],
    [
      answer({ status: 412, hasTerms: true, error: 'permit2_allowance_required' }),
      'permit2_allowance_required',
    ],
    [answer({ status: 500, settlesLast: true }), 'the page failed with status 500'],
    [answer({ status: 404, settlesLast: true }), 'the page failed with status 404'],
    [answer({ status: 400, settlesLast: true }), 'the page failed with status 400'],
    [answer({ status: 501, settlesLast: true }), 'the page failed with status 501'],
  ])('%# when the server says that nothing moved', (given, reason) => {
    expect(outcomeOf(given)).toEqual({ state: 'rejected', reason });
  });
});

describe('how a payment ended is unknown', () => {
  it.each([
    ['fetch failed', answer({ status: 402, settlement: failed({ errorReason: 'fetch failed' }) }), null],
    [
      'settlement_pending',
      answer({ status: 402, settlement: failed({ errorReason: 'settlement_pending' }) }),
      null,
    ],
    [
      'settlement_pending',
      answer({ status: 402, settlement: failed({ errorReason: 'settlement_pending', transaction: HASH }) }),
      HASH,
    ],
    ['odd', answer({ status: 402, settlement: failed({ errorReason: 'odd', txHash: HASH }) }), HASH],
    [
      'invalid_exact_evm_nonce_already_used',
      answer({ status: 402, hasTerms: true, error: 'invalid_exact_evm_nonce_already_used' }),
      null,
    ],
    [
      'duplicate_settlement',
      answer({ status: 402, settlement: failed({ errorReason: 'duplicate_settlement' }) }),
      null,
    ],
    ['permit2_invalid_nonce', answer({ status: 402, hasTerms: true, error: 'permit2_invalid_nonce' }), null],
    ['status 402 without a settlement', answer({ status: 402 }), null],
    ['status 402 without a settlement', answer({ status: 402, settlesLast: true }), null],
    ['status 408 without a settlement', answer({ status: 408, settlesLast: true }), null],
    ['status 502 without a settlement', answer({ status: 502, settlesLast: true }), null],
    ['status 504 without a settlement', answer({ status: 504, settlesLast: true }), null],
    ['status 500 without a settlement', answer({ status: 500, settlesLast: false }), null],
    ['status 500 without a settlement', answer({ status: 500, hasTerms: true }), null],
    ['status 200 without a settlement', answer({ status: 200, settlesLast: true }), null],
    ['status 399 without a settlement', answer({ status: 399, settlesLast: true }), null],
    ['status 0 without a settlement', answer({ status: 0 }), null],
    ['status 200 without a settlement', answer({ settlement: '*' }), null],
    ['status 200 without a settlement', answer({ settlement: encode({ success: 1 }) }), null],
  ])('by %s', (reason, given, transaction) => {
    expect(outcomeOf(given)).toEqual({ state: 'unknown', transaction, reason });
  });
});
