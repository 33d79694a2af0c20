import { html, nothing, type TemplateResult } from 'lit';
import { usd } from './words.ts';

/** What was spent of a budget, in figures and as a bar. Amounts are millionths of a dollar; without a budget there is no bar. */
export function meter(
  name: string,
  spent: string,
  budget: string | null | undefined,
  per: string,
): TemplateResult {
  return html`<div>
    <h2>${name}</h2>
    <p class="spent figures">${usd(spent)}</p>
    <p class="soft small figures">${of(budget, per)}</p>
    ${
      (budget ?? null) === null
        ? nothing
        : html`<progress aria-label="Share of the budget: ${name}" max=${budget} value=${spent}></progress>`
    }
  </div>`;
}

function of(budget: string | null | undefined, per: string): string {
  if (budget === undefined) return 'no limit';
  return budget === null ? 'no budget set: every payment is asked about' : `of ${usd(budget)} ${per}`;
}
