import { describe, expect, it } from 'vitest';
import {
  type AuthorizationFate,
  conclude,
  type PaymentRequest,
  pay,
  type Quote,
  quote,
  resolve,
  termsOf,
} from '../../component/src/core/index.ts';
import { memoryLedger, SETTLED, scriptedPorts } from '../support/ports.ts';
import { decode, encode, PAYEE, parsedTerms, thrownBy, v1, v2 } from '../support/terms.ts';

const REQUEST: PaymentRequest = {
  purchase: {
    site: 'https://paper.example',
    url: 'https://paper.example/article',
    method: 'GET',
    bodyHash: null,
  },
  required: v2(),
  evidence: 'header',
  approved: false,
};
const request = (change: Partial<PaymentRequest> = {}): PaymentRequest => ({ ...REQUEST, ...change });
const LOST = { status: 0, settlement: null, hasTerms: false } as const;
const FAILED = {
  ...LOST,
  status: 402,
  settlement: encode({ success: false, errorReason: 'insufficient_funds' }),
};

describe('the line that a payment walks', () => {
  it('reserves, signs, writes down, sends and settles, in this order', async () => {
    const { ports, log, intents } = scriptedPorts();
    const result = await pay(request(), ports);
    expect(log).toEqual(['reserve', 'sign', 'signed', 'sent', 'send', 'settled']);
    expect(result).toMatchObject({
      kind: 'sent',
      intent: { state: 'settled', transaction: `0x${'12'.repeat(32)}`, note: null },
    });
    expect(intents).toHaveLength(1);
    expect(intents[0]).toMatchObject({
      verdict: { outcome: 'allow', reason: 'under-threshold' },
      createdAt: 1_750_000_000_000,
    });
  });

  it('stamps the validity when the wallet signs', async () => {
    let now = 1_750_000_000_000;
    const { ports, signed } = scriptedPorts({ now: () => now });
    const address = async () => {
      now += 60_999;
      return ports.wallet.address();
    };
    await pay(request(), { ...ports, wallet: { ...ports.wallet, address } });
    expect(signed[0]?.message).toMatchObject({ validBefore: '1750000360' });
  });

  it('asks where a form would be sent again, whatever the rules allow', async () => {
    const { ports, log } = scriptedPorts();
    const consent = { ask: async () => 'deferred' as const };
    const result = await pay(request({ circumstances: { redoes: 'form' } }), { ...ports, consent });
    expect(result).toMatchObject({ kind: 'asking', verdict: { outcome: 'ask', reason: 'sends-form-again' } });
    expect(log).toEqual([]);
  });

  it('leaves the answer to others when the retry does not bring it', async () => {
    const { ports } = scriptedPorts({ answer: null });
    expect(await pay(request(), ports)).toMatchObject({ kind: 'sent', intent: { state: 'sent' } });
  });

  it('throws, and reserves nothing, when nothing can be paid', async () => {
    const { ports, log } = scriptedPorts();
    expect(await thrownBy(() => pay(request({ required: v2({ scheme: 'upto' }) }), ports))).toMatchObject({
      name: 'Quote.NothingPayableError',
    });
    expect(log).toEqual([]);
  });

  it('keeps the extensions of a settlement, where a receipt is', async () => {
    const settlement = encode({ success: true, extensions: { 'offer-receipt': { info: {} } } });
    const { ports } = scriptedPorts({ answer: { ...SETTLED, settlement } });
    expect(await pay(request(), ports)).toMatchObject({
      intent: { extensions: { 'offer-receipt': { info: {} } }, transaction: null },
    });
  });
});

