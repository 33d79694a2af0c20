import { formatDecimal, USD_DECIMALS, type Verdict } from 'tuppence/core';
import type { Activity, PaymentSummary } from '../messaging/own-messages.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import type { PolicyRecord } from '../storage/settings.ts';
import { otherWayInWords, reasonInWords, reasonsOf } from '../ui/words.ts';

/** What is printed on stdout. */
export type Report = {
  /** Address that pays; null when the browser did not start. */
  readonly payer: string | null;
  /** US dollars as a decimal: see {@link spentOf}. */
  readonly spent: string;
  /** The pages that were opened, in order. */
  readonly pages: readonly PageReport[];
};

export type PageReport = {
  /** Where the page ended after redirects; what was asked for when nothing came. */
  readonly url: string;
  /** Of the last answer for the main document; null when none came. */
  readonly status: number | null;
  readonly title: string;
  /** The first 2,000 characters that a reader sees. */
  readonly text: string;
  /** One for each 402 of the page that was looked at, oldest first. */
  readonly payments: readonly PaymentReport[];
};

/** One 402 and what became of it. Without readable terms, `amount` to `payTo` are null. */
export type PaymentReport = {
  readonly url: string;
  readonly method: string;
  /** Atomic units of `asset`. */
  readonly amount: string | null;
  /** The amount in US dollars, as a decimal. */
  readonly usd: string | null;
  /** Address of the token. */
  readonly asset: string | null;
  /** CAIP-2. */
  readonly network: string | null;
  readonly payTo: string | null;
  /** The payment's own state; `unpaid` when nothing was signed; `handling` when the run ended before that. */
  readonly state: PaymentSummary['state'] | EncounterRecord['state'];
  /** Hash as the server gave it, or null. */
  readonly transaction: string | null;
  /** Null while nothing is decided. */
  readonly decision: Decision | null;
  /** Why a payment ended as it did, in the server's words, or null. */
  readonly note: string | null;
};

/**
 * Why it was paid or not, as a code and as a sentence. `ask`: a reader would have been asked, and nobody was there.
 * `unpayable`: its terms can't be read or are not supported. `failed`: the terms were fine, and paying failed.
 */
export type Decision = {
  readonly outcome: Verdict['outcome'];
  readonly reason: Verdict['reason'] | 'unpayable' | 'failed';
  readonly sentence: string;
};

type Item = Activity['items'][number];

export function paymentReport({ encounter, payment }: Item, policy: PolicyRecord): PaymentReport {
  const price = payment?.terms ?? encounter.price;
  return {
    url: encounter.url,
    method: encounter.method,
    amount: price?.amount ?? null,
    usd: price === null ? null : formatDecimal(BigInt(price.microUsd), USD_DECIMALS),
    asset: price?.asset ?? null,
    network: price?.network ?? null,
    payTo: price?.payTo ?? null,
    state: payment?.state ?? encounter.state,
    transaction: payment?.transaction ?? null,
    decision: decisionOf(encounter, policy),
    note: payment?.note ?? null,
  };
}

/**
 * What the reader is out of pocket for at most, in US dollars: everything that settled, and everything that still
 * may, which includes payments under way and payments that a server refused while it holds their signature.
 */
export function spentOf(payments: readonly PaymentSummary[]): string {
  const atStake = new Map(payments.filter(({ state }) => state !== 'expired').map((one) => [one.id, one]));
  const total = [...atStake.values()].reduce((sum, { terms }) => sum + BigInt(terms.microUsd), 0n);
  return formatDecimal(total, USD_DECIMALS);
}

function decisionOf(
  { verdict, sentence, state, price, otherWay }: EncounterRecord,
  policy: PolicyRecord,
): Decision | null {
  if (otherWay !== undefined)
    return { outcome: 'deny', reason: 'unpayable', sentence: otherWayInWords(otherWay) };
  if (state === 'unpaid' && sentence !== null)
    return { outcome: 'deny', reason: price === null ? 'unpayable' : 'failed', sentence };
  if (verdict === null) return null;
  return { outcome: verdict.outcome, reason: verdict.reason, sentence: inWords(verdict, policy) };
}

/** The extension's own words, but for what is set in another way here. */
function inWords(verdict: Verdict, policy: PolicyRecord): string {
  const sentences = reasonsOf(verdict).map((reason) =>
    reason === 'first-payment-here'
      ? 'The site is not one that --allow-site names.'
      : reason === 'other-origin'
        ? 'It comes from another origin, which no --allow-site SITE+ORIGIN names for this site.'
        : reasonInWords(reason, policy),
  );
  return sentences.join(' ');
}
