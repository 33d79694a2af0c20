import { html, nothing, type TemplateResult } from 'lit';
import { usd } from './words.ts';

/** What was spent of a budget, in figures and as a bar. Amounts are millionths of a dollar; a null budget is none. */
export function meter(name: string, spent: string, budget: string | null, per: string): TemplateResult {
  return html`<div>
    <h2>${name}</h2>
    <p class="spent figures">${usd(spent)}</p>
    <p class="soft small figures">${budget === null ? 'no budget set' : `of ${usd(budget)} ${per}`}</p>
    ${
      budget === null
        ? nothing
        : html`<progress aria-label="Share of the budget: ${name}" max=${budget} value=${spent}></progress>`
    }
  </div>`;
}
