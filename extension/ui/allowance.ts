import { html, type TemplateResult } from 'lit';
import { otherOrigins } from 'tuppence/core';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import type { PolicyRecord } from '../storage/settings.ts';
import { hostView } from './host.ts';
import { hostOf, usd } from './words.ts';

/**
 * What the tick allows: a site for what is its own, or another origin on that site's pages, and never one for the other.
 *
 * @param others the origins that have a part in it besides the site; empty where it is the site's own.
 */
export function allowance(site: string, others: readonly string[], policy: PolicyRecord): TemplateResult {
  const most = usd(policy.autoPay ?? '0');
  return others.length === 0
    ? html`From now on pay ${hostView(hostOf(site))} without asking, for its pages and what it serves on them itself, up to
        ${most} at a time. What other sites put there is still asked about.`
    : html`From now on pay ${originsView(others)} on the pages of ${hostView(hostOf(site))} without asking, up to ${most}
        at a time. Nothing else on these pages, and nothing elsewhere.`;
}

export function originsView(origins: readonly string[]): TemplateResult[] {
  return origins.map((origin, index) => html`${index === 0 ? '' : ' and '}${originView(origin)}`);
}

/** Whether a tick would make a difference, and can be offered: nothing is promised to an origin that is nobody's. */
export function canBeAllowed(encounter: EncounterRecord, policy: PolicyRecord): boolean {
  const { site, price } = encounter;
  const others = otherOrigins(encounter);
  if (price === null || policy.autoPay === null || BigInt(price.microUsd) > BigInt(policy.autoPay))
    return false;
  if (others.length === 0) return !policy.allowedSites.includes(site);
  return others.every((one) => one !== 'null') && !others.every((one) => isAllowedThere(site, one, policy));
}

function isAllowedThere(site: string, origin: string, { allowedOrigins = [] }: PolicyRecord): boolean {
  return allowedOrigins.some((one) => one.site === site && one.origin === origin);
}

function originView(origin: string): TemplateResult {
  return origin === 'null' ? html`a frame that belongs to no site` : hostView(hostOf(origin));
}