describe('the reader', () => {
  const dear = v2({ amount: '50001' });

  it('is asked when the rules do not allow it, and nothing is signed before', async () => {
    const { ports, log } = scriptedPorts({ consent: 'deferred' });
    expect(await pay(request({ required: dear }), ports)).toMatchObject({
      kind: 'asking',
      verdict: { outcome: 'ask', reason: 'above-threshold' },
      quote: { microUsd: 50_001n },
    });
    expect(log).toEqual(['ask above-threshold']);
  });

  it('can say no', async () => {
    const { ports, log } = scriptedPorts({ consent: 'refused' });
    expect(await pay(request({ required: dear }), ports)).toMatchObject({
      kind: 'refused',
      verdict: { outcome: 'deny', reason: 'refused' },
    });
    expect(log).toEqual(['ask above-threshold']);
  });

  it('can say yes, which goes over the budget too', async () => {
    const { ports, intents } = scriptedPorts({ consent: 'approved', policy: { dayBudget: 1n } });
    await pay(request({ required: dear }), ports);
    expect(intents[0]).toMatchObject({ state: 'settled', verdict: { outcome: 'allow', reason: 'approved' } });
  });

  it('who has said yes before is not asked again', async () => {
    const { ports, log } = scriptedPorts();
    await pay(request({ required: dear, approved: true }), ports);
    expect(log[0]).toBe('reserve');
  });

  it('who has agreed to other terms is asked again', async () => {
    const { ports, log } = scriptedPorts();
    const agreed = termsOf(quote(v2({ amount: '40000' })));
    await pay(request({ required: dear, approved: true, agreed }), ports);
    expect(log).toEqual(['ask above-threshold']);
  });

  it('pays the offer that was agreed to, even if another has become the better one', async () => {
    const both = v2({ amount: '60000' }, { amount: '70000' });
    const agreed = termsOf(quote(v2({ amount: '70000' })));
    const { ports, intents } = scriptedPorts();
    await pay(request({ required: both, approved: true, agreed }), ports);
    expect(intents[0]?.terms.amount).toBe(70_000n);
  });

  it('is told why nothing is paid when payments are paused', async () => {
    const { ports, log } = scriptedPorts({ policy: { paused: true } });
    expect(await pay(request({ approved: true }), ports)).toMatchObject({
      kind: 'refused',
      verdict: { outcome: 'deny', reason: 'paused' },
    });
    expect(log).toEqual([]);
  });

  it('is asked when another payment has taken what was left in the meantime', async () => {
    const { ports, log } = scriptedPorts({ full: true, consent: 'deferred' });
    expect(await pay(request(), ports)).toMatchObject({
      kind: 'asking',
      verdict: { outcome: 'ask', reason: 'over-day-budget' },
    });
    expect(log).toEqual(['reserve', 'ask over-day-budget']);
  });

  it('is asked for the reason that stands after a reservation has failed', async () => {
    const { ports, log } = scriptedPorts({ full: true, consent: 'deferred', policy: { perMinute: 5 } });
    let lastMinute = 4;
    const ledger = {
      ...ports.ledger,
      history: async () => ({
        boughtAt: null,
        payees: [],
        highest: null,
        spent: { day: 0n, siteDay: 0n, month: 0n, lastMinute },
      }),
      reserve: (...draft: Parameters<typeof ports.ledger.reserve>) => {
        lastMinute += 1; // Another payment of the site, in between.
        return ports.ledger.reserve(...draft);
      },
    };
    expect(await pay(request(), { ...ports, ledger })).toMatchObject({
      kind: 'asking',
      verdict: { outcome: 'ask', reasons: ['too-many'] },
    });
    expect(log).toEqual(['reserve', 'ask too-many']);
  });

  it('is reserved as a part of a page where it is one', async () => {
    for (const part of [true, false]) {
      const { ports, intents } = scriptedPorts();
      await pay(request({ circumstances: { part } }), ports);
      expect(intents[0]?.part).toBe(part ? true : undefined);
    }
  });

  it('is not charged when even an agreed payment can’t be reserved', async () => {
    const { ports, log } = scriptedPorts({ full: true });
    expect(await pay(request({ approved: true }), ports)).toMatchObject({ kind: 'refused' });
    expect(log).toEqual(['reserve', 'reserve']);
  });

  it('is asked about what only the page has said, and about another resource', async () => {
    const { ports, log } = scriptedPorts();
    await pay(request({ evidence: 'page' }), ports);
    await pay(
      request({ required: v2(), purchase: { ...REQUEST.purchase, url: 'https://paper.example/x' } }),
      ports,
    );
    expect(log).toEqual(['ask terms-from-page', 'ask other-resource']);
  });

  it('is not asked about a resource that the server does not name', async () => {
    const { ports, log } = scriptedPorts();
    await pay(request({ required: parsedTerms([{}], { resource: null }) }), ports);
    expect(log).not.toContain('ask other-resource');
  });
});

