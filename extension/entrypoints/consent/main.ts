import { html, nothing } from 'lit';
import { otherOrigins, sameAddress, sentenceOf } from 'tuppence/core';
import { askBackground } from '../../messaging/ask-background.ts';
import type { Question } from '../../messaging/own-messages.ts';
import type { PriceRecord } from '../../storage/encounter-record.ts';
import { allowance, canBeAllowed } from '../../ui/allowance.ts';
import { type Arming, armWhenIdle, type Readiness } from '../../ui/arming.ts';
import { hostParts, hostView } from '../../ui/host.ts';
import { showOwn } from '../../ui/next-step.ts';
import { formerPayee, reasonList } from '../../ui/reasons.ts';
import { brand, problem, Screen } from '../../ui/view.ts';
import { hostOf, networkName, readinessInWords, shortInWords, tokens, usd } from '../../ui/words.ts';

/** Milliseconds between two looks at a balance that is too small. */
const LOOKS_EVERY = 3_000;

/** One question: pay this, here, now? Bound to the 402 it was opened for; what is approved is what was shown. */
class ConsentScreen extends Screen {
  static override properties = {
    question: { state: true },
    balance: { state: true },
    asksBalance: { state: true },
    readiness: { state: true },
    busy: { state: true },
    trouble: { state: true },
  };
  declare question: Question | null;
  declare balance: string | null;
  declare asksBalance: boolean;
  declare readiness: Readiness;
  declare busy: boolean;
  declare trouble: string | null;

  constructor() {
    super();
    this.question = null;
    this.balance = null;
    this.asksBalance = false;
    this.readiness = 'settling';
    this.busy = false;
    this.trouble = null;
  }

