import { isServer, LitElement, type PropertyValues } from 'lit';
import { type Content, drawContent } from './content.ts';
import { createGate, type Gate } from './gate.ts';
import { checking, type Model, type PaywallState } from './model.ts';
import { styles } from './x402-paywall.styles.ts';
import { view } from './x402-paywall.view.ts';

const DEFAULT_HELP = 'https://github.com/x402-foundation/x402';

/**
 * Gates content behind an endpoint that answers 402 in x402's terms, and pays it when the reader presses: through
 * an extension that pays, else with a browser wallet. The paid text is not in the page before it is paid.
 *
 * @summary A paywall for HTTP 402 (x402).
 * @tag x402-paywall
 * @attr {string} src - Address of the paid content; read by GET.
 * @attr {string} help-href - Page that tells a reader without extension or wallet how to pay.
 * @attr {checking|locked|confirming|paying|unlocked|unsupported|error} state - Reflected; setting it does nothing.
 * @slot - The teaser, shown to everyone.
 * @slot content - Filled by the element: the paid content, in the page's own tree and styles.
 * @event {X402QuoteEvent} x402-quote - The terms were read and their price is shown.
 * @event {X402PayEvent} x402-pay - The reader has pressed and nothing is signed; cancelable.
 * @event {X402PaidEvent} x402-paid - The site took the payment.
 * @event {X402ErrorEvent} x402-error - Something failed; `code` names it.
 * @csspart teaser - Around the teaser.
 * @csspart card - The card with the price.
 * @csspart price - The price.
 * @csspart details - Token, network and payee in small print.
 * @csspart button - The button.
 * @csspart status - What has just happened, in words.
 * @csspart help - How to pay, for readers without a wallet.
 * @cssproperty [--x402-accent=light-dark(#14594d, #8ad6c4)] - Colour of the button and of focus.
 * @cssproperty [--x402-radius=10px] - Corner of the card; the button follows.
 * @cssproperty [--x402-font=inherit] - Font family of the card.
 * @cssproperty [--x402-surface=a tint of the text colour] - Background of the card.
 * @cssproperty [--x402-text=inherit] - Text of the card.
 */
export class X402PaywallElement extends LitElement {
  static override readonly styles = styles;
  static override readonly properties = {
    src: { type: String },
    helpHref: { type: String, attribute: 'help-href' },
    model: { state: true },
  };

  declare src: string;
  declare helpHref: string;
  /** @internal */
  declare model: Model;

  readonly #gate: Gate = createGate({
    show: (model) => {
      this.model = model;
    },
    draw: (content) => this.#draw(content),
    emit: (event) => this.dispatchEvent(event),
  });
  #leave = () => {};
  #hadFocus = false;

  constructor() {
    super();
    this.src = '';
    this.helpHref = DEFAULT_HELP;
    this.model = checking;
  }

  /** Where the element stands; the `state` attribute says the same. */
  get state(): PaywallState {
    return this.model.state;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (!isServer) this.#leave = this.#gate.join();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  protected override willUpdate(): void {
    this.#hadFocus = this.shadowRoot?.activeElement?.localName === 'button';
  }

  protected override render(): unknown {
    const helpHref = webAddress(this.helpHref, DEFAULT_HELP) ?? DEFAULT_HELP;
    return view(this.model, { helpHref, onPress: () => void this.#gate.press() });
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.setAttribute('state', this.state);
    if (this.#hadFocus) this.#keepFocus();
    if (changed.has('src')) void this.#gate.open(webAddress(this.src, document.baseURI));
  }

  /** The button is gone: the reader stays at its place instead of at the top of the page. */
  #keepFocus(): void {
    if (this.shadowRoot?.activeElement !== null) return;
    this.shadowRoot.querySelector<HTMLElement>('.card')?.focus({ preventScroll: true });
  }

  #draw(content: Content | null): void {
    this.querySelector(':scope > .x402-content')?.remove();
    if (content === null) return;
    const container = document.createElement('div');
    container.className = 'x402-content';
    container.slot = 'content';
    drawContent(container, content);
    this.append(container);
  }
}

/** `text` as an absolute http(s) address without its fragment, or null. */
function webAddress(text: string, base: string): string | null {
  if (text === '' || !URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  url.hash = '';
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null;
}