describe('a payment that could not be signed', () => {
  it('gives its reservation back', async () => {
    const refuse = () => {
      throw new Error('The wallet refused.');
    };
    const { ports, log, intents } = scriptedPorts({ onSign: refuse });
    expect(await thrownBy(() => pay(request(), ports))).toMatchObject({ message: 'The wallet refused.' });
    expect(log).toEqual(['reserve', 'sign', 'expired']);
    expect(intents[0]).toMatchObject({ state: 'expired', note: 'never signed' });
  });

  it('because the wallet took too long is not sent', async () => {
    let now = 1_750_000_000_000;
    const { ports, intents, headers } = scriptedPorts({ now: () => now, onSign: () => (now += 281_000) });
    expect(await thrownBy(() => pay(request(), ports))).toMatchObject({
      name: 'Send.SignedTooLateError',
      message: 'The payment was signed too late: less than 20 s were left. Nothing was paid.',
    });
    expect([intents[0]?.state, headers.length]).toEqual(['expired', 0]);
  });

  it('is sent with exactly 20 seconds left', async () => {
    let now = 1_750_000_000_000;
    const { ports, headers } = scriptedPorts({ now: () => now, onSign: () => (now += 280_000) });
    await pay(request(), ports);
    expect(headers).toHaveLength(1);
  });

  it('because the server leaves it no time is not even reserved', async () => {
    const { ports, log } = scriptedPorts();
    expect(
      await thrownBy(() => pay(request({ required: v2({ maxTimeoutSeconds: 5 }) }), ports)),
    ).toMatchObject({ name: 'Quote.NothingPayableError', reasons: ['time'] });
    expect(log).toEqual([]);
  });
});

