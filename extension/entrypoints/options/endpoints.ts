import { html, nothing } from 'lit';
import { sentenceOf } from 'tuppence/core';
import { askBackground } from '../../messaging/ask-background.ts';
import { fieldOf, problem, Screen } from '../../ui/view.ts';
import { networkName, PAYABLE_NETWORKS } from '../../ui/words.ts';

/** Which endpoint is asked how a payment ended: the reader's own goes before the public ones. */
class ChainEndpoints extends Screen {
  static override properties = {
    network: { state: true },
    asked: { state: true },
    trouble: { state: true },
    said: { state: true },
  };
  declare network: string;
  /** The endpoints of the network that is chosen, in the order in which they are asked. */
  declare asked: readonly string[];
  declare trouble: string | null;
  declare said: string;

  constructor() {
    super();
    this.network = PAYABLE_NETWORKS[0]?.id ?? '';
    this.asked = [];
    this.trouble = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.attempt('', async () => undefined);
  }

  async attempt(done: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
      this.asked = (await askBackground('rpcs', { network: this.network })).asked;
      this.trouble = null;
      this.said = done;
    } catch (error) {
      this.trouble = sentenceOf(error);
    }
  }

  choose(event: Event): void {
    if (event.currentTarget instanceof HTMLSelectElement) this.network = event.currentTarget.value;
    void this.attempt('', async () => undefined);
  }

  set(event: SubmitEvent): void {
    const url = fieldOf(event, 'rpc').trim();
    const { network } = this;
    const rpc = { network, url: url === '' ? null : url, explorer: null };
    void this.attempt('Saved.', () => askBackground('setRpc', rpc));
  }

  override render() {
    return html`<section class="card stack">
      <h2>Where the chain is asked</h2>
      <p class="small soft">
        How a payment ended is looked up on its network. An endpoint of your own is asked before the public ones; one on
        this machine is asked alone. An empty address means the public ones.
      </p>
      ${problem(this.trouble)}
      <form class="add" @submit=${(event: SubmitEvent) => this.set(event)}>
        <label>
          <span class="small soft">Network</span>
          <select name="network" @change=${(event: Event) => this.choose(event)}>
            ${PAYABLE_NETWORKS.map(({ id }) => html`<option value=${id}>${networkName(id)}</option>`)}
          </select>
        </label>
        <label class="where">
          <span class="small soft">Endpoint (JSON-RPC)</span>
          <input name="rpc" inputmode="url" autocomplete="off" placeholder="https://…" />
        </label>
        <button>Set endpoint</button>
      </form>
      ${
        this.asked.length === 0
          ? nothing
          : html`<ol class="small soft" aria-label="Asked in this order">
              ${this.asked.map((url) => html`<li>${url}</li>`)}
            </ol>`
      }
      <p role="status" class="small soft">${this.said}</p>
    </section>`;
  }
}

customElements.define('chain-endpoints', ChainEndpoints);
