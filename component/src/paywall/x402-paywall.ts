import { isServer, LitElement, type PropertyValues } from 'lit';
import type { Quote } from '../core/index.ts';
import { X402StateEvent } from '../events.ts';
import * as lazy from '../lazy.ts';
import { face as english } from '../locales/en-face.ts';
import type { Face, Language, Locale } from '../locales/words.ts';
import type { Eip1193Provider } from '../wallet/eip1193.ts';
import type { Content } from './content.ts';
import { createGate, DEFAULT_MAX_AMOUNT, type Gate, type Till } from './gate.ts';
import { checking, type Model, type PaywallState, STATES } from './model.ts';
import { styles } from './x402-paywall.styles.ts';
import { view } from './x402-paywall.view.ts';

const DEFAULT_HELP = 'https://github.com/x402-foundation/x402';

/**
 * Gates content behind an endpoint that answers 402 in x402's terms, and pays it when the reader presses: through
 * an extension that pays, else with a browser wallet. The paid content is not in the page before it is paid.
 *
 * @summary A paywall for HTTP 402 (x402).
 * @tag x402-paywall
 * @slot - The teaser, shown to everyone, also without JavaScript.
 * @slot content - Filled by the element: the paid content, in the page's own tree and styles.
 * @slot checking - Instead of the card while the price is looked up.
 * @slot locked - Instead of the card with the price; an element with `data-x402-pay` in it is a button.
 * @slot confirming - Instead of the card while the extension or the wallet asks the reader.
 * @slot paying - Instead of the card while the payment is on its way.
 * @slot unlocked - Instead of the line with the receipt.
 * @slot refused - Instead of the card after a no.
 * @slot unsupported - Instead of the card when this can't be paid here.
 * @slot error - Instead of the card after a failure.
 * @slot offline - Instead of the card without a network.
 * @event {X402StateEvent} x402-state - Another state than before.
 * @event {X402QuoteEvent} x402-quote - The terms were read and their price is shown.
 * @event {X402PayEvent} x402-pay - The reader has pressed and nothing is signed; cancelable.
 * @event {X402PaidEvent} x402-paid - The site took the payment.
 * @event {X402ContentEvent} x402-content - The content arrives; cancelable, to draw it yourself.
 * @event {X402ErrorEvent} x402-error - Something failed; `code` names it.
 * @csspart teaser - Around the teaser.
 * @csspart card - The card; its state is a second name of this part, such as `::part(card locked)`.
 * @csspart price - The price.
 * @csspart details - Token, network and payee in small print.
 * @csspart button - The button.
 * @csspart status - What has just happened, in words.
 * @csspart receipt - What was paid.
 * @csspart help - How to pay, for readers without a wallet.
 * @csspart wallets - The wallets to choose from.
 * @csspart wallet - One of them.
 * @cssproperty [--x402-accent=light-dark(#14594d, #8ad6c4)] - Colour of the button and of focus.
 * @cssproperty [--x402-radius=10px] - Corner of the card; the button follows.
 * @cssproperty [--x402-font=inherit] - Font family of the card.
 * @cssproperty [--x402-surface=a tint of the text colour] - Background of the card.
 * @cssproperty [--x402-text=inherit] - Text of the card.
 * @cssstate checking - As the attribute `state`; so for every state.
 */
export class X402PaywallElement extends LitElement {
  static override readonly styles = styles;
  static override readonly properties = {
    src: { type: String },
    maxAmount: { type: String, attribute: 'max-amount' },
    payTo: { type: String, attribute: 'pay-to' },
    auto: { type: Boolean },
    trusted: { type: Boolean },
    label: { type: String },
    helpHref: { type: String, attribute: 'help-href' },
    model: { state: true },
    face: { state: true },
    replaced: { state: true },
  };

  /**
   * Languages that a page adds, or its own words for one, by the first part of their tag: `locales.nl = { face, more }`.
   * Elements that are there already speak them from their next `reload()` on.
   */
  static readonly locales: { [language: string]: Locale } = {};

  /** Address of the paid content; read by GET. */
  declare src: string;
  /** Most that may be paid, in dollars; a dearer offer is not paid. */
  declare maxAmount: string;
  /** Addresses that may be paid, separated by blanks. Empty: whichever the server names. */
  declare payTo: string;
  /** Lets the reader's extension pay when the element scrolls into view, by the reader's own limits. */
  declare auto: boolean;
  /** Lets scripts in the paid HTML run; counts only when it comes from the page's own origin. */
  declare trusted: boolean;
  /** What a paid image shows, or what a recording or document is about, for readers who can't see it. */
  declare label: string;
  /** Page that tells a reader without extension or wallet how to pay. */
  declare helpHref: string;
  /** A wallet (EIP-1193) that the page has connected already; used instead of looking for one. */
  wallet: Eip1193Provider | null = null;
  /** Asks the server, instead of the window's `fetch`: for credentials, headers or a test. */
  fetch: ((url: string, init: RequestInit) => Promise<Response>) | null = null;
  /** @internal */
  declare model: Model;
  /** @internal */
  declare face: Face;
  /** @internal */
  declare replaced: ReadonlySet<PaywallState>;

  readonly #gate: Gate;
  readonly #internals: ElementInternals | null;
  #leave = () => {};
  #hadFocus = false;
  #isInView = false;
  #language: Language | Locale | null = null;
  #till: Till | null = null;
  #shown: PaywallState | null = null;
  #scroll: IntersectionObserver | null = null;