describe('the same purchase again', () => {
  it('sends the same authorization and identifier while it can settle, in the newest envelope', async () => {
    const { ports, signed, headers, log } = scriptedPorts({ answer: LOST });
    const required = (extension: string) =>
      parsedTerms([{}], {
        extensions: { 'payment-identifier': { info: { required: true } }, [extension]: {} },
      });
    await pay(request({ required: required('old') }), ports);
    await pay(request({ required: required('new') }), ports);
    expect(signed).toHaveLength(1);
    expect(log.filter((step) => step === 'reserve')).toHaveLength(1);
    const [first, second] = headers.map(decode);
    expect(second.payload).toEqual(first.payload);
    expect(second.extensions['payment-identifier']).toEqual(first.extensions['payment-identifier']);
    expect(Object.keys(second.extensions)).toContain('new');
  });

  it.each<[string, Partial<PaymentRequest>, number]>([
    ['the price has changed', { required: v2({ amount: '20000' }) }, 0],
    ['the payee has changed', { required: v2({ payTo: `0x${'7'.repeat(40)}` }) }, 0],
    ['too little time is left', {}, 281_000],
  ])('signs nothing new while the old may settle, though %s', async (_, change, later) => {
    let now = 1_750_000_000_000;
    const { ports, signed, headers } = scriptedPorts({ answer: LOST, now: () => now });
    await pay(request(), ports);
    now += later;
    expect(await pay(request(change), ports)).toMatchObject({
      kind: 'refused',
      verdict: { outcome: 'deny', reason: 'earlier-payment-undecided' },
    });
    expect([signed.length, headers.length]).toEqual([1, 1]);
  });

  it('sends the same authorization though another offer has become the better one', async () => {
    const arbitrum = {
      network: 'eip155:421614',
      asset: '0x75faf114eafb1BDbe2F0316DF893fd58CE46AA4d',
      extra: { name: 'USD Coin', version: '2' },
    };
    const required = v2({}, arbitrum);
    const { ports, signed, headers } = scriptedPorts({ answer: LOST });
    await pay(request({ required }), ports);
    const isShort = (one: Quote) => one.network.chainId === 84532;
    const later = { ...ports, quoting: async () => ({ isShort }) };
    expect(quote(required, { isShort }).network.id).toBe(arbitrum.network);
    expect(await pay(request({ required }), later)).toMatchObject({
      kind: 'sent',
      intent: { terms: { network: 'eip155:84532' } },
    });
    expect(signed).toHaveLength(1);
    const [first, second] = headers.map(decode);
    expect([second.payload, second.accepted]).toEqual([first.payload, first.accepted]);
  });

  it('signs anew once the old is proven dead', async () => {
    let fate: AuthorizationFate = 'open';
    const { ports, signed, intents } = scriptedPorts({ answer: FAILED, fate: () => fate });
    await pay(request(), ports);
    fate = 'dead';
    await pay(request(), ports);
    expect(signed).toHaveLength(2);
    expect(intents.map(({ state }) => state)).toEqual(['expired', 'rejected']);
    expect(signed[0]?.message).not.toEqual(signed[1]?.message);
  });

  it('asks first when the old has settled after all', async () => {
    let fate: AuthorizationFate = 'open';
    const { ports, log, intents } = scriptedPorts({ answer: LOST, fate: () => fate });
    await pay(request(), ports);
    fate = 'used';
    expect(await pay(request(), ports)).toMatchObject({ kind: 'refused', verdict: { reason: 'refused' } });
    expect(intents.map(({ state }) => state)).toEqual(['settled']);
    expect(log.at(-1)).toBe('ask already-paid');
  });

  it('asks first when it was paid before, and looks at every earlier payment', async () => {
    const { ports, log } = scriptedPorts({ consent: 'deferred' });
    await pay(request(), ports);
    expect(await pay(request(), ports)).toMatchObject({
      kind: 'asking',
      verdict: { reason: 'already-paid' },
    });
    expect(log.at(-1)).toBe('ask already-paid');
  });

  it('goes on after a reservation that a crash has left', async () => {
    const { ports, intents, ledger } = scriptedPorts();
    const draft = { purchase: REQUEST.purchase, terms: termsOf(quote(v2())), createdAt: 0 };
    await ledger.reserve({ ...draft, verdict: { outcome: 'allow', reason: 'approved' } }, null);
    await pay(request(), ports);
    expect(intents.map(({ state }) => state)).toEqual(['expired', 'settled']);
  });
});

describe('a Permit2 payment', () => {
  const required = v2({ extra: { assetTransferMethod: 'permit2' } });
  const quoting = async () => ({ allowanceOf: () => 10_000n });

  it('is signed by a wallet that signs those', async () => {
    const { ports, signed, headers } = scriptedPorts({ permits: true, quoting });
    await pay(request({ required }), ports);
    expect(signed[0]?.primaryType).toBe('PermitWitnessTransferFrom');
    expect(decode(headers[0] ?? '').payload.permit2Authorization.spender).toBe(
      '0x402085c248EeA27D92E8b30b2C58ed07f9E20001',
    );
  });

  it('is not made by one that does not', async () => {
    const { ports, intents } = scriptedPorts({ quoting });
    expect(await thrownBy(() => pay(request({ required }), ports))).toMatchObject({
      name: 'Send.NoPermitError',
      message: 'This wallet can only pay with tokens that take a signed authorization.',
    });
    expect(intents[0]?.state).toBe('expired');
  });

  it('is not even offered without an allowance', async () => {
    const { ports } = scriptedPorts({ permits: true });
    expect(await thrownBy(() => pay(request({ required }), ports))).toMatchObject({
      name: 'Quote.NothingPayableError',
    });
  });
});

