import { html, nothing } from 'lit';
import { sentenceOf } from 'tuppence/core';
import { askBackground } from '../../messaging/ask-background.ts';
import type { Question } from '../../messaging/own-messages.ts';
import { armWhenLookedAt } from '../../ui/arming.ts';
import { formerPayee, reasonList } from '../../ui/reasons.ts';
import { brand, problem, Screen } from '../../ui/view.ts';
import { hostOf, networkName, tokens, usd } from '../../ui/words.ts';

/** One question: pay this, here, now? Bound to the 402 it was opened for; what is approved is what was shown. */
class ConsentScreen extends Screen {
  static override properties = {
    question: { state: true },
    balance: { state: true },
    armed: { state: true },
    busy: { state: true },
    trouble: { state: true },
  };
  declare question: Question | null;
  declare balance: string | null;
  declare armed: boolean;
  declare busy: boolean;
  declare trouble: string | null;

  constructor() {
    super();
    this.question = null;
    this.balance = null;
    this.armed = false;
    this.busy = false;
    this.trouble = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    armWhenLookedAt((armed) => {
      this.armed = armed;
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
    const price = this.question.encounter.price;
    if (price !== null) this.balance = (await askBackground('balance', { network: price.network })).balance;
  }

  /**
   * Only a person's own press counts, and only once the window has been looked at for a moment. It is a click, not
   * the form's submission, because a submission is "trusted" even when a script has caused it; and Enter in the
   * passphrase field is no consent.
   */
  answer(event: Event, approve: boolean): void {
    if (!event.isTrusted || this.busy || this.question === null || (approve && !this.canPay())) return;
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
      else location.search = `?question=${encodeURIComponent(next)}`;
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
        ${brand}
        <h1>
          <span class="price figures">${usd(price.microUsd)}</span>
          <span class="host">to read on <strong>${hostOf(encounter.site)}</strong></span>
        </h1>
        ${reasonList(this.question)}
        <dl class="facts card small figures">
          ${hostOf(encounter.url) === hostOf(encounter.site) ? nothing : fact('Asked for by', hostOf(encounter.url))}
          ${fact('Amount', tokens(price))} ${fact('Network', networkName(price.network))}
          <dt>Paid to</dt>
          <dd class="mono">${price.payTo}</dd>
          ${this.payeeBefore()}
          ${this.balance === null ? nothing : fact('Your balance', tokens({ ...price, amount: this.balance }))}
          ${fact('Left of today’s budget', this.left())}
        </dl>
        ${this.isShort() ? problem('Your spending key does not hold enough for this.') : nothing}
        ${wallet === 'locked' ? passphraseField : nothing}
        ${this.canRemember() ? this.rememberField() : nothing}
        <p class="small soft">Kept on this device: a receipt, and this answer until the page is loaded again.</p>
        ${problem(this.trouble)}
        <div class="choices">
          <button type="button" @click=${(event: Event) => this.answer(event, false)}>Don’t pay</button>
          <button
            type="button"
            class="primary"
            aria-disabled=${this.canPay() ? 'false' : 'true'}
            @click=${(event: Event) => this.answer(event, true)}
          >
            ${this.busy ? 'Paying …' : `Pay ${usd(price.microUsd)}`}
          </button>
        </div>
      </form>
    </main>`;
  }

  payeeBefore() {
    const former = this.question === null ? null : formerPayee(this.question);
    return former === null
      ? nothing
      : html`<dt>Before, it was</dt>
          <dd class="mono">${former}</dd>`;
  }

  left(): string {
    const { policy, spentToday } = this.question ?? { policy: null, spentToday: '0' };
    if (policy === null || policy.dayBudget === null) return 'no budget set';
    const left = BigInt(policy.dayBudget) - BigInt(spentToday);
    return `${usd((left > 0n ? left : 0n).toString())} of ${usd(policy.dayBudget)}`;
  }

  canPay(): boolean {
    return this.armed && !this.busy && !this.isShort();
  }

  isShort(): boolean {
    const price = this.question?.encounter.price ?? null;
    return price !== null && this.balance !== null && BigInt(this.balance) < BigInt(price.amount);
  }

  /** Offered only where a standing rule would make a difference: the price itself is within the limit. */
  canRemember(): boolean {
    const policy = this.question?.policy;
    const price = this.question?.encounter.price ?? null;
    if (policy === undefined || price === null || policy.autoPay === null || policy.anySite) return false;
    return (
      BigInt(price.microUsd) <= BigInt(policy.autoPay) &&
      !policy.allowedSites.includes(this.question?.encounter.site ?? '')
    );
  }

  rememberField() {
    return html`<label class="check">
      <input type="checkbox" name="allowSite" />
      <span>From now on pay this site without asking, up to ${usd(this.question?.policy.autoPay ?? '0')} at a time</span>
    </label>`;
  }
}

const passphraseField = html`<label>
  <span class="small">Passphrase of your spending key</span>
  <input type="password" name="passphrase" autocomplete="current-password" required />
</label>`;

function fact(name: string, value: string) {
  return html`<dt>${name}</dt>
    <dd>${value}</dd>`;
}

customElements.define('consent-screen', ConsentScreen);
