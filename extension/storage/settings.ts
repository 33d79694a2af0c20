import {
  type AllowedOrigin,
  asArray,
  asBoolean,
  asInteger,
  asObject,
  type Policy,
  parseAtomic,
} from 'tuppence/core';
import { database } from './database.ts';
import { isPrivate } from './private-window.ts';
import { asSite, asSiteRule, type SiteRuleRecord, toSiteRuleRecord } from './site-rule-record.ts';
import { tellPaused } from './stops.ts';

/** The reader's rules as they are stored and sent between the extension's pages: amounts are decimal strings. */
export type PolicyRecord = Omit<Policy, Amounts | 'sites'> & {
  readonly autoPay: string | null;
  readonly dayBudget: string | null;
  readonly siteDayBudget?: string | null;
  readonly monthBudget?: string | null;
  readonly sites?: readonly SiteRuleRecord[];
};

type Amounts = 'autoPay' | 'dayBudget' | 'siteDayBudget' | 'monthBudget';

/**
 * Before the reader has set anything: 10¢ at a time, a dollar a day for one site, two dollars a day, twenty a month,
 * each site asked about once, and again when its price is more than five times what it was.
 */
export const DEFAULT_POLICY: Policy = {
  paused: false,
  autoPay: 100_000n,
  dayBudget: 2_000_000n,
  siteDayBudget: 1_000_000n,
  monthBudget: 20_000_000n,
  perMinute: 20,
  priceTolerance: 400,
  anySite: false,
  allowedSites: [],
};

/** In private windows nothing is paid without a question, until the reader sets limits there. */
function defaultPolicy(): Policy {
  return isPrivate() ? { ...DEFAULT_POLICY, autoPay: null } : DEFAULT_POLICY;
}

export async function readPolicy(): Promise<Policy> {
  const stored = await (await database()).get('settings', 'policy');
  return stored === undefined ? defaultPolicy() : asPolicy(stored);
}

/** Changes the rules in one transaction, so that two changes at a time never undo each other. */
export async function changePolicy(change: (policy: Policy) => Policy): Promise<void> {
  const { store, done } = (await database()).transaction('settings', 'readwrite', { durability: 'strict' });
  const stored = await store.get('policy');
  const before = stored === undefined ? defaultPolicy() : asPolicy(stored);
  const policy = change(before);
  await Promise.all([store.put(toPolicyRecord(policy), 'policy'), done]);
  if (policy.paused !== before.paused) await tellPaused(policy.paused);
}

export function toPolicyRecord(policy: Policy): PolicyRecord {
  const { siteDayBudget, monthBudget, sites, ...rest } = policy;
  return {
    ...rest,
    autoPay: policy.autoPay?.toString() ?? null,
    dayBudget: policy.dayBudget?.toString() ?? null,
    ...(siteDayBudget === undefined ? {} : { siteDayBudget: siteDayBudget?.toString() ?? null }),
    ...(monthBudget === undefined ? {} : { monthBudget: monthBudget?.toString() ?? null }),
    ...(sites === undefined ? {} : { sites: sites.map(toSiteRuleRecord) }),
  };
}

/** @throws {MalformedError} @throws {NotAnAmountError} */
export function asPolicy(value: unknown): Policy {
  const policy = asObject(value, 'policy');
  return {
    paused: asBoolean(policy['paused'], 'policy.paused'),
    autoPay: asLimit(policy['autoPay']),
    dayBudget: asLimit(policy['dayBudget']),
    anySite: asBoolean(policy['anySite'], 'policy.anySite'),
    allowedSites: asArray(policy['allowedSites'], 'policy.allowedSites', 10_000).map(asSite),
    ...given(policy, 'allowedOrigins', (all) => asArray(all, 'policy.allowedOrigins', 10_000).map(asAllowed)),
    ...given(policy, 'siteDayBudget', asLimit),
    ...given(policy, 'monthBudget', asLimit),
    ...given(policy, 'perMinute', asCount),
    ...given(policy, 'priceTolerance', asCount),
    ...given(policy, 'repeatAfter', asCount),
    ...given(policy, 'sites', (sites) => asArray(sites, 'policy.sites', 10_000).map(asSiteRule)),
  };
}

/** @throws {MalformedError} */
function asAllowed(value: unknown): AllowedOrigin {
  const { site, origin } = asObject(value, 'policy.allowedOrigins');
  return { site: asSite(site), origin: asSite(origin) };
}

/** Both, each once. */
export function withOrigins(
  known: readonly AllowedOrigin[],
  more: readonly AllowedOrigin[],
): readonly AllowedOrigin[] {
  const keyOf = ({ site, origin }: AllowedOrigin) => `${site} ${origin}`;
  return [...new Map([...known, ...more].map((one) => [keyOf(one), one])).values()];
}

/** A rule that is not there at all does not limit; whoever sets rules without knowing it, a script, leaves it out. */
function given<Field extends string, T>(
  policy: Readonly<Record<string, unknown>>,
  field: Field,
  parse: (value: unknown, path: string) => T,
): { readonly [Key in Field]?: T } {
  const value = policy[field];
  // Holds: an object with this one field, or with none.
  return (value === undefined ? {} : { [field]: parse(value, `policy.${field}`) }) as {
    readonly [Key in Field]?: T;
  };
}

function asCount(value: unknown, path: string): number | null {
  return value === null ? null : asInteger(value, path, 0);
}

/** No figure means "ask", never zero and never unlimited. */
function asLimit(value: unknown): bigint | null {
  return value === null ? null : parseAtomic(value);
}

/** Whether nobody is there to be asked: then every question is answered with a refusal. */
export async function isUnattended(): Promise<boolean> {
  return (await (await database()).get('settings', 'unattended')) === true;
}

export async function setUnattended(unattended: boolean): Promise<void> {
  await (await database()).put('settings', unattended, 'unattended');
}