describe('a page that fails', () => {
  const answer = { ...LOST, status: 500 };
  const stateAfter = async (change: Partial<PaymentRequest>) => {
    const { ports } = scriptedPorts({ answer, consent: 'approved' });
    const result = await pay(request(change), ports);
    return result.kind === 'sent' ? result.intent.state : result.kind;
  };

  it('has taken nothing where the server settles last', async () => {
    expect(await stateAfter({})).toBe('rejected');
  });

  it('may have taken it where the server settles first, and in v1', async () => {
    expect(await stateAfter({ required: v2({ extra: { paymentFlow: 'upfront' } }) })).toBe('unknown');
    expect(await stateAfter({ required: v1() })).toBe('unknown');
  });
});

describe('conclude', () => {
  const sent = async () => {
    const ledger = memoryLedger();
    const draft = { purchase: REQUEST.purchase, terms: termsOf(quote(v2())), createdAt: 0 };
    const { id } = (await ledger.reserve(
      { ...draft, verdict: { outcome: 'allow', reason: 'approved' } },
      null,
    )) ?? { id: '' };
    await ledger.advance(id, { state: 'signed' });
    return { ledger, intent: await ledger.advance(id, { state: 'sent' }) };
  };

  it('writes down why, in the server’s words', async () => {
    const { ledger, intent } = await sent();
    expect(await conclude(intent, FAILED, ledger)).toMatchObject({
      state: 'rejected',
      note: 'insufficient_funds',
    });
    expect(await conclude(intent, LOST, ledger)).toMatchObject({
      state: 'unknown',
      note: 'status 0 without a settlement',
      transaction: null,
    });
    expect(await conclude(intent, SETTLED, ledger)).toMatchObject({ state: 'settled', note: null });
  });

  it('leaves settled what has settled, whatever comes later', async () => {
    const { ledger, intent } = await sent();
    const settled = await conclude(intent, SETTLED, ledger);
    expect(await conclude(settled, FAILED, ledger)).toBe(settled);
    expect(ledger.intents[0]?.state).toBe('settled');
  });

  it('passes on what the ledger throws', async () => {
    const { ledger, intent } = await sent();
    await ledger.advance(intent.id, { state: 'expired' });
    expect(await thrownBy(() => conclude(intent, SETTLED, ledger))).toMatchObject({
      name: 'Intent.IllegalTransitionError',
      from: 'expired',
    });
    expect(await thrownBy(() => conclude({ ...intent, id: 'none' }, SETTLED, ledger))).toMatchObject({
      message: 'There is no payment none.',
    });
  });
});

describe('resolve', () => {
  it.each<[AuthorizationFate, string]>([
    ['used', 'settled'],
    ['dead', 'expired'],
    ['open', 'unknown'],
    ['unreachable', 'unknown'],
  ])('takes an authorization that is %s for %s', async (fate, state) => {
    const { ports, intents } = scriptedPorts({ answer: LOST, fate: () => fate });
    await pay(request(), ports);
    const [intent] = intents;
    if (intent === undefined) throw new Error('It was written down.');
    expect((await resolve(intent, ports)).state).toBe(state);
  });

  it('does not take one for settled that was never sent', async () => {
    const { ports, intents, ledger } = scriptedPorts({ fate: () => 'used' });
    await pay(request(), ports);
    const payment = intents[0]?.payment;
    if (payment === undefined || payment === null) throw new Error('It was signed.');
    const draft = {
      purchase: { ...REQUEST.purchase, site: PAYEE },
      terms: termsOf(quote(v2())),
      createdAt: 0,
    };
    const other = await ledger.reserve({ ...draft, verdict: { outcome: 'allow', reason: 'approved' } }, null);
    const signed = await ledger.advance(other?.id ?? '', { state: 'signed', payment });
    expect(await resolve(signed, ports)).toBe(signed);
  });
});