  /** Counts from when the question is drawn: before that there is nothing that a press could be an answer to. */
  private arming: Arming | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.repeat) this.answer(event, false);
    });
    void this.load();
  }

  async load(): Promise<void> {
    const id = new URLSearchParams(location.search).get('question') ?? '';
    try {
      this.question = await askBackground('question', { id });
    } catch (error) {
      this.trouble = sentenceOf(error);
      return;
    }
    const { price, site } = this.question.encounter;
    const { end, port } = hostParts(hostOf(site));
    if (price !== null) document.title = `Pay ${usd(price.microUsd)} to ${end}${port}?`;
    this.balance = heldOf(this.question);
    await this.updateComplete;
    this.querySelector('h1')?.focus(); // Never a button: a key that is being pressed would press it.
    this.arming = armWhenIdle((readiness) => {
      this.readiness = readiness;
    });
    if (this.question.knowsNetwork || this.balance !== null) await this.loadBalance();
    setInterval(() => this.lookForMoney(), LOOKS_EVERY);
  }

  /** Asks the network, which then knows the address of whoever asks: a network that a page has chosen waits for a press. */
  async loadBalance(): Promise<void> {
    const price = this.question?.encounter.price ?? null;
    if (price === null) return;
    this.asksBalance = true;
    const wasShort = this.isShort();
    const { free } = await askBackground('balance', { network: price.network, asset: price.asset });
    if (free !== null) this.balance = free;
    if (wasShort && !this.isShort()) this.arming?.restart(); // What is pressed now was not there before.
  }

  /** Money may come while the question stands there: nobody has to ask for it twice. */
  lookForMoney(): void {
    if (this.isShort() && this.asksBalance && document.visibilityState === 'visible') void this.loadBalance();
  }

  balanceView(price: PriceRecord) {
    if (this.balance !== null) return tokens({ ...price, amount: this.balance });
    if (this.asksBalance) return '…';
    return html`<button type="button" class="quiet" @click=${() => void this.loadBalance()}>Look it up</button>`;
  }

  /**
   * Only a person's own press counts, and a yes only after a pause: see `armWhenIdle`. It is a click, not the form's
   * submission, because a submission is "trusted" even when a script has caused it; and Enter in the passphrase field
   * is no consent.
   */
  answer(event: Event, approve: boolean): void {
    if (!event.isTrusted || this.busy || this.question === null) return;
    if (approve && !(this.canPay() && this.arming?.accepts(event))) return;
    const form = this.querySelector('form');
    const fields = new FormData(form ?? undefined);
    const passphrase = fields.get('passphrase');
    void this.send(this.question.encounter.id, {
      approve,
      passphrase: approve && typeof passphrase === 'string' && passphrase !== '' ? passphrase : null,
      allowSite: approve && fields.get('allowSite') !== null,
    });
  }

  async send(
    id: string,
    answer: { approve: boolean; passphrase: string | null; allowSite: boolean },
  ): Promise<void> {
    this.busy = true;
    this.trouble = null;
    try {
      const { next } = await askBackground('answer', { id, ...answer });
      if (next === null) window.close();
      else
        location.search = `?${new URLSearchParams({ question: next, answered: `${answeredBefore() + 1}` })}`;
    } catch (error) {
      this.trouble = sentenceOf(error);
      this.busy = false;
    }
  }

  override render() {
    if (this.question === null) return html`<main class="stack">${brand}${problem(this.trouble)}</main>`;
    const { encounter, wallet } = this.question;
    const { price } = encounter;
    if (price === null) return html`<main class="stack">${brand}</main>`;
    return html`<main>
      <form class="stack" @submit=${(event: Event) => event.preventDefault()}>
        <div class="row">${brand}${this.place()}</div>
        <h1 tabindex="-1">
          <span class="price figures">${usd(price.microUsd)}</span>
          <span class="host">to read on ${hostView(hostOf(encounter.site))}</span>
        </h1>
        ${this.shortage(this.question)}
        ${reasonList(this.question, this.balance !== null)}
        <dl class="facts card small figures">
          ${hostOf(encounter.url) === hostOf(encounter.site) ? nothing : fact('Asked for by', hostView(hostOf(encounter.url)))}
          ${fact('Amount', tokens(price))} ${fact('Network', networkName(price.network))}
          <dt>Paid to</dt>
          <dd class="mono">${price.payTo}</dd>
          ${this.payeeBefore()}
          ${fact('Your balance', this.balanceView(price))}
          ${fact('Left of today’s budget', this.left())}
        </dl>
        ${wallet === 'locked' && !this.isShort() ? passphraseField : nothing}
        ${this.canRemember() && !this.isShort() ? this.rememberField() : nothing}
        <p class="small soft">Kept on this device: a receipt, and this answer until the page is loaded again.</p>
        ${problem(this.trouble)}
        <div class="foot">
          <p class="small soft readiness" id="readiness" role="status">${this.isShort() ? nothing : readinessInWords(this.readiness)}</p>
          <div class="choices">
            <button type="button" @click=${(event: Event) => this.answer(event, false)}>Don’t pay</button>
            ${this.isShort() ? addMoney : this.payButton(price)}
          </div>
        </div>
      </form>
    </main>`;
  }

  payButton(price: PriceRecord) {
    return html`<button
      type="button"
      class="primary"
      aria-disabled=${this.canPay() ? 'false' : 'true'}
      aria-describedby="readiness"
      @click=${(event: Event) => this.answer(event, true)}
    >
      ${this.busy ? 'Paying …' : `Pay ${usd(price.microUsd)}`}
    </button>`;
  }

  /** What there is, when that is too little: then there is nothing to agree to. */
  shortage({ encounter: { price }, holdings }: Question) {
    if (price === null || this.balance === null || !this.isShort()) return nothing;
    return problem(shortInWords(price, this.balance, holdings));
  }

  payeeBefore() {
    const former = this.question === null ? null : formerPayee(this.question);
    return former === null
      ? nothing
      : html`<dt>Before, it was</dt>
          <dd class="mono">${former}</dd>`;
  }

  /** Which of the questions of this tab it is: the next one must not look like a press that failed. */
  place() {
    const before = answeredBefore();
    const all = before + (this.question?.open ?? 1);
    return all > 1 ? html`<p class="small soft figures">Question ${before + 1} of ${all}</p>` : nothing;
  }

  left(): string {
    const { policy, spentToday } = this.question ?? { policy: null, spentToday: '0' };
    if (policy === null || policy.dayBudget === null) return 'no budget set';
    const left = BigInt(policy.dayBudget) - BigInt(spentToday);
    return `${usd((left > 0n ? left : 0n).toString())} of ${usd(policy.dayBudget)}`;
  }

  canPay(): boolean {
    return this.readiness === 'armed' && !this.busy && !this.isShort();
  }

  isShort(): boolean {
    const price = this.question?.encounter.price ?? null;
    return price !== null && this.balance !== null && BigInt(this.balance) < BigInt(price.amount);
  }

  /** Offered only where a standing rule would make a difference: the price itself is within the limit. */
  canRemember(): boolean {
    if (this.question === null) return false;
    const { encounter, policy } = this.question;
    const isOwn = otherOrigins(encounter).length === 0;
    return canBeAllowed(encounter, policy) && !(isOwn && policy.anySite);
  }

  allowance({ encounter, policy }: Question) {
    return allowance(encounter.site, otherOrigins(encounter), policy);
  }

  rememberField() {
    const onTick = (event: Event) => {
      if (this.arming?.accepts(event) !== true) event.preventDefault();
    };
    return html`<label class="check">
      <input
        type="checkbox"
        name="allowSite"
        aria-disabled=${this.readiness === 'armed' ? 'false' : 'true'}
        @click=${onTick}
      />
      <span>${this.question === null ? nothing : this.allowance(this.question)}</span>
    </label>`;
  }
}

/** In a tab of its own: the question stays, and looks at the balance anew once that is done. */
const addMoney = html`<button type="button" class="primary" @click=${() => void showOwn('welcome.html')}>
  Add money
</button>`;

/** What is known to be there of the token that is asked for, in atomic units, before anybody is asked. */
function heldOf({ encounter: { price }, holdings }: Question): string | null {
  if (price === null) return null;
  const isAsked = (one: { readonly network: string; readonly asset: string }) =>
    one.network === price.network && sameAddress(one.asset, price.asset);
  return holdings.find(isAsked)?.atomic ?? null;
}

const passphraseField = html`<label>
  <span class="small">Passphrase of your spending key</span>
  <input type="password" name="passphrase" autocomplete="current-password" required />
</label>`;

/** How many questions this window has had answered before this one. */
function answeredBefore(): number {
  const answered = Number(new URLSearchParams(location.search).get('answered'));
  return Number.isSafeInteger(answered) && answered > 0 ? answered : 0;
}

function fact(name: string, value: unknown) {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

customElements.define('consent-screen', ConsentScreen);
