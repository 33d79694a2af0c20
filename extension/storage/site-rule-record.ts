import { asObject, asOneOf, asString, MalformedError, parseAtomic, type SiteRule } from 'tuppence/core';

/** What the reader has decided for a site, as it is stored: `upTo` is a decimal string, null for the threshold. */
export type SiteRuleRecord = { readonly site: string } & (
  | { readonly rule: 'ask' | 'never' }
  | { readonly rule: 'allow'; readonly upTo: string | null }
);

export function toSiteRuleRecord(rule: SiteRule): SiteRuleRecord {
  return rule.rule === 'allow' ? { ...rule, upTo: rule.upTo?.toString() ?? null } : rule;
}

/** @throws {MalformedError} @throws {NotAnAmountError} */
export function asSiteRule(value: unknown): SiteRule {
  const record = asObject(value, 'rule');
  const site = asSite(record['site']);
  const rule = asOneOf(record['rule'], 'rule.rule', ['ask', 'never', 'allow']);
  if (rule !== 'allow') return { site, rule };
  return { site, rule, upTo: record['upTo'] === null ? null : parseAtomic(record['upTo']) };
}

/** An origin as the address bar has it. @throws {MalformedError} */
export function asSite(value: unknown): string {
  const text = asString(value, 'origin');
  if (!URL.canParse(text) || new URL(text).origin !== text)
    throw new MalformedError('origin', 'like https://example.com');
  return text;
}
