import { html, nothing } from 'lit';
import { parseDecimal, sentenceOf, USD_DECIMALS } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { askBackground } from '../../messaging/ask-background.ts';
import type { Overview, OwnMessages } from '../../messaging/own-messages.ts';
import { ownUrl } from '../../messaging/own-url.ts';
import { isPrivate } from '../../storage/private-window.ts';
import { changePolicy, type PolicyRecord, readPolicy } from '../../storage/settings.ts';
import { type Arming, armWhenIdle, type Readiness } from '../../ui/arming.ts';
import { paymentList, unpaidList } from '../../ui/lists.ts';
import { nextStepOf, stepView } from '../../ui/next-step.ts';
import { blindness, isUnseenPayment, type Sight, sightOf } from '../../ui/sight.ts';
import { brandName, fieldOf, problem, Screen } from '../../ui/view.ts';
import { waitingList } from '../../ui/waiting-list.ts';
import {
  agreedInWords,
  dollars,
  heldToday,
  heldTodayInWords,
  isOnItsWay,
  leftAloneInWords,
  undoneInWords,
  usd,
  whyUnpaid,
} from '../../ui/words.ts';

/** Milliseconds between two looks at how things stand. */
const LOOKS_EVERY = 1_000;

/** What was spent today, what happened on this page, the limits, the receipts. */
class PopupScreen extends Screen {
  static override properties = {
    overview: { state: true },
    trouble: { state: true },
    said: { state: true },
    sight: { state: true },
    readiness: { state: true },
    paused: { state: true },
    busy: { state: true },
  };
  declare overview: Overview | null;
  declare trouble: string | null;
  /** What the last press did, for those who can't see it happen. */
  declare said: string;

  /** What the browser lets us see of the tab; null until that is known. */
  declare sight: Sight | null;
  declare readiness: Readiness;

  /** As the settings have it: known, and changed, without the rest of the overview. */
  declare paused: boolean;

  /** What the reader has agreed to here is being paid. */
  declare busy: boolean;

  constructor() {
    super();
    this.busy = false;
    this.sight = null;
    this.readiness = 'settling';
    this.paused = false;
    this.overview = null;
    this.trouble = null;
    this.said = '';
  }

