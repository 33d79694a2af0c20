import { html, nothing } from 'lit';
import { parseDecimal, sentenceOf, USD_DECIMALS } from 'tuppence/core';
import { askBackground } from '../../messaging/ask-background.ts';
import type { Overview, PageStart } from '../../messaging/own-messages.ts';
import type { Receipt } from '../../messaging/receipt.ts';
import { isPrivate } from '../../storage/private-window.ts';
import type { PolicyRecord } from '../../storage/settings.ts';
import { paymentList, unpaidList } from '../../ui/lists.ts';
import { meter } from '../../ui/meter.ts';
import { brand, fieldOf, problem, Screen } from '../../ui/view.ts';
import { dollars } from '../../ui/words.ts';
import './endpoints.ts';
import { saveReceipts } from './save-receipts.ts';
import { siteRules } from './site-rules.ts';

const PAGE = 50;

/** Minutes; null for never. */
const LOCK_AFTER = [5, 15, 60, 480, null] as const;

type MoneyField = 'autoPay' | 'siteDayBudget' | 'dayBudget' | 'monthBudget';
type CountField = 'perMinute' | 'priceTolerance';

/** What an empty limit means: the reader left it empty, or the rules were made without it. */
function placeholderFor(limit: string | number | null | undefined): string {
  return limit === undefined ? 'no limit' : 'ask';
}

function idleInWords(minutes: number | null): string {
  if (minutes === null) return 'as long as the browser is open';
  if (minutes % 60 !== 0) return `${minutes} minutes`;
  return minutes === 60 ? 'an hour' : `${minutes / 60} hours`;
}

/** Limits, sites, every receipt, and a way out for all of it. */
class OptionsScreen extends Screen {
  static override properties = {
    overview: { state: true },
    history: { state: true },
    next: { state: true },
    trouble: { state: true },
    said: { state: true },
    erasing: { state: true },
  };
  declare overview: Overview | null;
  declare history: readonly Receipt[];
  declare next: PageStart | null;
  declare trouble: string | null;
  /** What the last press did, for those who can't see it happen. */
  declare said: string;
  /** Whether "Erase" was pressed once and asks. */
  declare erasing: boolean;

  constructor() {
    super();
    this.overview = null;
    this.history = [];
    this.next = null;
    this.trouble = null;
    this.said = '';
    this.erasing = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt('', () => this.loadHistory(null));
  }