  constructor() {
    super();
    this.src = this.payTo = this.label = '';
    this.maxAmount = DEFAULT_MAX_AMOUNT;
    this.auto = this.trusted = false;
    this.helpHref = DEFAULT_HELP;
    this.face = english;
    this.model = checking(english);
    this.replaced = new Set();
    this.#internals = isServer ? null : this.attachInternals();
    this.#gate = createGate({
      show: (model) => {
        this.model = model;
      },
      place: (content) => this.#place(content),
      equip: (till) => this.#equip(till),
      emit: (event) => this.dispatchEvent(event),
      settings: () => ({
        maxAmount: this.maxAmount,
        payTo: this.payTo,
        wallet: this.wallet,
        fetch: this.fetch ?? ((url, init) => globalThis.fetch(url, init)),
        face: this.face,
        language: this.#language,
      }),
    });
  }

  /** Where the element stands; the `state` attribute says the same. */
  get state(): PaywallState {
    return this.model.state;
  }

  /** The terms of `src`, or null when there are none to pay. Asks the server, never the reader. */
  async quote(): Promise<Quote | null> {
    await this.updateComplete;
    return this.#gate.quote();
  }

  /** The same as a press of the button. Resolves with the state that it led to. */
  async pay(): Promise<PaywallState> {
    await this.quote();
    await this.#gate.press();
    return this.state;
  }

  /**
   * Looks at `src` again, in the language of the page as it is now, and pays nothing. Resolves with the state that it
   * led to.
   */
  async reload(): Promise<PaywallState> {
    // The words come first, so that the element does not change its language before the reader's eyes.
    const { lang } = this.closest<HTMLElement>('[lang]') ?? document.documentElement;
    const own = X402PaywallElement.locales[lang.split('-')[0] ?? ''];
    const spoken = own || /^en\b/i.test(lang) ? null : await lazy.faces().catch(() => null); // English will do.
    const found = spoken?.faceOf(lang);
    this.#language = own ?? found?.language ?? null;
    this.face = (own ?? found)?.face ?? english;
    await this.#gate.open(webAddress(this.src, document.baseURI));
    return this.state;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (isServer) return;
    this.#leave = this.#gate.join();
    addEventListener('online', this.#onOnline);
    this.#scroll = new IntersectionObserver((entries) => {
      this.#isInView = entries.some(({ isIntersecting }) => isIntersecting);
      this.#payQuietly();
    });
    this.#scroll.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
    removeEventListener('online', this.#onOnline);
    this.#scroll?.disconnect();
  }

  /** What a server has drawn is adopted by Lit's hydration where that is loaded; else it is drawn anew, not twice. */
  protected override createRenderRoot(): HTMLElement | DocumentFragment {
    const root = super.createRenderRoot();
    if (!isServer && !('litElementHydrateSupport' in globalThis)) {
      root.replaceChildren();
      this.renderOptions.renderBefore = null;
    }
    return root;
  }

  /** The slots of a tree that a server has drawn were filled before anybody listened. */
  protected override firstUpdated(): void {
    this.#onSlot();
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement?.localName === 'button';
  }

  protected override render(): unknown {
    return view(this.model, {
      face: this.face,
      helpHref: webAddress(this.helpHref, DEFAULT_HELP) ?? DEFAULT_HELP,
      replaced: this.replaced,
      extras: this.#gate.session.extras,
      receiptLine: this.#till?.receiptLine ?? null,
      onPress: () => void this.#gate.press(),
      onChoose: (wallet) => void this.#gate.choose(wallet),
      onSlot: this.#onSlot,
      onOwn: this.#onOwn,
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { state } = this;
    if (state !== this.#shown) this.#tell(state);
    if (this.#hadFocus) this.#keepFocus();
    if (changed.has('src') || changed.has('maxAmount') || changed.has('payTo')) void this.reload();
    if (state === 'locked' && changed.has('model')) this.#payQuietly();
  }

  #tell(state: PaywallState): void {
    this.#shown = state;
    this.setAttribute('state', state);
    this.#internals?.states.clear();
    this.#internals?.states.add(state);
    this.dispatchEvent(new X402StateEvent(state));
  }

  readonly #onOnline = (): void => {
    if (this.state === 'offline') void this.reload();
  };

  readonly #onSlot = (): void => {
    this.replaced = new Set(STATES.filter((name) => this.querySelector(`:scope>[slot=${name}]`)));
  };

  /** A page's own button, in a slot, needs no script of its own. */
  readonly #onOwn = ({ target }: Event): void => {
    if (target instanceof Element && target.closest('[data-x402-pay]') !== null) void this.#gate.press();
  };

  #payQuietly(): void {
    if (this.auto && this.#isInView) void this.#gate.payQuietly();
  }

  /** The button is gone: the reader stays at its place instead of at the top of the page. */
  #keepFocus(): void {
    if (this.shadowRoot?.activeElement !== null) return;
    this.shadowRoot.querySelector<HTMLElement>('.card')?.focus({ preventScroll: true });
  }

  /** What is only seen later brings its styles along. */
  #equip(till: Till): void {
    if (this.#till === null) this.shadowRoot?.adoptedStyleSheets.push(till.laterSheet());
    this.#till = till;
  }

  async #place(content: Content | null): Promise<void> {
    const before = this.querySelector(':scope > .x402-content');
    if (content === null) before?.remove();
    else await this.#till?.place(this, content);
  }
}

/** `text` as an absolute http(s) address without its fragment, or null. */
function webAddress(text: string, base: string): string | null {
  if (text === '' || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  url.hash = '';
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