  private arming: Arming | null = null;
  /** The tab that it was opened over: it stays that one's, whatever comes to the front. */
  private tab: Promise<number | null> | null = null;
  /** The payments that were there before the reader agreed to others; null when they have not, or those have ended. */
  private known: ReadonlySet<string> | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.arming = armWhenIdle((readiness) => {
      this.readiness = readiness;
    });
    void this.readPaused();
    // Side by side: a busy browser answers each question late.
    void this.attempt('', async () => undefined);
    void this.lookAround().catch((error: unknown) => {
      this.trouble = sentenceOf(error);
    });
    setTimeout(() => void this.keepUp(), LOOKS_EVERY);
  }

  /** What happens meanwhile is shown as it happens. A look that fails is followed by the next. */
  async keepUp(): Promise<void> {
    if (document.visibilityState === 'visible' && !this.busy)
      await this.look(withoutAdditions).catch(() => undefined);
    setTimeout(() => void this.keepUp(), LOOKS_EVERY);
  }

  /** @param shown what is shown of it, by what was shown before. */
  async look(shown = (next: Overview, _before: Overview | null) => next): Promise<void> {
    this.tab ??= browser.tabs.query({ active: true, currentWindow: true }).then(([tab]) => tab?.id ?? null);
    await this.show(shown(await askBackground('overview', { tabId: await this.tab }), this.overview));
  }

  /** A page that was answered 402 before the reader let us see it is loaded again, and dealt with like any other. */
  async lookAround(): Promise<void> {
    const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
    if (tab?.id === undefined) return;
    this.sight = await sightOf(tab.id);
    if (this.sight === 'here' && (await isUnseenPayment(tab.id)))
      await browser.tabs.reload(tab.id, { bypassCache: true });
  }

  /** Asks the browser for this site, which asks the reader; then loads the page again to see what it costs. */
  async askForSight(): Promise<void> {
    const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
    if (tab?.id === undefined) return;
    if (this.sight === 'nothing' && tab.url !== undefined)
      await browser.permissions.request({ origins: [`${new URL(tab.url).origin}/*`] });
    await browser.tabs.reload(tab.id, { bypassCache: true });
    this.sight = await sightOf(tab.id);
  }

  /** Straight from the settings, so that it stands there whatever else the background is doing. */
  async readPaused(): Promise<void> {
    try {
      this.paused = (await readPolicy()).paused;
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
  }

  /** Straight into the settings, which every payment looks at. The background only takes back what is on its way. */
  async setPaused(paused: boolean): Promise<void> {
    try {
      await changePolicy((policy) => ({ ...policy, paused }));
      this.paused = paused;
    } catch (error) {
      this.trouble = sentenceOf(error);
      return;
    }
    await this.attempt('Saved.', async () => paused && askBackground('recall', {}));
  }

  /** Does something in the background, then shows how things stand. */
  async attempt(done: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      await this.look();
      this.trouble = null;
      if (done !== '') this.said = done;
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
  }

  /** Other things to pay than a moment ago: a press that is under way was not meant for them. */
  async show(overview: Overview): Promise<void> {
    const ids = ({ listed }: Overview) => listed.map(({ id }) => id).join();
    const isOther = this.overview === null || ids(this.overview) !== ids(overview);
    this.overview = overview;
    this.follow(overview.payments);
    await this.updateComplete;
    if (isOther) this.arming?.restart();
  }

  /** Says how the payments stand that the reader has agreed to here, until each has ended. */
  follow(payments: Overview['payments']): void {
    const { known } = this;
    if (known === null || this.busy) return;
    const states = payments.filter(({ id }) => !known.has(id)).map(({ state }) => state);
    this.said = agreedInWords(states);
    if (!states.some(isOnItsWay)) this.known = null;
  }

  /** Pays, or refuses, what waits. */
  async answerListed(answer: OwnMessages['answerListed']['input']): Promise<void> {
    this.known = answer.approve ? new Set(this.overview?.payments.map(({ id }) => id)) : null;
    this.busy = answer.approve;
    this.said = answer.approve ? 'Paying …' : '';
    await this.attempt(answer.approve ? '' : 'Not paid.', () =>
      askBackground('answerListed', answer).finally(() => {
        this.busy = false;
      }),
    );
  }

  setPolicy(change: Partial<PolicyRecord>): void {
    const policy = this.overview?.policy;
    if (policy === undefined) return;
    const next = { ...policy, paused: this.paused, ...change };
    void this.attempt('Saved.', () => askBackground('setPolicy', { policy: next }));
  }

  setLimit(event: SubmitEvent, field: 'autoPay' | 'dayBudget'): void {
    const text = fieldOf(event, field).trim();
    try {
      this.setPolicy({ [field]: text === '' ? null : parseDecimal(text, USD_DECIMALS).toString() });
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
  }

  unlock(event: SubmitEvent): void {
    const passphrase = fieldOf(event, 'passphrase');
    void this.attempt('Unlocked.', () => askBackground('unlock', { passphrase }));
  }

  override render() {
    if (this.overview === null)
      return html`<main class="stack">${this.pause()} ${problem(this.trouble)}</main>`;
    const { wallet, policy, payments, unpaid, leftAlone } = this.overview;
    return html`<main class="stack">
      ${this.pause()}
      <p role="status" class="small soft said">${this.said}</p>
      ${problem(this.trouble ?? this.overview.trouble)}
      ${this.paused ? html`<p class="problem">Payments are paused. Nothing is paid until you resume.</p>` : nothing}
      ${
        this.sight === null || this.sight === 'everywhere'
          ? nothing
          : blindness(
              this.sight,
              () => void this.attempt('The page is loaded again.', () => this.askForSight()),
            )
      }
      ${wallet === 'none' ? (isPrivate() ? noKeyHere : noKey) : nothing} ${wallet === 'locked' ? this.locked() : nothing} ${this.today()}
      ${leftAlone === null ? nothing : html`<p class="small soft">${leftAloneInWords(leftAlone)}</p>`}
      ${this.waiting()} ${this.here()} ${this.limits()}
      <section class="card">
        <h2>Receipts</h2>
        ${paymentList(payments)}
      </section>
      ${unpaid.length === 0 ? nothing : unpaidList(unpaid, policy)}
      <p class="row small">
        <a href=${ownUrl('welcome.html')} target="_blank">Spending key and funding</a>
        <a href=${ownUrl('options.html')} target="_blank">All limits and receipts</a>
        ${
          wallet === 'ready'
            ? html`<button class="quiet" @click=${() => this.attempt('Locked.', () => askBackground('lock', {}))}>
                Lock
              </button>`
            : nothing
        }
      </p>
    </main>`;
  }

  pause() {
    return html`<div class="row">
      <h1>${brandName}</h1>
      <button
        class="quiet"
        aria-pressed=${this.paused ? 'true' : 'false'}
        @click=${() => this.setPaused(!this.paused)}
      >
        ${this.paused ? 'Resume payments' : 'Pause payments'}
      </button>
    </div>`;
  }

  today() {
    const { policy, spentToday, payments } = this.overview ?? { policy: null, spentToday: '0', payments: [] };
    const budget = policy?.dayBudget ?? null;
    const held = heldToday(payments);
    return html`<section class="card">
      <h2>Today</h2>
      <p class="spent figures">${usd(spentToday)}</p>
      ${
        budget === null
          ? html`<p class="soft small">No budget set: every payment is asked about.</p>`
          : html`<p class="soft small figures">of ${usd(budget)} a day</p>
              <progress aria-label="Share of today's budget" max=${budget} value=${spentToday}></progress>`
      }
      ${held === 0n ? nothing : html`<p class="soft small figures">${heldTodayInWords(held)}</p>`}
    </section>`;
  }

  waiting() {
    if (this.overview === null) return nothing;
    const { listed, listedCount, policy, wallet } = this.overview;
    const tabId = listed[0]?.tabId;
    if (tabId === undefined) return nothing;
    return waitingList({
      listed,
      more: listedCount - listed.length,
      policy,
      canPay: wallet === 'ready' && !this.paused && !this.busy,
      isBusy: this.busy,
      readiness: this.readiness,
      accepts: (event) => this.arming?.accepts(event) === true,
      onAnswer: (ids, approve, allowSite) => void this.answerListed({ tabId, ids, approve, allowSite }),
    });
  }

  /** What has become of the page in the tab, and the one thing to do about it. */
  here() {
    if (this.overview === null) return nothing;
    const { here, policy, payments, wallet } = this.overview;
    if (here === null || here.state === 'listed') return nothing;
    const payment = payments.find(({ id }) => id === here.intentId);
    const step = nextStepOf(here, payment, { wallet, paused: this.paused });
    const load = () => void this.attempt('The page is loaded again.', () => browser.tabs.reload(here.tabId));
    const signIn = () =>
      void this.attempt('You are being signed in.', () => askBackground('signIn', { id: here.id }));
    return html`<section class="card stack" aria-label="This page">
      <div class="row">
        <h2>This page</h2>
        ${payment !== undefined || here.price === null ? nothing : html`<strong class="figures">${usd(here.price.microUsd)}</strong>`}
      </div>
      ${
        payment === undefined
          ? html`<p>${here.state === 'asking' ? 'You are being asked about it.' : whyUnpaid(here, policy)}</p>`
          : paymentList([payment])
      }
      ${payment !== undefined && here.isUndone ? html`<p>${undoneInWords(payment.state)}</p>` : nothing}
      ${step === null ? nothing : stepView(step, here, { load, signIn, resume: () => void this.setPaused(false) })}
    </section>`;
  }

  limits() {
    const policy = this.overview?.policy;
    if (policy === undefined) return nothing;
    return html`<section class="card stack">
      <h2>Pay without asking</h2>
      <div class="limits">
        ${this.limit('autoPay', 'Each payment, up to', policy.autoPay)}
        ${this.limit('dayBudget', 'Each day, up to', policy.dayBudget)}
      </div>
      <label class="check small">
        <input
          type="checkbox"
          .checked=${policy.anySite}
          @change=${() => this.setPolicy({ anySite: !policy.anySite })}
        />
        <span>
          On any site. Otherwise the first payment on each site is asked about. What comes from another site than the
          one you are on is asked about until you allow it there.
        </span>
      </label>
    </section>`;
  }

  limit(field: 'autoPay' | 'dayBudget', label: string, value: string | null) {
    const id = `limit-${field}`;
    return html`<form class="limit" @submit=${(event: SubmitEvent) => this.setLimit(event, field)}>
      <label class="small soft" for=${id}>${label}</label>
      <div>
        <span aria-hidden="true">$</span>
        <input
          id=${id}
          name=${field}
          inputmode="decimal"
          autocomplete="off"
          aria-label="${label}, in US dollars"
          placeholder="ask"
          .value=${value === null ? '' : dollars(value)}
        />
        <button class="quiet" aria-label="Set: ${label}">Set</button>
      </div>
    </form>`;
  }

  locked() {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.unlock(event)}>
      <label>
        <span>Your spending key is locked</span>
        <input type="password" name="passphrase" autocomplete="current-password" placeholder="Passphrase" required />
      </label>
      <button class="primary">Unlock</button>
    </form>`;
  }
}

/** What comes to what waits is counted only: a page that keeps asking must not move the button under the reader. */
function withoutAdditions(next: Overview, before: Overview | null): Overview {
  const ids = new Set(next.listed.map(({ id }) => id));
  const isAddedTo =
    before !== null && before.listed.length > 0 && before.listed.every(({ id }) => ids.has(id));
  return isAddedTo ? { ...next, listed: before.listed } : next;
}

const noKeyHere = html`<p class="card">
  This window is private. To pay in it, allow that under “All limits and receipts” in an ordinary window.
</p>`;

const noKey = html`<section class="card stack">
  <p>You need a spending key: a small purse on this device that pays for you.</p>
  <p><a href=${ownUrl('welcome.html')} target="_blank">Make one now</a></p>
</section>`;

customElements.define('popup-screen', PopupScreen);