  /** Does something, then shows how things stand; `work` may return words of its own. */
  async attempt(done: string, work: () => Promise<unknown>): Promise<void> {
    try {
      const said = await work();
      this.overview = await askBackground('overview', { tabId: null });
      this.trouble = null;
      this.said = typeof said === 'string' ? said : done;
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
  }

  async loadHistory(before: PageStart | null): Promise<void> {
    const { payments, next } = await askBackground('history', { before, limit: PAGE });
    this.history = before === null ? payments : [...this.history, ...payments];
    this.next = next;
  }

  change(change: Partial<PolicyRecord>): void {
    const policy = this.overview?.policy;
    if (policy !== undefined)
      void this.attempt('Saved.', () => askBackground('setPolicy', { policy: { ...policy, ...change } }));
  }

  setMoney(event: SubmitEvent, field: MoneyField): void {
    const text = fieldOf(event, field).trim();
    try {
      this.change({ [field]: text === '' ? null : parseDecimal(text, USD_DECIMALS).toString() });
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
  }

  setCount(event: SubmitEvent, field: CountField): void {
    const text = fieldOf(event, field).trim();
    if (/^\d{0,6}$/.test(text)) this.change({ [field]: text === '' ? null : Number(text) });
    else this.trouble = `“${text}” is not a whole number.`;
  }

  erase(): void {
    if (!this.erasing) {
      this.erasing = true;
      return;
    }
    this.erasing = false;
    void this.attempt('', async () => {
      const { kept } = await askBackground('erase', {});
      await this.loadHistory(null);
      return kept === 0
        ? 'Erased.'
        : `Erased, but for ${kept} ${kept === 1 ? 'payment' : 'payments'} whose end is not known yet.`;
    });
  }

  override render() {
    if (this.overview === null) return html`<main class="stack">${brand}${problem(this.trouble)}</main>`;
    const { policy, unpaid, trouble } = this.overview;
    return html`<main class="stack">
      ${brand}
      <h1 class="title">Limits, sites and receipts</h1>
      ${problem(this.trouble ?? trouble)}
      <p role="status" class="small soft">${this.said}</p>
      ${this.spending()} ${this.clock()} ${this.limits(policy)}
      ${siteRules(
        policy,
        (change) => this.change(change),
        (sentence) => {
          this.trouble = sentence;
        },
      )}
      <chain-endpoints></chain-endpoints>
      ${this.locking()} ${isPrivate() ? nothing : this.privateWindows()}
      ${this.receipts()} ${unpaid.length === 0 ? nothing : unpaidList(unpaid, policy)} ${this.eraser()}
    </main>`;
  }

  locking() {
    const lockAfter = this.overview?.lockAfter ?? null;
    const choices = [...new Set([...LOCK_AFTER, lockAfter])];
    const onChange = (event: Event) => {
      const value = event.currentTarget instanceof HTMLSelectElement ? event.currentTarget.value : '';
      const minutes = value === '' ? null : Number(value);
      void this.attempt('Saved.', () => askBackground('setLockAfter', { minutes }));
    };
    return html`<section class="card stack">
      <h2>Lock</h2>
      <label>
        <span>Lock the spending key when nothing was paid or pressed for</span>
        <select @change=${onChange}>
          ${choices.map(
            (minutes) =>
              html`<option value=${minutes ?? ''} ?selected=${minutes === lockAfter}>${idleInWords(minutes)}</option>`,
          )}
        </select>
      </label>
      <p class="small soft">It is locked after every start of the browser. A lock holds in private windows too.</p>
    </section>`;
  }

  privateWindows() {
    const { privateWindows = false, wallet = 'none' } = this.overview ?? {};
    return html`<section class="card stack">
      <h2>Private windows</h2>
      <p class="small soft">
        Chrome keeps extensions out of private windows until you allow it for Tuppence there too. What is paid in them
        is always asked about, has records of its own in memory, and leaves none on this device. On the chain it is
        paid by the same key.
      </p>
      <label class="check">
        <input
          type="checkbox"
          .checked=${privateWindows}
          ?disabled=${wallet === 'none'}
          @change=${() =>
            this.attempt('Saved.', () => askBackground('setPrivateWindows', { allowed: !privateWindows }))}
        />
        <span>The spending key may be used in private windows</span>
      </label>
    </section>`;
  }

  spending() {
    const { policy, spentToday, spentThisMonth } = this.overview ?? {};
    if (policy === undefined) return nothing;
    return html`<section class="card meters" aria-label="Spending">
      ${meter('Today', spentToday ?? '0', policy.dayBudget, 'a day')}
      ${meter('This month', spentThisMonth ?? '0', policy.monthBudget, 'a month')}
    </section>`;
  }

  /** No page and no clock opens a budget that was used up; the reader may. */
  clock() {
    const dayAhead = this.overview?.dayAhead ?? null;
    if (dayAhead === null) return nothing;
    const day = new Date(`${dayAhead}T12:00`).toLocaleDateString([], { dateStyle: 'long' });
    return html`<section class="card stack" aria-label="The clock was ahead">
      <h2>The clock was ahead</h2>
      <p class="small soft">
        The clock of this machine has shown ${day} once. Until that day is over your budgets count as on it. If the clock
        is right now, they can count from today on.
      </p>
      <div>
        <button @click=${() => this.attempt('Budgets count from today on.', () => askBackground('startToday', {}))}>
          Count from today on
        </button>
      </div>
    </section>`;
  }

  limits(policy: PolicyRecord) {
    return html`<section class="card stack">
      <h2>Pay without asking</h2>
      <p class="small soft">An empty limit means: ask. Whatever goes over a limit is asked about, never paid by itself.</p>
      <div class="limits">
        ${this.money('autoPay', 'Each payment, up to', policy.autoPay)}
        ${this.money('siteDayBudget', 'One site a day, up to', policy.siteDayBudget)}
        ${this.money('dayBudget', 'Each day, up to', policy.dayBudget)}
        ${this.money('monthBudget', 'Each month, up to', policy.monthBudget)}
        ${this.count('perMinute', 'One site a minute, payments', policy.perMinute, '')}
        ${this.count('priceTolerance', 'Above a site’s highest price, by', policy.priceTolerance, '%')}
      </div>
      <label class="check">
        <input type="checkbox" .checked=${policy.anySite} @change=${() => this.change({ anySite: !policy.anySite })} />
        <span>
          On any site. Otherwise the first payment on each site is asked about. What comes from another site than the
          one you are on is asked about until you allow it there.
        </span>
      </label>
    </section>`;
  }

  money(field: MoneyField, label: string, value: string | null | undefined) {
    return html`<form @submit=${(event: SubmitEvent) => this.setMoney(event, field)}>
      <label class="small soft" for=${field}>${label}</label>
      <div class="field">
        <span aria-hidden="true">$</span>
        <input
          id=${field}
          name=${field}
          inputmode="decimal"
          autocomplete="off"
          placeholder=${placeholderFor(value)}
          aria-label="${label}, in US dollars"
          .value=${value ? dollars(value) : ''}
        />
        <button class="quiet" aria-label="Set: ${label}">Set</button>
      </div>
    </form>`;
  }

  count(field: CountField, label: string, value: number | null | undefined, unit: string) {
    return html`<form @submit=${(event: SubmitEvent) => this.setCount(event, field)}>
      <label class="small soft" for=${field}>${label}</label>
      <div class="field">
        <span aria-hidden="true">${unit}</span>
        <input id=${field} name=${field} inputmode="numeric" autocomplete="off" placeholder=${placeholderFor(value)}
          aria-label=${label} .value=${value?.toString() ?? ''} />
        <button class="quiet" aria-label="Set: ${label}">Set</button>
      </div>
    </form>`;
  }

  receipts() {
    const { next } = this;
    const open = this.history.some(({ state }) => state !== 'settled' && state !== 'expired');
    return html`<section class="card stack">
      <div class="row">
        <h2>Receipts</h2>
        <div class="choices">
          <button class="quiet" @click=${() => this.attempt('Saved to your downloads.', () => saveReceipts('csv'))}>CSV</button>
          <button class="quiet" @click=${() => this.attempt('Saved to your downloads.', () => saveReceipts('json'))}>JSON</button>
        </div>
      </div>
      ${
        open
          ? html`<p class="small">
              Some payments are still being checked on the chain. Until that is known they count as spent.
              <button class="quiet" @click=${() => this.attempt('Checked.', () => this.checkNow())}>Check now</button>
            </p>`
          : nothing
      }
      ${paymentList(this.history)}
      ${
        next === null
          ? nothing
          : html`<button class="quiet" @click=${() => this.attempt('', () => this.loadHistory(next))}>Show older ones</button>`
      }
    </section>`;
  }

  async checkNow(): Promise<void> {
    await askBackground('check', {});
    await this.loadHistory(null);
  }

  eraser() {
    return html`<section class="card stack">
      <h2>Erase the history</h2>
      <p class="small soft">
        Receipts, unpaid pages and what is remembered of sites are removed from this device. What keeps you from paying
        twice stays: payments that are still open, and a fingerprint of what you bought, which names nothing.
      </p>
      <div class="choices">
        <button @click=${() => this.erase()}>${this.erasing ? 'Erase it for good' : 'Erase …'}</button>
        ${
          this.erasing
            ? html`<button
                @click=${() => {
                  this.erasing = false;
                }}
              >
                Keep it
              </button>`
            : nothing
        }
      </div>
    </section>`;
  }
}

customElements.define('options-screen', OptionsScreen);
