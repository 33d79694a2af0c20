import { html, nothing, type TemplateResult } from 'lit';
import { parseDecimal, sentenceOf, USD_DECIMALS } from 'tuppence/core';
import type { PolicyRecord } from '../../storage/settings.ts';
import type { SiteRuleRecord } from '../../storage/site-rule-record.ts';
import { hostView } from '../../ui/host.ts';
import { fieldOf } from '../../ui/view.ts';
import { dollars, hostOf } from '../../ui/words.ts';

type Change = (change: Partial<PolicyRecord>) => void;

/** What the reader has decided for single sites, each to be changed or taken back, and a form for another. */
export function siteRules(
  policy: PolicyRecord,
  change: Change,
  fail: (sentence: string) => void,
): TemplateResult {
  const rules = rulesOf(policy);
  return html`<section class="card stack">
    <h2>Sites</h2>
    ${rules.length === 0 ? html`<p class="soft small">No rules for single sites yet.</p>` : nothing}
    <ul class="sites">
      ${rules.map(
        (rule) => html`<li>
          <span class="place">${hostView(hostOf(rule.site))}</span>
          <select
            aria-label="Rule for ${hostOf(rule.site)}"
            @change=${(event: Event) => change(withRule(policy, ruleFrom(rule.site, chosenIn(event), null)))}
          >
            ${options(rule)}
          </select>
          <button class="quiet" aria-label="Forget ${hostOf(rule.site)}" @click=${() => change(without(policy, rule.site))}>
            Forget
          </button>
        </li>`,
      )}
    </ul>
    ${allowedOrigins(policy, change)}
    <form
      class="add"
      @submit=${(event: SubmitEvent) => {
        try {
          change(withRule(policy, ruleOfForm(event)));
        } catch (error) {
          fail(sentenceOf(error));
        }
      }}
    >
      <label class="where"><span class="small soft">Site</span><input name="site" placeholder="example.com" required /></label>
      <label>
        <span class="small soft">From now on</span>
        <select name="rule">
          <option value="ask">Always ask</option>
          <option value="never">Never pay</option>
          <option value="allow">Pay up to the limit</option>
          <option value="0.01">Pay up to 1¢</option>
          <option value="0.25">Pay up to 25¢</option>
          <option value="1">Pay up to $1.00</option>
        </select>
      </label>
      <button>Add</button>
    </form>
  </section>`;
}

/** Which other origins are paid on the pages of which site, each to be taken back. */
function allowedOrigins({ allowedOrigins: all = [] }: PolicyRecord, change: Change) {
  if (all.length === 0) return nothing;
  return html`<h3>Other sites on their pages</h3>
    <ul class="sites" aria-label="Other sites on their pages">
      ${all.map(
        (one) => html`<li>
          <span>${hostView(hostOf(one.origin))} on ${hostView(hostOf(one.site))}</span>
          <button
            class="quiet"
            aria-label="Forget ${hostOf(one.origin)} on ${hostOf(one.site)}"
            @click=${() => change({ allowedOrigins: all.filter((other) => other !== one) })}
          >
            Forget
          </button>
        </li>`,
      )}
    </ul>`;
}

/** Sites that were allowed in the consent window are rules like any other. */
function rulesOf({ sites = [], allowedSites }: PolicyRecord): readonly SiteRuleRecord[] {
  const named = new Set(sites.map(({ site }) => site));
  const allowed = allowedSites.filter((site) => !named.has(site));
  return [...sites, ...allowed.map((site) => ({ site, rule: 'allow' as const, upTo: null }))];
}

function withRule(policy: PolicyRecord, rule: SiteRuleRecord): Partial<PolicyRecord> {
  const rest = without(policy, rule.site);
  return { ...rest, sites: [...(rest.sites ?? []), rule] };
}

function without({ sites = [], allowedSites }: PolicyRecord, site: string): Partial<PolicyRecord> {
  return {
    sites: sites.filter((one) => one.site !== site),
    allowedSites: allowedSites.filter((one) => one !== site),
  };
}

function options(rule: SiteRuleRecord) {
  const own = rule.rule === 'allow' && rule.upTo !== null ? dollars(rule.upTo) : null;
  const option = (value: string, label: string, selected: boolean) =>
    html`<option value=${value} ?selected=${selected}>${label}</option>`;
  return [
    option('ask', 'Always ask', rule.rule === 'ask'),
    option('never', 'Never pay', rule.rule === 'never'),
    option('allow', 'Pay up to the limit', rule.rule === 'allow' && own === null),
    own === null ? nothing : option(own, `Pay up to $${own}`, true),
  ];
}

function ruleOfForm(event: SubmitEvent): SiteRuleRecord {
  const typed = fieldOf(event, 'site').trim();
  const text = /^https?:\/\//.test(typed) ? typed : `https://${typed}`;
  const site = URL.canParse(text) ? new URL(text).origin : typed;
  return ruleFrom(site, fieldOf(event, 'rule'), null);
}

function ruleFrom(site: string, choice: string, upTo: string | null): SiteRuleRecord {
  if (choice === 'ask' || choice === 'never') return { site, rule: choice };
  if (choice === 'allow') return { site, rule: 'allow', upTo };
  return { site, rule: 'allow', upTo: parseDecimal(choice, USD_DECIMALS).toString() };
}

function chosenIn(event: Event): string {
  return event.currentTarget instanceof HTMLSelectElement ? event.currentTarget.value : 'ask';
}
