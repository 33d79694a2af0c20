import {
  ALL_NETWORKS,
  formatDecimal,
  formatUsd,
  type IntentState,
  knownAsset,
  knownNetwork,
  sameAddress,
  USD_DECIMALS,
  type Verdict,
} from 'tuppence/core';
import type { Overview, Question } from '../messaging/own-messages.ts';
import type { EncounterRecord, PriceRecord } from '../storage/encounter-record.ts';
import type { DeliveryFault } from '../storage/intent-record.ts';
import type { OtherWay } from '../storage/other-way-record.ts';
import type { PolicyRecord } from '../storage/settings.ts';
import type { Readiness } from './arming.ts';
import { ownSentence } from './strangers.ts';

type ReasonCode = Verdict['reason'];

/** Why the reader is asked, or why nothing was paid: every reason of a decision, the worst first, as one text. */
export function verdictInWords(verdict: Verdict, policy: PolicyRecord): string {
  return reasonsOf(verdict)
    .map((reason) => reasonInWords(reason, policy))
    .join(' ');
}

/** The reasons of a decision, the worst first. */
export function reasonsOf(verdict: Verdict): readonly ReasonCode[] {
  return verdict.outcome === 'ask' ? verdict.reasons : [verdict.reason];
}

/** A sentence for every reason there is. */
export function reasonInWords(reason: ReasonCode, policy: PolicyRecord): string {
  switch (reason) {
    case 'under-threshold':
      return 'Paid by itself: the price is within your limit.';
    case 'approved':
      return 'You said yes to it.';
    case 'no-threshold':
      return 'You have set no auto-pay limit, so every payment is asked about.';
    case 'above-threshold':
      return `The price is above your auto-pay limit of ${usdOr(policy.autoPay, 'nothing')}.`;
    case 'over-day-budget':
      return overOrUnset('today’s budget of', 'budget for a day', policy.dayBudget);
    case 'over-site-budget':
      return overOrUnset('what this site may be paid in a day,', 'budget for a site', policy.siteDayBudget);
    case 'over-month-budget':
      return overOrUnset('this month’s budget of', 'budget for a month', policy.monthBudget);
    case 'too-many':
      return (policy.perMinute ?? null) === null
        ? 'You have set no number of payments a minute, so every payment is asked about.'
        : `This site was paid ${policy.perMinute} times within a minute.`;
    case 'site-asks':
      return 'You want to be asked about every payment on this site.';
    case 'changed-payee':
      return 'The site wants the money to go elsewhere than before: to another payee, or in another token or network.';
    case 'price-rose':
      return 'The price is well above anything this site has charged you before.';
    case 'site-blocked':
      return 'You have said that this site is never paid.';
    case 'short-of-money':
      return 'You do not have enough money for this.';
    case 'first-payment-here':
      return 'This site has not been paid before.';
    case 'other-origin':
      return 'It comes from another site than the one you are on, and is not covered by what you have allowed there.';
    case 'unprompted':
      return 'You did not go there yourself: another page sent you, and the site has not been paid before.';
    case 'already-paid':
      return 'You have paid for this address before.';
    case 'paid-by-page':
      return 'The page has just paid for this itself, with another wallet. That payment may still go through.';
    case 'wallet-locked':
      return 'Your spending key is locked.';
    case 'not-secure':
      return 'The connection is not encrypted, so the price could have been changed on the way.';
    case 'terms-from-page':
      return 'The price comes from the page itself and could not be checked.';
    case 'other-resource':
      return 'The site names another address than the one you opened.';
    case 'charged-before-content':
      return 'The site charges first and keeps the money if the page then fails.';
    case 'unconfirmed-token':
      return 'It asks for a token that you added yourself and have not cleared for auto-pay.';
    case 'long-authorization':
      return 'The site asks for a payment that stays valid unusually long.';
    case 'sends-form-again':
      return 'This page is the answer to a form. Paying sends the form once more.';
    case 'reloads-page':
      return 'Only loading the whole page again can fetch it.';
    case 'paused':
      return 'Payments are paused.';
    case 'no-wallet':
      return 'There is no spending key yet.';
    case 'refused':
      return 'You chose not to pay.';
    case 'earlier-payment-undecided':
      return 'An earlier payment for this is still being checked. It is not paid twice.';
    case 'page-left':
      return 'The page was left before it was paid.';
    case 'not-attachable':
      return 'The browser can’t attach a payment to this request alone. Nothing was paid.';
    case 'redirected':
      return 'The page was sent on to another address for this. Only a redirect within the site is followed with a payment.';
  }
}

