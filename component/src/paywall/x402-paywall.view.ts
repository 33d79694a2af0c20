import { html, nothing, type TemplateResult } from 'lit';
import { formatToken } from '../core/index.ts';
import type { Face } from '../locales/words.ts';
import { type Model, type PaywallState, priceOf, STATES } from './model.ts';
import type { Extras, Wallet } from './till.ts';

/** What the view calls back, and what it shows that is not in the model. */
export type ViewContext = {
  readonly face: Face;
  readonly helpHref: string;
  /** States for which the page has put something of its own in place of the card. */
  readonly replaced: ReadonlySet<PaywallState>;
  readonly extras: Extras | null;
  readonly receiptLine: typeof import('./extras.view.ts').receiptLine | null;
  readonly onPress: () => void;
  readonly onChoose: (wallet: Wallet) => void;
  readonly onSlot: (event: Event) => void;
  readonly onOwn: (event: Event) => void;
};

/**
 * The shadow tree. Slots and the live region are always there: a slot that comes and goes loses its content, and a
 * live region that appears with its text is not announced.
 */
export function view(model: Model, context: ViewContext): TemplateResult {
  const { state, receipt: paid } = model;
  const unlocked = state === 'unlocked';
  const kind = unlocked ? 'slim' : isBare(model) ? 'bare' : '';
  const replaced = context.replaced.has(state);
  return html`
    <div part="teaser" class=${unlocked ? '' : 'faded'}><slot></slot></div>
    ${STATES.map(
      (name) =>
        html`<slot
          name=${name}
          ?hidden=${name !== state}
          @slotchange=${context.onSlot}
          @click=${context.onOwn}
        ></slot>`,
    )}
    <div class=${replaced || (unlocked && paid === null) ? 'unseen' : 'frame'}>
      <div part="card ${state}" class="card ${kind}" tabindex="-1">
        ${replaced ? nothing : unlocked ? receipt(model, context) : body(model, context)}
        <p part="status" role="status" class="status ${isBad(model) ? 'bad' : ''}">${model.status}</p>
        ${replaced || model.extra === null ? nothing : extra(model, context)}
      </div>
    </div>
    <slot name="content" class="fresh"></slot>
  `;
}

function body(model: Model, context: ViewContext): unknown {
  return [lead(model, context), button(model, context), details(model, context)];
}

function extra(model: Model, { extras, helpHref, onChoose }: ViewContext): unknown {
  return extras?.(model, { html, helpHref, onChoose }) ?? nothing;
}

/** A reader who said no, or has nothing to pay with yet, has done nothing wrong. */
function isBad({ state }: Model): boolean {
  return state === 'error' || state === 'unsupported';
}

/** Nothing but a sentence and what to do about it. */
function isBare({ state, quote }: Model): boolean {
  return quote === null && (state === 'error' || state === 'unsupported' || state === 'offline');
}

function lead(model: Model, context: ViewContext): unknown {
  const { state, quote } = model;
  const { face } = context;
  if (model.receipt !== null) return html`<p class="lead">${receipt(model, context)}</p>`;
  if (quote !== null)
    return html`<p class="lead">
      <span part="price" class="price">${priceOf(quote, face)}</span> ${face.lead}
    </p>`;
  return state === 'locked' || state === 'confirming' || state === 'refused'
    ? html`<p class="lead">${face.leadHidden}</p>`
    : nothing;
}

/** Pieces that stay whole when the line breaks. */
function details({ quote }: Model, { face }: ViewContext): unknown {
  if (quote === null) return nothing;
  const { network, asset, payTo, requirements, upfront } = quote;
  const place = network.testnet ? face.testNetwork(network.name) : network.name;
  return html`<p part="details" class="details" id="details">
    <span>${face.amountOn(formatToken(requirements.amount, asset, face.locale), place)}</span>
    <span title=${payTo}>${face.payee(`${payTo.slice(0, 6)}…${payTo.slice(-4)}`)}</span>
    <span>${upfront ? face.upfront : face.once}</span>
  </p>`;
}

/** `aria-disabled`, not `disabled`: a disabled button would drop the focus that the reader has on it. */
function button({ state, button: label }: Model, { onPress }: ViewContext): unknown {
  if (label === null) return nothing;
  const busy = state === 'confirming' || state === 'paying';
  return html`<button
    part="button"
    class="pay"
    type="button"
    aria-disabled=${busy}
    aria-describedby="details"
    @click=${onPress}
  >${busy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${label}</button>`;
}

function receipt(model: Model, { face, receiptLine }: ViewContext): unknown {
  return (model.receipt && receiptLine?.(model, { html, face })) ?? nothing;
}
