import { html, nothing } from 'lit';
import { ALL_NETWORKS, formatDecimal, knownNetwork, NETWORKS, sentenceOf } from 'tuppence/core';
import { askBackground } from '../../messaging/ask-background.ts';
import type { Overview } from '../../messaging/own-messages.ts';
import { brand, fieldOf, problem, Screen } from '../../ui/view.ts';
import { networkName, PAYABLE_NETWORKS, usd } from '../../ui/words.ts';

/** An amount of the token that is paid with on a network: `4.95 USDC`. */
function tokensOn(network: string, balance: string): string {
  const token = knownNetwork(network, ALL_NETWORKS)?.assets[0];
  return token === undefined ? balance : `${formatDecimal(BigInt(balance), token.decimals)} ${token.symbol}`;
}

/** Makes the spending key, says how to put money on it, and what happens then. */
class WelcomeScreen extends Screen {
  static override properties = {
    overview: { state: true },
    trouble: { state: true },
    busy: { state: true },
    importing: { state: true },
    balance: { state: true },
    said: { state: true },
  };
  declare overview: Overview | null;
  declare trouble: string | null;
  declare busy: boolean;
  declare importing: boolean;
  declare balance: string | null;
  declare said: string;

  constructor() {
    super();
    this.overview = null;
    this.trouble = null;
    this.busy = false;
    this.importing = false;
    this.balance = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt(async () => undefined);
  }

  async attempt(work: () => Promise<unknown>): Promise<void> {
    this.busy = true;
    try {
      await work();
      this.overview = await askBackground('overview', { tabId: null });
      this.trouble = null;
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
    this.busy = false;
  }

  create(event: SubmitEvent): void {
    const passphrase = fieldOf(event, 'passphrase');
    const typedKey = fieldOf(event, 'privateKey').trim();
    if (this.busy) return;
    if (passphrase !== fieldOf(event, 'again')) {
      this.trouble = 'The two passphrases are not the same.';
      return;
    }
    const privateKey = typedKey === '' ? null : typedKey.replace(/^(0x)?/, '0x');
    if (privateKey !== null && !/^0x[0-9a-f]{64}$/i.test(privateKey)) {
      this.trouble = 'That is no private key: one has 64 hexadecimal digits, 0 to 9 and a to f.';
      return;
    }
    void this.attempt(() => askBackground('createKey', { passphrase, privateKey }));
  }

  unlock(event: SubmitEvent): void {
    const passphrase = fieldOf(event, 'passphrase');
    void this.attempt(() => askBackground('unlock', { passphrase }));
  }

  checkBalance(event: SubmitEvent): void {
    const network = fieldOf(event, 'network');
    this.balance = 'Looking …';
    void this.attempt(async () => {
      const { balance } = await askBackground('balance', { network, asset: null });
      this.balance =
        balance === null
          ? `${networkName(network)} can’t be reached right now.`
          : `${tokensOn(network, balance)} on ${networkName(network)}`;
    });
  }

  async copy(address: string): Promise<void> {
    await navigator.clipboard.writeText(address);
    this.said = 'Copied.';
  }

  override render() {
    if (this.overview === null) return html`<main class="stack">${brand}${problem(this.trouble)}</main>`;
    const { wallet, address } = this.overview;
    return html`<main class="stack">
      ${brand}
      <h1 class="title">Read on, a few cents at a time</h1>
      <p class="soft">
        Some pages ask for a small payment instead of a subscription. Tuppence shows you the price, pays it from a
        purse that you fill yourself, and keeps the receipt.
      </p>
      ${address === null ? this.makeKey() : this.fund(address)}
      ${wallet === 'locked' ? this.locked() : nothing}
      ${problem(this.trouble)}
      ${address === null ? nothing : this.whatHappens()}
      <p role="status" class="small soft">${this.said}</p>
    </main>`;
  }

  makeKey() {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.create(event)}>
      <h2>Make a spending key</h2>
      <p class="soft small">
        It is made on this device and kept here, encrypted with your passphrase. Nobody can reset that passphrase, so
        keep only pocket money on the key.
      </p>
      <p class="soft small">
        Every site that you pay sees one and the same address, the one of this key, and so could anybody who looks at
        the chain: what you pay to one can be told together with what you pay to another. Pages can also tell that
        Tuppence is there.
      </p>
      <label>
        <span>Passphrase, at least 8 characters</span>
        <input type="password" name="passphrase" autocomplete="new-password" minlength="8" required />
      </label>
      <label>
        <span>Passphrase again</span>
        <input type="password" name="again" autocomplete="new-password" minlength="8" required />
      </label>
      ${
        this.importing
          ? html`<label>
              <span>Private key, 64 hexadecimal digits</span>
              <input type="password" name="privateKey" autocomplete="off" class="mono" required />
            </label>
            <button type="button" class="quiet" @click=${() => this.startImport(false)}>
              Make a new key instead
            </button>`
          : html`<button type="button" class="quiet" @click=${() => this.startImport(true)}>I have a key already</button>`
      }
      <button class="primary" aria-disabled=${this.busy ? 'true' : 'false'}>
        ${this.busy ? 'Encrypting …' : this.importing ? 'Take in this key' : 'Make my key'}
      </button>
    </form>`;
  }

  startImport(importing: boolean): void {
    this.importing = importing;
    this.trouble = null;
  }

  fund(address: string) {
    return html`<section class="card stack">
      <h2>Put some USDC on it</h2>
      <p class="soft small">
        Send a few dollars of USDC to this address from any wallet or exchange, on one of these networks:
        ${NETWORKS.filter(({ testnet }) => !testnet)
          .map(({ name }) => name)
          .join(', ')}, or any other of the list below.
        Paying needs no other coin: there are no fees on your side.
      </p>
      <div class="address">
        <code class="mono">${address}</code>
        <button class="quiet" @click=${() => this.copy(address)}>Copy</button>
      </div>
      <form class="stack" @submit=${(event: SubmitEvent) => this.checkBalance(event)}>
        <div class="balance">
          <select name="network" aria-label="Network">
            ${PAYABLE_NETWORKS.map(({ id }) => html`<option value=${id}>${networkName(id)}</option>`)}
          </select>
          <button>Check balance</button>
        </div>
        <p role="status" class="figures">${this.balance}</p>
      </form>
    </section>`;
  }

  locked() {
    return html`<form class="card stack" @submit=${(event: SubmitEvent) => this.unlock(event)}>
      <label>
        <span>The key is locked. Passphrase</span>
        <input type="password" name="passphrase" autocomplete="current-password" required />
      </label>
      <button class="primary">Unlock</button>
    </form>`;
  }

  whatHappens() {
    const { policy } = this.overview ?? { policy: null };
    if (policy === null) return nothing;
    const limit = policy.autoPay === null ? null : usd(policy.autoPay);
    return html`<section class="card stack">
      <h2>What happens now</h2>
      <p>
        ${
          limit === null
            ? 'Every payment is asked about first.'
            : `Up to ${limit} is paid without a question${policy.anySite ? '' : ' on sites that you have allowed'}; anything above is asked about first.`
        }
        ${policy.dayBudget === null ? '' : `Never more than ${usd(policy.dayBudget)} a day by itself.`}
      </p>
      <p class="soft small">Change this, pause everything, or see your receipts in the popup of the toolbar button.</p>
    </section>`;
  }
}

customElements.define('welcome-screen', WelcomeScreen);