/** Why a button that pays is grey, or nothing when it is not. */
export function readinessInWords(readiness: Readiness): string {
  switch (readiness) {
    case 'armed':
      return '';
    case 'unseen':
      return 'Come back to this window to answer.';
    case 'settling':
      return 'Ready in a moment.';
    case 'pressed':
      return 'Quick presses don’t count. Pause for a moment, then press.';
  }
}

/** How a payment stands, in a word or two. */
export function stateInWords(state: IntentState): string {
  switch (state) {
    case 'settled':
      return 'Paid';
    case 'reserved':
    case 'signed':
    case 'sent':
      return 'On its way';
    case 'rejected':
      return 'Refused by the site';
    case 'unknown':
      return 'Checking';
    case 'expired':
      return 'Not charged';
  }
}

export function isOnItsWay(state: IntentState): boolean {
  return ['reserved', 'signed', 'sent'].includes(state);
}

/** Whether a site that has the payment, and has not taken the money, still may. */
export function isHeld(state: IntentState): boolean {
  return state === 'rejected' || state === 'unknown';
}

/** How the payments stand that the reader has agreed to together. */
export function agreedInWords(states: readonly IntentState[]): string {
  if (states.some(isOnItsWay)) return 'Paying …';
  if (states.length === 0) return 'Nothing was paid.';
  return states.every((state) => state === 'settled') ? 'Paid.' : 'Not all of it was paid.';
}

/** What of today's sum was refused, or nobody knows the end of: it may still be taken. */
export function heldToday(payments: Overview['payments']): bigint {
  const today = dayOf(Date.now());
  return payments
    .filter(({ state, createdAt }) => isHeld(state) && dayOf(createdAt) === today)
    .reduce((sum, { terms }) => sum + BigInt(terms.microUsd), 0n);
}

export function heldTodayInWords(microUsd: bigint): string {
  return `${formatUsd(microUsd)} of it is on hold. It comes back once it can’t be taken any more.`;
}

const dayOf = (at: number) => new Date(at).toDateString();

/** What became of a payment whose page did not come, and what loading the page again does. */
export function undoneInWords(state: IntentState): string {
  switch (state) {
    case 'settled':
      return 'It is paid, but the page did not come.';
    case 'expired':
      return 'The page did not come, and nothing was charged.';
    default:
      return 'The page did not come. Loading it again sends the same payment, never a second one.';
  }
}

/** What went wrong with the header of a payment. */
export function deliveryInWords(delivery: DeliveryFault): string {
  switch (delivery) {
    case 'went-astray':
      return 'Another part of the page took the payment, and got the answer to it.';
  }
}

/** Why a 402 was not paid. */
export function whyUnpaid({ verdict, sentence, otherWay }: EncounterRecord, policy: PolicyRecord): string {
  if (otherWay !== undefined) return otherWayInWords(otherWay);
  if (sentence !== null) return ownSentence(sentence);
  return verdict === null ? 'Not paid.' : verdictInWords(verdict, policy);
}

const OTHER_WAYS: { readonly [W in OtherWay['way']]: string } = {
  'payment-auth': 'another payment protocol (HTTP “Payment”)',
  l402: 'Lightning (L402)',
  'crawler-price': 'pay per crawl, which is for registered crawlers',
};

