import {
  type Context,
  decide,
  figuresOf,
  type History,
  type Policy,
  type Quote,
  quote,
  type Spent,
} from 'tuppence/core';
import { expect, test } from 'vitest';
import { PAYEE, USDC_BASE_SEPOLIA, v2 } from '../support/terms.ts';

const SITE = 'https://paper.example';
const POLICY: Policy = {
  paused: false,
  autoPay: 10_000n,
  dayBudget: 100_000n,
  siteDayBudget: 50_000n,
  monthBudget: 300_000n,
  perMinute: 5,
  priceTolerance: 50,
  anySite: true,
  allowedSites: [],
};
const OFFER = quote(v2()); // One cent.
const SEEN = { network: 'eip155:84532', asset: USDC_BASE_SEPOLIA, payTo: PAYEE };
const NOTHING: Spent = { day: 0n, siteDay: 0n, month: 0n, lastMinute: 0 };

type Case = {
  readonly offer?: Quote;
  readonly policy?: Partial<Policy>;
  readonly spent?: Partial<Spent>;
  readonly history?: Partial<History>;
  readonly context?: Partial<Context>;
};

function contextOf({ spent, history, context }: Case): Context {
  return {
    site: SITE,
    url: `${SITE}/article`,
    evidence: 'header',
    resourceUrl: `${SITE}/article`,
    wallet: 'ready',
    paidBefore: false,
    history: { spent: { ...NOTHING, ...spent }, payees: [SEEN], highest: 10_000n, ...history },
    ...context,
  };
}

function verdict(one: Case): string {
  const { outcome, reason } = decide(
    one.offer ?? OFFER,
    { ...POLICY, ...one.policy },
    one.spent?.day ?? 0n,
    contextOf(one),
  );
  return `${outcome}: ${reason}`;
}

const rule = (kind: 'ask' | 'never') => ({ sites: [{ site: SITE, rule: kind }] });
const allow = (upTo: bigint | null) => ({ sites: [{ site: SITE, rule: 'allow' as const, upTo }] });
const other = '0x1111111111111111111111111111111111111111';

test.each<[string, Case, string]>([
  [
    'at exactly every limit',
    { spent: { day: 90_000n, siteDay: 40_000n, month: 290_000n, lastMinute: 4 } },
    'allow: under-threshold',
  ],
  ['over what the site may have in a day', { spent: { siteDay: 40_001n } }, 'ask: over-site-budget'],
  ['over the month', { spent: { month: 290_001n } }, 'ask: over-month-budget'],
  ['over the day, whatever the site has', { spent: { day: 90_001n } }, 'ask: over-day-budget'],
  ['with no figure for a site a day', { policy: { siteDayBudget: null } }, 'ask: over-site-budget'],
  ['with no figure for the month', { policy: { monthBudget: null } }, 'ask: over-month-budget'],
  ['a sixth time within a minute', { spent: { lastMinute: 5 } }, 'ask: too-many'],
  ['on a site that is always asked about', { policy: rule('ask') }, 'ask: site-asks'],
  ['on a site that is never paid', { policy: rule('never') }, 'deny: site-blocked'],
  [
    'on a site with a figure of its own above the threshold',
    { policy: { ...allow(10_000n), autoPay: 1n } },
    'allow: under-threshold',
  ],
  ['on a site with a figure of its own below the price', { policy: allow(9_999n) }, 'ask: above-threshold'],
  [
    'on an allowed site with the common threshold',
    { policy: { ...allow(null), anySite: false } },
    'allow: under-threshold',
  ],
  [
    'to another payee than before',
    { history: { payees: [{ ...SEEN, payTo: other }] } },
    'ask: changed-payee',
  ],
  [
    'in another token than before',
    { history: { payees: [{ ...SEEN, asset: other }] } },
    'ask: changed-payee',
  ],
  [
    'on another network than before',
    { history: { payees: [{ ...SEEN, network: 'eip155:8453' }] } },
    'ask: changed-payee',
  ],
  [
    'to the second of two payees',
    { history: { payees: [{ ...SEEN, payTo: other }, SEEN] } },
    'allow: under-threshold',
  ],
  [
    'to a payee whose address is written in other cases',
    { history: { payees: [{ ...SEEN, payTo: PAYEE.toLowerCase() }] } },
    'allow: under-threshold',
  ],
  ['for the first time', { history: { payees: [], highest: null } }, 'allow: under-threshold'],
  ['at exactly the tolerated price', { history: { highest: 6_667n } }, 'allow: under-threshold'],
  ['above the tolerated price', { history: { highest: 6_666n } }, 'ask: price-rose'],
  [
    'above the highest price, with the tolerance left empty',
    { history: { highest: 9_999n }, policy: { priceTolerance: null } },
    'ask: price-rose',
  ],
  ['with the number a minute left empty', { policy: { perMinute: null } }, 'ask: too-many'],
  ['paused, on a site that is never paid', { policy: { ...rule('never'), paused: true } }, 'deny: paused'],
])('%s: %s', (_, one, expected) => {
  expect(verdict(one)).toBe(expected);
});

test('a changed payee asks below the threshold, on an allowed site, with a figure of its own', () => {
  const history = { payees: [{ ...SEEN, payTo: other }] };
  expect(verdict({ policy: allow(1_000_000n), history })).toBe('ask: changed-payee');
});

test('a decision keeps the figures that it rested on', () => {
  const one: Case = {
    spent: { day: 90_001n, siteDay: 3n, month: 4n, lastMinute: 2 },
    context: { paidAt: 7 },
  };
  expect(figuresOf(OFFER, { ...POLICY, ...allow(20_000n) }, 90_001n, contextOf(one))).toEqual({
    price: 10_000n,
    threshold: 20_000n,
    spentToday: 90_001n,
    dayBudget: 100_000n,
    spentHereToday: 3n,
    siteDayBudget: 50_000n,
    spentThisMonth: 4n,
    monthBudget: 300_000n,
    paymentsLastMinute: 2,
    perMinute: 5,
    highestPaidHere: 10_000n,
    paidAt: 7,
  });
});
