import { describe, expect, it } from 'vitest';
import { ceilingsOf, ruleFor } from '../../component/src/core/budget.ts';
import { type Context, decide, type History, type Policy, quote } from '../../component/src/core/index.ts';
import { figuresOf } from '../../component/src/core/policy.ts';
import { v2 } from '../support/terms.ts';

const SITE = 'https://paper.example';
const OFFER = quote(v2()); // 10,000 atomic units of USDC: one cent.
const POLICY: Policy = {
  paused: false,
  autoPay: 10_000n,
  dayBudget: 100_000n,
  anySite: true,
  allowedSites: [],
};
const HISTORY: History = {
  spent: { day: 0n, siteDay: 0n, month: 0n, lastMinute: 0 },
  payees: [],
  highest: null,
};
const PAID_HERE = { network: OFFER.network.id, asset: OFFER.asset.address, payTo: OFFER.payTo };

function contextOf(history: Partial<History>, spent: Partial<History['spent']>): Context {
  return {
    site: SITE,
    url: `${SITE}/article`,
    evidence: 'header',
    resourceUrl: null,
    wallet: 'ready',
    paidBefore: false,
    history: { ...HISTORY, ...history, spent: { ...HISTORY.spent, ...spent } },
  };
}

function verdict(
  policy: Partial<Policy>,
  history: Partial<History> = {},
  spent: Partial<History['spent']> = {},
) {
  const { outcome, reason } = decide(OFFER, { ...POLICY, ...policy }, 0n, contextOf(history, spent));
  return `${outcome}: ${reason}`;
}

const ALLOWED = 'allow: under-threshold';

describe('a window', () => {
  it('takes exactly what is left of the site’s day, and asks for one unit more', () => {
    expect(verdict({ siteDayBudget: 30_000n }, {}, { siteDay: 20_000n })).toBe(ALLOWED);
    expect(verdict({ siteDayBudget: 30_000n }, {}, { siteDay: 20_001n })).toBe('ask: over-site-budget');
  });

  it('takes exactly what is left of the month, and asks for one unit more', () => {
    expect(verdict({ monthBudget: 30_000n }, {}, { month: 20_000n })).toBe(ALLOWED);
    expect(verdict({ monthBudget: 30_000n }, {}, { month: 20_001n })).toBe('ask: over-month-budget');
  });

  it('without a figure means "ask", and left out limits nothing', () => {
    expect(verdict({ siteDayBudget: null })).toBe('ask: over-site-budget');
    expect(verdict({ monthBudget: null })).toBe('ask: over-month-budget');
    expect(verdict({ perMinute: null })).toBe('ask: too-many');
    expect(verdict({ priceTolerance: null }, { highest: 9_999n })).toBe('ask: price-rose');
    expect(verdict({ priceTolerance: null }, { highest: 10_000n })).toBe(ALLOWED);
    expect(verdict({}, {}, { siteDay: 10n ** 12n, month: 10n ** 12n, lastMinute: 10_000 })).toBe(ALLOWED);
  });

  it('of a minute takes as many payments as were allowed', () => {
    expect(verdict({ perMinute: 3 }, {}, { lastMinute: 2 })).toBe(ALLOWED);
    expect(verdict({ perMinute: 3 }, {}, { lastMinute: 3 })).toBe('ask: too-many');
  });
});

describe('the ceilings that a reservation is checked against', () => {
  it('are those of the policy', () => {
    expect(ceilingsOf({ ...POLICY, siteDayBudget: 1n, monthBudget: 2n, perMinute: 3 })).toEqual({
      siteDay: 1n,
      month: 2n,
      perMinute: 3,
    });
  });

  it('are none where the policy has no figure', () => {
    const none = { siteDay: null, month: null, perMinute: null };
    expect(ceilingsOf(POLICY)).toEqual(none);
    expect(ceilingsOf({ ...POLICY, siteDayBudget: null, monthBudget: null, perMinute: null })).toEqual(none);
  });

  it('keep a figure of nothing, which is not the same as none', () => {
    expect(ceilingsOf({ ...POLICY, siteDayBudget: 0n, monthBudget: 0n, perMinute: 0 })).toEqual({
      siteDay: 0n,
      month: 0n,
      perMinute: 0,
    });
  });
});

