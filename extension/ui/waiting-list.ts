import { html, nothing } from 'lit';
import { type AskReason, otherOrigins, type Verdict } from 'tuppence/core';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import type { RequestKind } from '../storage/request-kind.ts';
import type { PolicyRecord } from '../storage/settings.ts';
import { reasonsTogether } from '../storage/together.ts';
import { allowance, canBeAllowed, originsView } from './allowance.ts';
import type { Readiness } from './arming.ts';
import { hostView } from './host.ts';
import { hostOf, readinessInWords, reasonInWords, reasonsOf, usd } from './words.ts';

export type WaitingList = {
  /** What waits on the page, oldest first: at least one. */
  readonly listed: readonly EncounterRecord[];
  /** How many wait besides them, and come next. */
  readonly more: number;
  readonly policy: PolicyRecord;
  /** Whether the spending key can sign now. */
  readonly canPay: boolean;
  /** What the reader has agreed to is being paid. */
  readonly isBusy: boolean;
  readonly readiness: Readiness;
  /** Whether a click counts: see `armWhenIdle`. */
  readonly accepts: (event: Event) => boolean;
  readonly onAnswer: (ids: readonly string[], approve: boolean, allowSite: boolean) => void;
};

const NOT_ALLOWED = 'What is on a page is paid without asking only on sites that you have allowed.';
/** Most items that are shown at once. */
const SHOWN = 4;

/** What nobody sells by itself: a site that asks for it asks for everything. */
const PLAIN_FILES: readonly RequestKind[] = ['stylesheet', 'script', 'font'];

const NAMES: { readonly [Kind in RequestKind]: string } = {
  navigation: 'Page',
  fetch: 'Data',
  frame: 'Frame',
  image: 'Image',
  media: 'Sound or video',
  stylesheet: 'Style',
  script: 'Script',
  font: 'Font',
  object: 'Embedded file',
  download: 'Download',
};

/**
 * Paid things of a page that no window was opened for, by whose they are: the site's own first, then those of each other
 * origin, with a button each.
 */
export function waitingList(list: WaitingList) {
  const groups = [...groupsOf(list.listed).values()];
  const { more } = list;
  return html`${groups.map((listed) => group({ ...list, listed }))}
  ${more === 0 ? nothing : html`<p class="small soft">${more} more wait. They are shown next.</p>`}`;
}

/** By everybody who has a part in it besides the site; the site's own come first. */
function groupsOf(listed: readonly EncounterRecord[]): ReadonlyMap<string, readonly EncounterRecord[]> {
  const groups = new Map<string, readonly EncounterRecord[]>();
  for (const one of listed) {
    const key = otherOrigins(one).join(' ');
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return new Map([...groups].sort(([one], [other]) => Number(one !== '') - Number(other !== '')));
}

function group({ listed, policy, canPay, isBusy, readiness, accepts, onAnswer }: WaitingList) {
  const total = listed.reduce((sum, { price }) => sum + BigInt(price?.microUsd ?? '0'), 0n).toString();
  const site = listed[0]?.site ?? '';
  const common = listed[0]?.verdict ?? null;
  const codes = (verdict: Verdict | null) => (verdict === null ? '' : reasonsOf(verdict).join(' '));
  const isCommon = common !== null && listed.every(({ verdict }) => codes(verdict) === codes(common));
  const words = (verdict: Verdict) =>
    reasonsOf(verdict)
      .map((reason) => (reason === 'first-payment-here' ? NOT_ALLOWED : reasonInWords(reason, policy)))
      .join(' ');
  const [first] = listed;
  const together = reasonsTogether(listed).filter((reason) => !codes(common).split(' ').includes(reason));
  const others = first === undefined ? [] : otherOrigins(first);
  const mayAllow = first !== undefined && canBeAllowed(first, policy);
  const pricesEach = others.length === 0 && listed.some(({ kind }) => PLAIN_FILES.includes(kind));
  const reloads = listed.some(({ again }) => again === 'page');
  const isReady = canPay && readiness === 'armed';
  const answer = (event: Event, approve: boolean) => {
    // Only a person's own press counts; a yes only after a pause.
    if (!event.isTrusted || (approve && !(isReady && accepts(event)))) return;
    const form = event.currentTarget instanceof HTMLButtonElement ? event.currentTarget.form : null;
    onAnswer(
      listed.map(({ id }) => id),
      approve,
      form !== null && new FormData(form).get('allowSite') !== null,
    );
  };
  return html`<form class="card stack" @submit=${(event: Event) => event.preventDefault()}>
    <h2>${listed.length === 1 ? 'One paid item' : `${listed.length} paid items`} on this page</h2>
    <p class="small">${others.length === 0 ? html`Of this site, ${hostView(hostOf(site))}` : html`Of ${originsView(others)}, not of this site`}</p>
    ${pricesEach && listed.length > 1 ? html`<p class="small">This site prices each file of its pages.</p>` : nothing}
    ${common !== null && isCommon ? html`<p class="small soft">${words(common)}</p>` : nothing}
    ${together.length === 0 ? nothing : html`<p class="small soft">All of it: ${together.map(inWordsTogether(policy)).join(' ')}</p>`}
    <details ?open=${listed.length <= SHOWN}>
      <summary class="small">What they are</summary>
      <ul class="list small">
        ${listed.map(
          (one) => html`<li>
            <span class="place" title=${one.url}><span>${NAMES[one.kind]} ·&nbsp;</span>${nameOf(one)}</span>
            <strong class="figures">${one.price === null ? '' : usd(one.price.microUsd)}</strong>
            ${one.verdict === null || isCommon ? nothing : html`<span class="wide soft">${words(one.verdict)}</span>`}
          </li>`,
        )}
      </ul>
    </details>
    ${
      mayAllow
        ? html`<label class="check small">
            <input
              type="checkbox"
              name="allowSite"
              aria-disabled=${readiness === 'armed' ? 'false' : 'true'}
              @click=${(event: Event) => accepts(event) || event.preventDefault()}
            />
            <span>${allowance(site, others, policy)}</span>
          </label>`
        : nothing
    }
    ${reloads ? html`<p class="small soft">The page is loaded again.</p>` : nothing}
    <p class="small soft readiness" id="readiness" role="status">${canPay ? readinessInWords(readiness) : nothing}</p>
    <div class="choices">
      <button type="button" @click=${(event: Event) => answer(event, false)}>Don’t pay</button>
      <button
        type="button"
        class="primary"
        aria-disabled=${isReady ? 'false' : 'true'}
        aria-describedby="readiness"
        @click=${(event: Event) => answer(event, true)}
      >
        ${isBusy ? 'Paying …' : `${listed.length === 1 ? 'Pay' : 'Pay all for'} ${usd(total)}`}
      </button>
    </div>
  </form>`;
}

/** A limit that is gone over by all of it together, though not by each. */
function inWordsTogether(policy: PolicyRecord): (reason: AskReason) => string {
  return (reason) =>
    reason === 'too-many'
      ? `That is more than the ${policy.perMinute} payments that a site may have in a minute.`
      : reasonInWords(reason, policy);
}

/** The end of the path, where the name is; with the host when another site asks. */
function nameOf({ url, site }: EncounterRecord) {
  const { origin, pathname, search } = new URL(url);
  const file = pathname.split('/').findLast((part) => part !== '') ?? '';
  return html`${origin === site ? nothing : html`${hostView(hostOf(url))}<span>&nbsp;·&nbsp;</span>`}<span class="path">${file}${search}</span>`;
}
