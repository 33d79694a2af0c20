import { describe, expect, it } from 'vitest';
import { type PaymentRequest, pay } from '../../component/src/core/index.ts';
import { POLICY, scriptedPorts } from '../support/ports.ts';
import { v2 } from '../support/terms.ts';

const REQUEST: PaymentRequest = {
  purchase: {
    site: 'https://paper.example',
    url: 'https://paper.example/article',
    method: 'GET',
    bodyHash: null,
  },
  required: v2({ amount: '10000' }),
  evidence: 'header',
  approved: false,
};
const ASKS_FOR_MONEY = { kind: 'asking', verdict: { outcome: 'ask', reason: 'short-of-money' } };

type Moment = 'deciding' | 'signing';

/** Ports of an account that is known to hold so much at each moment. */
function holding(held: { readonly [M in Moment]: bigint | null }, consent: 'approved' | 'deferred') {
  const scripted = scriptedPorts({ consent });
  const balance = async (_: unknown, moment: Moment) => held[moment];
  return { ...scripted, ports: { ...scripted.ports, balance } };
}

describe('an account that holds less than the price', () => {
  it.each([
    ['known when it is decided', { deciding: 9_999n, signing: 9_999n }],
    ['known only when it would be signed', { deciding: null, signing: 9_999n }],
    ['known to be empty', { deciding: 0n, signing: 0n }],
  ])('signs and reserves nothing, and the reader is told: %s', async (_, held) => {
    const { ports, signed, intents } = holding(held, 'deferred');
    expect(await pay(REQUEST, ports)).toMatchObject(ASKS_FOR_MONEY);
    expect(signed).toEqual([]);
    expect(intents).toEqual([]);
  });

  it.each([
    ['given before it was known', { deciding: null, signing: 9_999n }],
    ['given though it was known', { deciding: 9_999n, signing: 9_999n }],
  ])('is not helped by a yes %s', async (_, held) => {
    for (const required of [v2({ amount: '10000' }), v2({ amount: '50001' })]) {
      const { ports, signed, intents } = holding(held, 'approved');
      const result = await pay({ ...REQUEST, required, approved: true }, ports);
      expect(result).toMatchObject({ kind: 'refused', verdict: { outcome: 'deny', reason: 'refused' } });
      expect(signed).toEqual([]);
      expect(intents).toEqual([]);
    }
  });

  it('still sends again what is under way: that money is spoken for already', async () => {
    const { ports, headers } = scriptedPorts({ answer: { status: 0, settlement: null, hasTerms: false } });
    await pay(REQUEST, ports);
    await pay(REQUEST, { ...ports, balance: async () => 0n });
    expect(headers).toHaveLength(2);
    expect(new Set(headers).size).toBe(1);
  });
});

describe('an account that holds enough, or of which nobody knows', () => {
  it.each([
    ['exactly the price', { deciding: 10_000n, signing: 10_000n }],
    ['unknown', { deciding: null, signing: null }],
  ])('pays: %s', async (_, held) => {
    const { ports, intents } = holding(held, 'deferred');
    expect(await pay(REQUEST, ports)).toMatchObject({ kind: 'sent' });
    expect(intents.map(({ terms }) => terms.amount)).toEqual([10_000n]);
    expect(POLICY.autoPay).toBe(50_000n);
  });
});