describe('a rule for a site', () => {
  it('is there only when the reader has made one', () => {
    const rule = { site: SITE, rule: 'ask' } as const;
    expect(
      ruleFor({ ...POLICY, sites: [{ site: 'https://other.example', rule: 'never' }, rule] }, SITE),
    ).toBe(rule);
    expect(ruleFor(POLICY, SITE)).toBeNull();
  });

  it('that says never pays nothing and asks nobody', () => {
    expect(verdict({ sites: [{ site: SITE, rule: 'never' }] })).toBe('deny: site-blocked');
  });

  it('that says ask asks about every payment', () => {
    expect(verdict({ sites: [{ site: SITE, rule: 'ask' }] })).toBe('ask: site-asks');
  });

  it('that allows has a threshold of its own, or the reader’s', () => {
    const allow = (upTo: bigint | null) =>
      verdict({ anySite: false, sites: [{ site: SITE, rule: 'allow', upTo }] });
    expect(allow(9_999n)).toBe('ask: above-threshold');
    expect(allow(10_000n)).toBe(ALLOWED);
    expect(allow(null)).toBe(ALLOWED);
  });

  it('of another site changes nothing here', () => {
    expect(verdict({ sites: [{ site: 'https://other.example', rule: 'never' }] })).toBe(ALLOWED);
    expect(
      verdict({ anySite: false, sites: [{ site: 'https://other.example', rule: 'allow', upTo: null }] }),
    ).toBe('ask: first-payment-here');
  });
});

describe('an origin that was paid before', () => {
  it('is paid again as it was, whatever the letter case of its addresses', () => {
    expect(verdict({}, { payees: [PAID_HERE] })).toBe(ALLOWED);
    const asset = PAID_HERE.asset.toLowerCase();
    expect(verdict({}, { payees: [{ ...PAID_HERE, asset, payTo: PAID_HERE.payTo.toLowerCase() }] })).toBe(
      ALLOWED,
    );
  });

  it('is paid again to any of those that were paid for it', () => {
    const other = { ...PAID_HERE, payTo: '0x1111111111111111111111111111111111111111' };
    expect(verdict({}, { payees: [other, PAID_HERE] })).toBe(ALLOWED);
    expect(verdict({}, { payees: [other, { ...PAID_HERE, network: 'eip155:8453' }] })).toBe(
      'ask: changed-payee',
    );
  });

  it.each([
    ['payee', { payTo: '0x1111111111111111111111111111111111111111' }],
    ['token', { asset: '0x1111111111111111111111111111111111111111' }],
    ['network', { network: 'eip155:8453' }],
  ])('asks when it names another %s', (_, change) => {
    expect(verdict({}, { payees: [{ ...PAID_HERE, ...change }] })).toBe('ask: changed-payee');
  });

  it('may raise its price by the tolerance, and not by a unit more', () => {
    expect(verdict({ priceTolerance: 25 }, { highest: 8_000n })).toBe(ALLOWED);
    expect(verdict({ priceTolerance: 25 }, { highest: 7_999n })).toBe('ask: price-rose');
    expect(verdict({ priceTolerance: 0 }, { highest: 10_000n })).toBe(ALLOWED);
    expect(verdict({}, { highest: 1n })).toBe(ALLOWED);
    expect(verdict({ priceTolerance: 25 }, { highest: null })).toBe(ALLOWED);
  });
});

describe('the figures of a decision', () => {
  it('are those it rested on', () => {
    const policy = { ...POLICY, siteDayBudget: 30_000n, monthBudget: 40_000n, perMinute: 3 };
    const context = contextOf({ highest: 9_000n }, { siteDay: 1n, month: 2n, lastMinute: 1 });
    expect(figuresOf(OFFER, policy, 5n, { ...context, paidAt: 7 })).toEqual({
      price: 10_000n,
      threshold: 10_000n,
      spentToday: 5n,
      dayBudget: 100_000n,
      spentHereToday: 1n,
      siteDayBudget: 30_000n,
      spentThisMonth: 2n,
      monthBudget: 40_000n,
      paymentsLastMinute: 1,
      perMinute: 3,
      highestPaidHere: 9_000n,
      paidAt: 7,
    });
  });

  it('are null where nothing is remembered and nothing is limited', () => {
    const { history: _, ...context } = contextOf({}, {});
    expect(figuresOf(OFFER, POLICY, 0n, context)).toMatchObject({
      spentHereToday: null,
      siteDayBudget: null,
      spentThisMonth: null,
      monthBudget: null,
      paymentsLastMinute: null,
      perMinute: null,
      highestPaidHere: null,
      paidAt: null,
    });
  });
});
