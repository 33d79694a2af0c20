import { html, nothing } from 'lit';
import { until } from 'lit/directives/until.js';
import type { PaymentSummary } from '../messaging/own-messages.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { explorerOf } from '../storage/rpcs.ts';
import type { PolicyRecord } from '../storage/settings.ts';
import { placeView } from './host.ts';
import { reasonOfSite } from './strangers.ts';
import { deliveryInWords, isHeld, networkName, stateInWords, timeOf, usd, whyUnpaid } from './words.ts';

/** Receipts: what, when, how much, how it stands, and where to look it up. */
export function paymentList(payments: readonly PaymentSummary[]) {
  if (payments.length === 0) return html`<p class="soft small">No payments yet.</p>`;
  return html`<ul class="list small">
    ${payments.map(
      ({ purchase, terms, state, createdAt, transaction, note, signed, delivery }) => html`<li>
        ${placeView(purchase.url)}
        <strong class="figures">${usd(terms.microUsd)}</strong>
        <span class="soft">${timeOf(createdAt)} · ${networkName(terms.network)}${receiptInWords(signed)}</span>
        <span class=${state}>${receiptLink(terms.network, transaction, stateInWords(state))}</span>
        ${isHeld(state) ? html`<span class="wide soft">${HELD}</span>` : nothing}
        ${delivery === undefined ? nothing : html`<span class="wide">${deliveryInWords(delivery)}</span>`}
        ${note === null ? nothing : html`<span class="wide soft">${reasonOfSite(note)}</span>`}
      </li>`,
    )}
  </ul>`;
}

const HELD =
  'The site holds a signed payment that it can use for up to ten minutes. The money stays reserved until it can’t.';

/** 402s that were not paid, each with the reason. */
export function unpaidList(unpaid: readonly EncounterRecord[], policy: PolicyRecord) {
  return html`<details class="card">
    <summary>Not paid (${unpaid.length})</summary>
    <ul class="list small">
      ${unpaid.map(
        (one) => html`<li>
          ${placeView(one.url)}
          <span class="figures soft">${one.price === null ? '' : usd(one.price.microUsd)}</span>
          <span class="wide soft">${timeOf(one.at)} · ${whyUnpaid(one, policy)}</span>
        </li>`,
      )}
    </ul>
  </details>`;
}

function receiptLink(network: string, transaction: string | null, words: string) {
  if (transaction === null) return words;
  const name = `${network} ${transaction} ${words}`;
  const link = links.get(name) ?? linkTo(network, transaction, words);
  links.set(name, link);
  return until(link, words);
}

/** Made once for each receipt: the popup draws itself anew every second, and a link must last as long as a press. */
const links = new Map<string, ReturnType<typeof linkTo>>();

async function linkTo(network: string, transaction: string, words: string) {
  const explorer = await explorerOf(network).catch(() => null); // A receipt needs no link.
  if (explorer === null) return words;
  const href = `${explorer}/tx/${encodeURIComponent(transaction)}`;
  return html`<a href=${href} target="_blank" rel="noreferrer" title="Transaction ${transaction}">${words}</a>`;
}

/** Whether the site has signed for it, in two words. */
function receiptInWords(signed: PaymentSummary['signed']): string {
  const worth = signed?.receipt?.worth ?? null;
  if (worth === null) return '';
  if (worth.state === 'signed') return ' · signed receipt';
  return worth.state === 'unverifiable' ? ' · unverified receipt' : ' · wrong receipt';
}
