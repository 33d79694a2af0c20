import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AskReason,
  type Context,
  decide,
  type History,
  type Policy,
  type Quote,
  quote,
} from '../../component/src/core/index.ts';
import { v2 } from '../support/terms.ts';

const POLICY: Policy = {
  paused: false,
  autoPay: 10_000n,
  dayBudget: 100_000n,
  anySite: false,
  allowedSites: ['https://paper.example'],
};
const CONTEXT: Context = {
  site: 'https://paper.example',
  url: 'https://paper.example/article',
  evidence: 'header',
  resourceUrl: 'https://paper.example/article',
  wallet: 'ready',
  paidBefore: false,
};
const OFFER = quote(v2());

type Case = {
  readonly offer?: Quote;
  readonly policy?: Partial<Policy>;
  readonly spent?: bigint;
  readonly context?: Partial<Context>;
};

function verdict({ offer = OFFER, policy, spent = 0n, context }: Case): string {
  const { outcome, reason } = decide(offer, { ...POLICY, ...policy }, spent, { ...CONTEXT, ...context });
  return `${outcome}: ${reason}`;
}

function reasons({ offer = OFFER, policy, spent = 0n, context }: Case): readonly AskReason[] {
  const verdict = decide(offer, { ...POLICY, priceTolerance: 0, ...policy }, spent, {
    ...CONTEXT,
    ...context,
  });
  if (verdict.outcome === 'ask') expect(verdict.reason).toBe(verdict.reasons[0]);
  return verdict.outcome === 'ask' ? verdict.reasons : [];
}

type Given = Required<Case>;
const withContext = (change: Partial<Context>) => (given: Given) => ({
  ...given,
  context: { ...given.context, ...change },
});
const withPolicy = (change: Partial<Policy>) => (given: Given) => ({
  ...given,
  policy: { ...given.policy, ...change },
});
const withOffer = (change: Partial<Quote>) => (given: Given) => ({
  ...given,
  offer: { ...given.offer, ...change },
});
const withHistory = (change: Partial<History>) => (given: Given) => {
  const { history } = given.context;
  return history === undefined ? given : withContext({ history: { ...history, ...change } })(given);
};

const withAsset = (change: object): Quote => ({ ...OFFER, asset: { ...OFFER.asset, ...change } });
const upfront = quote(v2({ extra: { paymentFlow: 'upfront' } }));
const everything: Case = {
  policy: { autoPay: null, dayBudget: null, allowedSites: [] },
  context: {
    paidBefore: true,
    site: 'http://paper.example',
    url: 'http://paper.example/',
    evidence: 'page',
    resourceUrl: null,
    wallet: 'locked',
  },
};

describe('a payment is made without a question', () => {
  it.each<[string, Case]>([
    ['at exactly the threshold', {}],
    ['at exactly the rest of the budget', { spent: 90_000n }],
    ['on any site, when the reader allows that', { policy: { anySite: true, allowedSites: [] } }],
    ['when the server names no resource', { context: { resourceUrl: null } }],
    [
      'when the resource has another query',
      { context: { resourceUrl: 'https://paper.example/article?x=1' } },
    ],
    ['when the terms came in a body', { context: { evidence: 'body' } }],
    ['at exactly ten minutes of validity', { offer: quote(v2({ maxTimeoutSeconds: 600 })) }],
    ...[
      'http://localhost:3000/article',
      'http://127.0.0.1/article',
      'http://127.255.1.2/article',
      'http://[::1]:8080/article',
    ].map((url): [string, Case] => {
      const site = new URL(url).origin;
      return [`on ${url}`, { policy: { allowedSites: [site] }, context: { site, url, resourceUrl: url } }];
    }),
    [
      'to another origin that is allowed on the site',
      {
        policy: {
          allowedSites: [],
          allowedOrigins: [{ site: 'https://paper.example', origin: 'https://cdn.example' }],
        },
        context: { url: 'https://cdn.example/image', resourceUrl: null, askedBy: 'https://cdn.example' },
      },
    ],
    ['for what a page asks for by itself, on a site that is allowed by name', { context: { aside: true } }],
    [
      'the same, with a rule for the site',
      {
        policy: {
          allowedSites: [],
          sites: [{ site: 'https://paper.example', rule: 'allow', upTo: null }],
        },
        context: { aside: true },
      },
    ],
  ])('%s', (_, given) => expect(verdict(given)).toBe('allow: under-threshold'));
});

