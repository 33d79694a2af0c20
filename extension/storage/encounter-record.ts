import { asInteger, asObject, asOneOf, asString, asTextOrNull, type Verdict } from 'tuppence/core';
import { asFigures, type FiguresRecord } from './figures-record.ts';
import { asVerdict } from './verdict-record.ts';

/**
 * One 402 that was looked at, and what became of it: the answer to "why did it (not) pay?".
 *
 * - `handling`: being looked at.
 * - `asking`: the reader has been asked.
 * - `paid`: handed to a payment, whose own state says how that ended.
 * - `unpaid`: nothing was signed; `verdict` or `sentence` says why.
 */
export type EncounterRecord = {
  readonly id: string;
  readonly tabId: number;
  readonly frameId: number;
  /** The document that asked, for `fetch`; null for a navigation. */
  readonly documentId: string | null;
  readonly kind: 'navigation' | 'fetch';
  /** Origin in the address bar. */
  readonly site: string;
  readonly url: string;
  readonly method: string;
  readonly at: number;
  readonly state: 'handling' | 'asking' | 'paid' | 'unpaid';
  readonly verdict: Verdict | null;
  /** Why the terms can't be paid, for a person; null when they can. */
  readonly sentence: string | null;
  readonly price: PriceRecord | null;
  readonly intentId: string | null;
  /** The terms as they were read, so that what the reader approves is what was asked: header value or JSON body. */
  readonly terms: {
    readonly from: 'header' | 'body';
    readonly text: string;
  } | null;
  /** The consent window that is open for it, or null. */
  readonly windowId: number | null;
  /** What the verdict rested on, as it stood then; null when nothing was decided, or by an older version. */
  readonly figures: FiguresRecord | null;
  /** How it was tried to open what was bought before without paying again; null when it was not. */
  readonly freeWay: 'sign-in' | 'resend' | null;
};

/** What a quote came to: atomic units and millionths of a dollar as decimal strings. */
export type PriceRecord = {
  readonly amount: string;
  readonly microUsd: string;
  readonly asset: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly network: string;
  readonly payTo: string;
};

/** @throws {MalformedError} */
export function asEncounter(value: unknown): EncounterRecord {
  const record = asObject(value, 'encounter');
  return {
    id: asString(record['id'], 'encounter.id'),
    tabId: asInteger(record['tabId'], 'encounter.tabId', -1),
    frameId: asInteger(record['frameId'], 'encounter.frameId', 0),
    documentId: asTextOrNull(record['documentId']),
    kind: asOneOf(record['kind'], 'encounter.kind', ['navigation', 'fetch']),
    site: asString(record['site'], 'encounter.site'),
    url: asString(record['url'], 'encounter.url', 65_536),
    method: asString(record['method'], 'encounter.method', 32),
    at: asInteger(record['at'], 'encounter.at', 0),
    state: asOneOf(record['state'], 'encounter.state', ['handling', 'asking', 'paid', 'unpaid']),
    verdict: record['verdict'] === null ? null : asVerdict(record['verdict'], 'encounter.verdict'),
    sentence: asTextOrNull(record['sentence'], 65_536),
    price: record['price'] === null ? null : asPrice(record['price']),
    intentId: asTextOrNull(record['intentId']),
    terms: record['terms'] === null ? null : asTermsText(record['terms']),
    windowId: record['windowId'] === null ? null : asInteger(record['windowId'], 'encounter.windowId', 0),
    figures: (record['figures'] ?? null) === null ? null : asFigures(record['figures']),
    freeWay:
      (record['freeWay'] ?? null) === null
        ? null
        : asOneOf(record['freeWay'], 'encounter.freeWay', ['sign-in', 'resend']),
  };
}

function asPrice(value: unknown): PriceRecord {
  const price = asObject(value, 'price');
  return {
    amount: asString(price['amount'], 'price.amount'),
    microUsd: asString(price['microUsd'], 'price.microUsd'),
    asset: asString(price['asset'], 'price.asset'),
    symbol: asString(price['symbol'], 'price.symbol'),
    decimals: asInteger(price['decimals'], 'price.decimals', 0),
    network: asString(price['network'], 'price.network'),
    payTo: asString(price['payTo'], 'price.payTo'),
  };
}

function asTermsText(value: unknown): NonNullable<EncounterRecord['terms']> {
  const terms = asObject(value, 'terms');
  return {
    from: asOneOf(terms['from'], 'terms.from', ['header', 'body']),
    text: asString(terms['text'], 'terms.text', 65_536),
  };
}
