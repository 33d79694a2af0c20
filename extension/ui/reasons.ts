import { html, nothing, type TemplateResult } from 'lit';
import { ALL_NETWORKS, knownAsset, knownNetwork, type Payee } from 'tuppence/core';
import type { Question } from '../messaging/own-messages.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import type { PolicyRecord } from '../storage/settings.ts';
import { networkName, reasonInWords, reasonsOf, timeOf, usd } from './words.ts';

/**
 * Everything that stands against a payment, the worst first, with the figures that make it so.
 *
 * @param knowsBalance whether the screen says itself what there is, and so whether that is too little.
 */
export function reasonList(question: Question, knowsBalance: boolean): TemplateResult | typeof nothing {
  const reasons = question.encounter.verdict === null ? [] : reasonsOf(question.encounter.verdict);
  const sentences = reasons
    .filter((reason) => !(knowsBalance && reason === 'short-of-money'))
    .map((reason) => inFull(reason, question));
  if (sentences.length === 0) return nothing;
  return sentences.length === 1
    ? html`<p>${sentences[0]}</p>`
    : html`<ul class="reasons" aria-label="Why you are asked">
        ${sentences.map((sentence) => html`<li>${sentence}</li>`)}
      </ul>`;
}

/** Whom this origin was paid for before, as a fact; null when it is not somebody else now. */
export function formerPayee({ encounter, payeeBefore }: Question): string | null {
  const isOther = encounter.verdict !== null && reasonsOf(encounter.verdict).includes('changed-payee');
  return isOther && payeeBefore !== null ? payeeInWords(payeeBefore, encounter) : null;
}

function inFull(reason: ReturnType<typeof reasonsOf>[number], question: Question): string {
  const { encounter, policy, paidAt, paidMicroUsd } = question;
  if (reason === 'already-paid' && paidAt !== null) return paidBefore(paidAt, paidMicroUsd);
  return reason === 'price-rose' ? priceRose(encounter, policy) : reasonInWords(reason, policy);
}

function priceRose({ figures, price }: EncounterRecord, policy: PolicyRecord): string {
  const [highest, now] = [figures?.highestPaidHere ?? null, price?.microUsd ?? null];
  return highest === null || now === null
    ? reasonInWords('price-rose', policy)
    : `The price is ${usd(now)}. This site has never charged you more than ${usd(highest)} before.`;
}

/** When and what: the reader decides better than any rule whether that was this. */
function paidBefore(at: number, microUsd: string | null): string {
  const what = microUsd === null ? ',' : `: ${usd(microUsd)},`;
  return `You paid for this address before${what} ${timeOf(at)}.`;
}

/** The address, with token and network where those are others too. */
function payeeInWords({ network, asset, payTo }: Payee, { price }: EncounterRecord): string {
  const known = knownNetwork(network, ALL_NETWORKS);
  const token = known === null ? null : knownAsset(known, asset);
  const isSameToken = price?.network === network && price.asset.toLowerCase() === asset.toLowerCase();
  return isSameToken ? payTo : `${payTo} in ${token?.symbol ?? asset} on ${networkName(network)}`;
}