describe('the reader is asked', () => {
  it.each<[string, Case]>([
    ['already-paid', { context: { paidBefore: true } }],
    ['paid-by-page', { context: { paidByPage: true } }],
    ['not-secure', { context: { url: 'http://paper.example/article' } }],
    ['not-secure', { context: { url: 'http://localhost.example/article' } }],
    ['not-secure', { context: { url: 'http://127.0.0.1.example/article' } }],
    ['not-secure', { context: { url: 'http://x127.0.0.1.example/article' } }],
    ['not-secure', { context: { url: 'no address' } }],
    ['not-secure', { context: { url: 'http://128.0.0.1/article' } }],
    ['not-secure', { context: { url: 'ftp://localhost/article' } }],
    ['terms-from-page', { context: { evidence: 'page' } }],
    ['other-resource', { context: { resourceUrl: 'https://paper.example/other' } }],
    ['other-resource', { context: { resourceUrl: 'https://other.example/article' } }],
    ['other-resource', { context: { resourceUrl: '/other' } }],
    ['other-resource', { context: { resourceUrl: '//other.example/article' } }],
    ['other-resource', { context: { resourceUrl: 'http://localhost:3001/article' } }],
    ['other-resource', { context: { resourceUrl: 'https://paper.example.evil/article' } }],
    ['other-resource', { context: { resourceUrl: 'https://' } }],
    ['charged-before-content', { offer: upfront }],
    ['unconfirmed-token', { offer: withAsset({ trusted: false }) }],
    ['sends-form-again', { context: { redoes: 'form' } }],
    ['reloads-page', { context: { redoes: 'page' } }],
    ['first-payment-here', { policy: { anySite: true, allowedSites: [] }, context: { aside: true } }],
    ['no-threshold', { policy: { autoPay: null } }],
    ['above-threshold', { policy: { autoPay: 9_999n } }],
    ['above-threshold', { policy: { autoPay: 0n } }],
    ['over-day-budget', { spent: 90_001n }],
    ['over-day-budget', { policy: { dayBudget: null } }],
    ['over-day-budget', { policy: { dayBudget: 0n } }],
    ['first-payment-here', { policy: { allowedSites: [] } }],
    [
      'first-payment-here',
      { policy: { allowedSites: ['https://paper.example.evil', 'http://paper.example'] } },
    ],
    ['other-origin', { context: { url: 'https://cdn.example/image', resourceUrl: null } }],
    ['other-origin', { context: { askedBy: 'https://ads.example' } }],
    ['other-origin', { context: { askedBy: 'null' } }],
    [
      'other-origin',
      {
        policy: { allowedOrigins: [{ site: 'https://other.example', origin: 'https://cdn.example' }] },
        context: { url: 'https://cdn.example/image', resourceUrl: null },
      },
    ],
    [
      'other-origin', // One that is nobody's, whatever the rules say.
      {
        policy: { allowedOrigins: [{ site: 'https://paper.example', origin: 'null' }] },
        context: { askedBy: 'null' },
      },
    ],
    ['unprompted', { policy: { anySite: true, allowedSites: [] }, context: { unprompted: true } }],
    ['wallet-locked', { context: { wallet: 'locked' } }],
  ])('%s', (reason, given) => expect(verdict(given)).toBe(`ask: ${reason}`));

  it('for the reason that matters most first, when there are several', () => {
    expect(reasons(everything)).toEqual([
      'not-secure',
      'terms-from-page',
      'already-paid',
      'no-threshold',
      'over-day-budget',
      'first-payment-here',
      'wallet-locked',
    ]);
  });
});

