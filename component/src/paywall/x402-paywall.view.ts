import { html, nothing, type TemplateResult } from 'lit';
import { explorerLink, formatUsd, type Quote } from '../core/index.ts';
import type { Model } from './model.ts';
import { words } from './words.ts';

/** What the view calls back, and what it shows that is not in the model. */
export type ViewContext = { readonly helpHref: string; readonly onPress: () => void };

/**
 * The shadow tree. Slots and the live region are always there: a slot that comes and goes loses its content, and a
 * live region that appears with its text is not announced.
 */
export function view(model: Model, context: ViewContext): TemplateResult {
  const unlocked = model.state === 'unlocked';
  return html`
    <div part="teaser" class=${unlocked ? '' : 'faded'}><slot></slot></div>
    <div class=${unlocked && model.receipt === null ? 'unseen' : 'frame'}>
      <div part="card" class="card ${unlocked ? 'slim' : isBare(model) ? 'bare' : ''}" tabindex="-1">
        ${unlocked ? receipt(model) : [lead(model), button(model, context), details(model)]}
        <p part="status" role="status" class="status ${isBad(model) ? 'bad' : ''}">${model.status}</p>
        ${model.help ? help(model, context) : nothing}
      </div>
    </div>
    <slot name="content" class="fresh"></slot>
  `;
}

/** A reader who said no, or has nothing to pay with yet, has done nothing wrong. */
function isBad({ state }: Model): boolean {
  return state === 'error' || state === 'unsupported';
}

/** Nothing but a sentence and what to do about it. */
function isBare(model: Model): boolean {
  return isBad(model) && model.quote === null;
}

function lead(model: Model): TemplateResult | typeof nothing {
  const { state, quote } = model;
  if (model.receipt !== null) return html`<p class="lead">${receipt(model)}</p>`;
  if (quote !== null)
    return html`<p class="lead">
      <span part="price" class="price">${formatUsd(quote.microUsd)}</span> ${words.lead}
    </p>`;
  return state === 'locked' || state === 'confirming'
    ? html`<p class="lead">${words.leadHidden}</p>`
    : nothing;
}

/** Pieces that stay whole when the line breaks. */
function details({ quote }: Model): TemplateResult | typeof nothing {
  if (quote === null) return nothing;
  return html`<p part="details" class="details" id="details">
    <span>${words.amount(quote)}</span>
    <span title=${quote.payTo}>${words.payee(quote.payTo)}.</span>
    <span>${quote.upfront ? words.upfront : words.once}</span>
  </p>`;
}

/** `aria-disabled`, not `disabled`: a disabled button would drop the focus that the reader has on it. */
function button({ state, button: label }: Model, { onPress }: ViewContext): TemplateResult | typeof nothing {
  if (label === null) return nothing;
  const busy = state === 'confirming' || state === 'paying';
  return html`<button
    part="button"
    type="button"
    aria-disabled=${busy ? 'true' : 'false'}
    aria-describedby="details"
    @click=${onPress}
  >${busy ? html`<span class="spinner" aria-hidden="true"></span>` : nothing}${label}</button>`;
}

function receipt({ quote, receipt: paid }: Model): TemplateResult | typeof nothing {
  if (paid === null) return nothing;
  const link = linkTo(quote, paid.transaction);
  return html`<span>${words.paid(quote)}</span>
    ${link === null ? nothing : html`<a href=${link} target="_blank" rel="noopener">${words.receipt}</a>`}`;
}

/** A transaction is the server's word; only one that looks like a hash goes into an address. */
function linkTo(quote: Quote | null, transaction: string | null): string | null {
  if (quote === null || transaction === null || !/^0x[0-9a-f]{64}$/i.test(transaction)) return null;
  return explorerLink(quote.network.id, transaction);
}

function help({ quote }: Model, { helpHref }: ViewContext): TemplateResult {
  return html`<div part="help" class="help">
    <h2>${words.helpTitle}</h2>
    <ol>${words.helpSteps(quote).map((step) => html`<li>${step}</li>`)}</ol>
    <p><a href=${helpHref} target="_blank" rel="noopener">${words.helpLink}</a></p>
  </div>`;
}
