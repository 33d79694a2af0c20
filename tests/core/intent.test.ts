import { describe, expect, it } from 'vitest';
import {
  assertTransition,
  hasTermsOf,
  type Intent,
  type IntentState,
  isSameTerms,
  isUndecided,
  quote,
  termsOf,
} from '../../component/src/core/index.ts';
import { PAYEE, thrownBy, USDC_BASE_SEPOLIA, v2 } from '../support/terms.ts';

const STATES: readonly IntentState[] = [
  'reserved',
  'signed',
  'sent',
  'settled',
  'rejected',
  'unknown',
  'expired',
];
const TERMS = termsOf(quote(v2()));
const INTENT: Intent = {
  id: '1',
  purchase: { site: 'https://a.example', url: 'https://a.example/', method: 'GET', bodyHash: null },
  terms: TERMS,
  state: 'reserved',
  verdict: { outcome: 'allow', reason: 'approved' },
  payment: null,
  transaction: null,
  note: null,
  createdAt: 0,
  updatedAt: 0,
};

describe('a payment', () => {
  it.each<[IntentState, readonly IntentState[]]>([
    ['reserved', ['signed', 'expired']],
    ['signed', ['sent', 'expired']],
    ['sent', ['sent', 'settled', 'rejected', 'unknown', 'expired']],
    ['rejected', ['sent', 'settled', 'rejected', 'unknown', 'expired']],
    ['unknown', ['sent', 'settled', 'rejected', 'unknown', 'expired']],
    ['settled', ['settled']],
    ['expired', []],
  ])('that is %s becomes only %j', async (from, allowed) => {
    for (const to of STATES) {
      if (allowed.includes(to)) assertTransition(from, to);
      else
        expect(await thrownBy(() => assertTransition(from, to))).toMatchObject({
          name: 'Intent.IllegalTransitionError',
          message: `A payment that is ${from} can't become ${to}.`,
          from,
          to,
        });
    }
  });

  it('may still take money until it has settled or expired', () => {
    const open = STATES.filter((state) => isUndecided({ ...INTENT, state }));
    expect(open).toEqual(['reserved', 'signed', 'sent', 'rejected', 'unknown']);
  });
});

describe('terms', () => {
  it('are kept in the form of the ledger', () => {
    expect(TERMS).toEqual({
      network: 'eip155:84532',
      asset: USDC_BASE_SEPOLIA,
      symbol: 'USDC',
      decimals: 6,
      payTo: PAYEE,
      amount: 10_000n,
      microUsd: 10_000n,
    });
  });

  it('are the same whatever the letter case of addresses', () => {
    const lower = { ...TERMS, asset: TERMS.asset.toLowerCase(), payTo: TERMS.payTo.toLowerCase() };
    expect(isSameTerms(TERMS, lower)).toBe(true);
    expect(hasTermsOf(INTENT, quote(v2({ payTo: PAYEE.toLowerCase() })))).toBe(true);
  });

  it.each([{ network: 'eip155:8453' }, { asset: PAYEE }, { payTo: USDC_BASE_SEPOLIA }, { amount: 10_001n }])(
    '%# are others as soon as one of them differs',
    (change) => {
      expect(isSameTerms(TERMS, { ...TERMS, ...change })).toBe(false);
    },
  );

  it('do not depend on how they are shown', () => {
    expect(isSameTerms(TERMS, { ...TERMS, symbol: 'X', decimals: 2, microUsd: 1n })).toBe(true);
  });
});