describe('the reasons to ask', () => {
  const paper = 'https://paper.example';
  const payee = { network: OFFER.network.id, asset: OFFER.asset.address, payTo: `0x${'11'.repeat(20)}` };
  /** What makes each reason stand, and nothing else; of one row at most one stands at a time. */
  const causes: readonly { readonly [Reason in AskReason]?: (given: Given) => Given }[] = [
    { 'short-of-money': withContext({ balance: 9_999n }) },
    { 'changed-payee': withHistory({ payees: [payee] }) },
    {
      'not-secure': withContext({ site: 'http://paper.example', url: 'http://paper.example/article' }),
    },
    { 'price-rose': withHistory({ highest: 1_000n }) },
    { 'charged-before-content': withOffer({ upfront: true }) },
    { 'terms-from-page': withContext({ evidence: 'page' }) },
    { 'other-resource': withContext({ resourceUrl: `${paper}/other` }) },
    { 'already-paid': withContext({ paidBefore: true }) },
    { 'unconfirmed-token': withOffer({ asset: { ...OFFER.asset, trusted: false } }) },
    { 'sends-form-again': withContext({ redoes: 'form' }), 'reloads-page': withContext({ redoes: 'page' }) },
    {
      'site-asks': withPolicy({
        sites: [
          { site: paper, rule: 'ask' },
          { site: 'http://paper.example', rule: 'ask' },
        ],
      }),
    },
    { 'no-threshold': withPolicy({ autoPay: null }), 'above-threshold': withPolicy({ autoPay: 9_999n }) },
    { 'over-day-budget': (given) => ({ ...given, spent: 90_001n }) },
    { 'over-site-budget': withPolicy({ siteDayBudget: 9_999n }) },
    { 'over-month-budget': withPolicy({ monthBudget: null }) },
    { 'too-many': withPolicy({ perMinute: 0 }) },
    {
      'first-payment-here': withPolicy({ allowedSites: [] }),
      'other-origin': withContext({ askedBy: 'https://ads.example' }),
      unprompted: (given) =>
        withContext({ unprompted: true })(withPolicy({ anySite: true, allowedSites: [] })(given)),
    },
    { 'wallet-locked': withContext({ wallet: 'locked' }) },
  ];
  const some = fc
    .tuple(
      ...causes.map((row) => fc.option(fc.constantFrom(...(Object.keys(row) as AskReason[])), { nil: null })),
    )
    .map((chosen) => chosen.filter((reason) => reason !== null))
    // What was paid before is not a first payment.
    .filter((chosen) => !(chosen.includes('changed-payee') && chosen.includes('unprompted')));

  it('are all of those whose cause is there, the worst first, so that none hides another', () => {
    fc.assert(
      fc.property(some, (chosen) => {
        expect(reasons(having(chosen))).toEqual(chosen);
      }),
      { numRuns: 3000 },
    );
  });

  it('lose exactly the one whose cause is taken away', () => {
    fc.assert(
      fc.property(some, fc.nat(), (chosen, at) => {
        const gone = chosen[at % Math.max(1, chosen.length)];
        const rest = reasons(having(chosen.filter((reason) => reason !== gone)));
        expect(rest).toEqual(reasons(having(chosen)).filter((reason) => reason !== gone));
      }),
      { numRuns: 3000 },
    );
  });

  it('keep to the common limit, or the lower one of the site, for another origin that is allowed there', () => {
    const allowedOrigins = [{ site: paper, origin: 'https://cdn.example' }];
    const context = { askedBy: 'https://cdn.example' };
    const upTo = (own: bigint | null, autoPay: bigint | null) =>
      reasons({
        policy: { autoPay, allowedOrigins, sites: [{ site: paper, rule: 'allow', upTo: own }] },
        context,
      });
    expect(upTo(1_000_000n, 9_999n)).toEqual(['above-threshold']);
    expect(upTo(9_999n, 1_000_000n)).toEqual(['above-threshold']);
    expect(upTo(10_000n, 10_000n)).toEqual([]);
    expect(upTo(10_000n, null)).toEqual(['no-threshold']);
    expect(upTo(null, null)).toEqual(['no-threshold']);
  });

  it('know what was decided for the other origin too', () => {
    const rule = (kind: 'ask' | 'never') => ({
      policy: { sites: [{ site: 'https://ads.example', rule: kind }] },
      context: { askedBy: 'https://ads.example' },
    });
    expect(verdict(rule('never'))).toBe('deny: site-blocked');
    expect(reasons(rule('ask'))).toEqual(['site-asks', 'other-origin']);
  });

  function having(chosen: readonly AskReason[]): Case {
    const cause = (reason: AskReason) => causes.find((row) => reason in row)?.[reason];
    return chosen.reduce<Given>((given, reason) => cause(reason)?.(given) ?? given, {
      offer: OFFER,
      policy: { allowedSites: [paper, 'http://paper.example'] },
      spent: 0n,
      context: {
        resourceUrl: null,
        history: { spent: { day: 0n, siteDay: 0n, month: 0n, lastMinute: 0 }, payees: [], highest: null },
      },
    });
  }
});