/** How else a site wants to be paid, and what it asks for. */
export function otherWayInWords({ way, price }: OtherWay): string {
  return `The site asks for ${price ?? 'money'} by ${OTHER_WAYS[way]}. Only x402 is paid here.`;
}

/** Why something on a page was left alone without a look at it. */
export function leftAloneInWords(why: NonNullable<Overview['leftAlone']>): string {
  switch (why) {
    case 'too-many':
      return 'This page has asked for more paid things than are looked at. The rest of them was left unpaid.';
    case 'too-much-text':
      return 'The prices on this page come with more text than is kept. Some of them were left unpaid.';
    case 'method-too-long':
    case 'address-too-long':
      return 'This page has asked for something whose address is too long to be paid.';
  }
}

/** Millionths of a dollar from a decimal string: `"50000"` is `5¢`. */
export function usd(microUsd: string): string {
  return formatUsd(BigInt(microUsd));
}

/** Millionths of a dollar as a figure to edit, at least to the cent: `"100000"` is `0.10`. */
export function dollars(microUsd: string): string {
  const [whole = '0', fraction = ''] = formatDecimal(BigInt(microUsd), USD_DECIMALS).split('.');
  return `${whole}.${fraction.padEnd(2, '0')}`;
}

/** The token amount with its symbol, exact: `0.05 USDC`. */
export function tokens({
  amount,
  decimals,
  symbol,
}: Pick<PriceRecord, 'amount' | 'decimals' | 'symbol'>): string {
  return `${formatDecimal(BigInt(amount), decimals)} ${symbol}`;
}

/**
 * What it costs and what there is: on the network that it is paid on, and on the others that are known to hold some.
 *
 * @param free atomic units of the token that it is paid in.
 */
export function shortInWords(price: PriceRecord, free: string, holdings: Question['holdings']): string {
  const isTest = knownNetwork(price.network, ALL_NETWORKS)?.testnet;
  const elsewhere = holdings.flatMap(({ network: id, asset, atomic }) => {
    const network = knownNetwork(id, ALL_NETWORKS);
    const token = network === null ? null : knownAsset(network, asset);
    const isHere = id === price.network && sameAddress(asset, price.asset);
    // Test money buys nothing that costs real money, and is never shown as if it did.
    if (isHere || token === null || network?.testnet !== isTest || atomic === '0') return [];
    return [heldInWords(atomic, token.decimals, id)];
  });
  const here = heldInWords(free, price.decimals, price.network);
  return `This costs ${usd(price.microUsd)}. You have ${[here, ...elsewhere].join(', ')}.`;
}

/** Rounded down, unlike a price: never more than there is. */
function heldInWords(atomic: string, decimals: number, network: string): string {
  const amount = BigInt(atomic) * 10n ** BigInt(USD_DECIMALS);
  return `${formatUsd(amount / 10n ** BigInt(decimals))} on ${networkName(network)}`;
}

/** The networks that something can be paid on. */
export const PAYABLE_NETWORKS = ALL_NETWORKS.filter(({ assets }) => assets.length > 0);

export function networkName(id: string): string {
  const known = knownNetwork(id, ALL_NETWORKS);
  return known === null ? id : known.testnet ? `${known.name} (test money)` : known.name;
}

/** `0x1234…abcd`: enough to compare at a glance; the whole stands beside it wherever it matters. */
export function shortAddress(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

/** The host as the browser knows it: names in other scripts as punycode, so that lookalikes look unlike. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** Today's payments by their time, older ones by their day. */
export function timeOf(at: number): string {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return today
    ? date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString([], { day: 'numeric', month: 'short' });
}

function overOrUnset(budget: string, name: string, microUsd: string | null | undefined): string {
  return (microUsd ?? null) === null
    ? `You have set no ${name}, so every payment is asked about.`
    : `It would go over ${budget} ${usd(microUsd ?? '0')}.`;
}

function usdOr(microUsd: string | null, none: string): string {
  return microUsd === null ? none : usd(microUsd);
}
