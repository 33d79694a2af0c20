import { html, LitElement, svg, type TemplateResult } from 'lit';

/** The mark: a coin with two bars. */
export const coin = svg`<svg viewBox="0 0 32 32" aria-hidden="true">
  <circle cx="16" cy="16" r="15" fill="#b4532a" />
  <circle cx="16" cy="16" r="12.6" fill="none" stroke="#fff0dc" stroke-width="1.3" />
  <path d="M12.5 10v12M19.5 10v12" stroke="#fff0dc" stroke-width="3.4" stroke-linecap="round" />
</svg>`;

export const brandName = html`<span class="brand">${coin}<span>Tuppence</span></span>`;
export const brand = html`<p>${brandName}</p>`;

/** Something went wrong, in words; nothing when it did not. */
export function problem(sentence: string | null): TemplateResult | null {
  return sentence === null ? null : html`<p class="problem" role="alert">${sentence}</p>`;
}

/**
 * Base of the extension's screens: they render into the document itself, so that one stylesheet serves them all.
 */
export class Screen extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}

/** The text of a named field in the form that was submitted. */
export function fieldOf(event: SubmitEvent, name: string): string {
  event.preventDefault();
  const form = event.currentTarget;
  const value = form instanceof HTMLFormElement ? new FormData(form).get(name) : null;
  return typeof value === 'string' ? value : '';
}