describe('nothing is paid', () => {
  it('while payments are paused, whatever else stands', () => {
    expect(verdict({ policy: { paused: true } })).toBe('deny: paused');
    expect(verdict({ policy: { paused: true }, context: { wallet: 'none' } })).toBe('deny: paused');
  });

  it('without a wallet', () => {
    expect(verdict({ context: { wallet: 'none' } })).toBe('deny: no-wallet');
    expect(verdict({ ...everything, context: { ...everything.context, wallet: 'none' } })).toBe(
      'deny: no-wallet',
    );
  });
});

describe('whatever is asked', () => {
  const limit = fc.option(fc.bigInt(0n, 30_000n), { nil: null });
  const anything = fc.record({
    policy: fc.record({
      paused: fc.boolean(),
      autoPay: limit,
      dayBudget: limit,
      anySite: fc.boolean(),
      allowedSites: fc.subarray(['https://paper.example', 'https://other.example']),
    }),
    spent: fc.bigInt(0n, 30_000n),
    context: fc.record({
      site: fc.constantFrom('https://paper.example', 'https://other.example', ''),
      url: fc.oneof(
        fc.constantFrom('https://paper.example/article', 'http://localhost/x', ''),
        fc.string(),
        fc.webUrl(),
      ),
      evidence: fc.constantFrom('header', 'body', 'page'),
      resourceUrl: fc.oneof(fc.constant(null), fc.string(), fc.webUrl()),
      wallet: fc.constantFrom('ready', 'locked', 'none'),
      paidBefore: fc.boolean(),
    }),
    offer: fc.constantFrom(
      OFFER,
      upfront,
      withAsset({ trusted: false }),
      quote(v2({ maxTimeoutSeconds: 86_400 })),
    ),
  });

  it('there is an answer, and no payment over a limit is ever allowed', () => {
    fc.assert(
      fc.property(anything, ({ offer, policy, spent, context }) => {
        const { outcome } = decide(offer, policy, spent, context);
        if (outcome !== 'allow') return;
        expect(policy.paused || context.paidBefore || offer.upfront || !offer.asset.trusted).toBe(false);
        expect([context.wallet, context.evidence === 'page']).toEqual(['ready', false]);
        expect(policy.autoPay !== null && offer.microUsd <= policy.autoPay).toBe(true);
        expect(policy.dayBudget !== null && spent + offer.microUsd <= policy.dayBudget).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
