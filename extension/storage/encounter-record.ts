import { asInteger, asObject, asOneOf, asString, asTextOrNull, type Verdict } from 'tuppence/core';
import { asFigures, type FiguresRecord } from './figures-record.ts';
import { asOtherWay, type OtherWay } from './other-way-record.ts';
import { REPETITIONS, REQUEST_KINDS, type Repetition, type RequestKind } from './request-kind.ts';
import { asTermsSource, type TermsText } from './terms-record.ts';
import { asVerdict } from './verdict-record.ts';

/** Characters that a request's method and address may have: one with more is left alone, and nothing is kept of it. */
export const MAX_METHOD = 32;
export const MAX_URL = 65_536;
/** Characters of a sentence that are kept. */
export const MAX_SENTENCE = 1_024;

/**
 * One 402 that was looked at, and what became of it: the answer to "why did it (not) pay?".
 *
 * - `handling`: being looked at.
 * - `asking`: the reader has been asked.
 * - `listed`: it waits in the popup for the reader; no window was opened for it.
 * - `paid`: handed to a payment, whose own state says how that ended.
 * - `unpaid`: nothing was signed; `verdict` or `sentence` says why.
 */
export type EncounterRecord = {
  readonly id: string;
  readonly tabId: number;
  readonly frameId: number;
  /** The document that asked, or that a frame is in; null for a navigation. */
  readonly documentId: string | null;
  /** The document in the address bar, whose origin `site` is; null when an older version wrote it. */
  readonly topDocumentId: string | null;
  readonly kind: RequestKind;
  /** Origin of the document that asked; null for a navigation and a frame. */
  readonly initiator: string | null;
  /** Origin of the document that asked, `"null"` for one without; null: the site itself, or a navigation. */
  readonly askedBy: string | null;
  /** Made by a worker in no tab that the browser knows of; `tabId` is then where it is shown and paid. */
  readonly isTabless: boolean;
  readonly again: Repetition;
  /** Origin in the address bar: that of `topDocumentId`. */
  readonly site: string;
  readonly url: string;
  /** The address that the document names, where a redirect has led from there to `url`; else null. */
  readonly redirectedFrom: string | null;
  readonly method: string;
  /** See `Purchase`. */
  readonly bodyHash: string | null;
  readonly at: number;
  readonly state: 'handling' | 'asking' | 'listed' | 'paid' | 'unpaid';
  readonly verdict: Verdict | null;
  /** Why the terms can't be paid, for a person; null when they can. */
  readonly sentence: string | null;
  readonly price: PriceRecord | null;
  readonly intentId: string | null;
  /** Where the terms were read; they stand in a store of their own. Null until they were. */
  readonly terms: Pick<TermsText, 'from'> | null;
  /** The consent window that is open for it, or null. */
  readonly windowId: number | null;
  /** What the verdict rested on, as it stood then; null when nothing was decided, or by an older version. */
  readonly figures: FiguresRecord | null;
  /** How it was tried to open what was bought before without paying again; null when it was not. */
  readonly freeWay: 'sign-in' | 'resend' | null;
  /** Whether that has opened it; false when it is not known. */
  readonly freeWayHelped: boolean;
  /** Its payment brought no content, and the site's own page was loaded again. */
  readonly isUndone: boolean;
  /** A way to pay that it names and that is not supported; left out when it names none. */
  readonly otherWay?: OtherWay;
  /** It wants a sign-in and no money, of a reader who has not paid there; left out otherwise. */
  readonly offersSignIn?: true;
};

const STATES = ['handling', 'asking', 'listed', 'paid', 'unpaid'] as const;

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
  const kind = asOneOf(record['kind'], 'encounter.kind', REQUEST_KINDS);
  const site = asString(record['site'], 'encounter.site');
  const isNavigation = kind === 'navigation';
  return {
    id: asString(record['id'], 'encounter.id'),
    tabId: asInteger(record['tabId'], 'encounter.tabId', -1),
    frameId: asInteger(record['frameId'], 'encounter.frameId', 0),
    documentId: asTextOrNull(record['documentId']),
    topDocumentId: asTextOrNull(record['topDocumentId']),
    kind,
    // Older versions knew navigations and the fetches of a page itself.
    initiator:
      kind === 'fetch' ? (asTextOrNull(record['initiator']) ?? site) : asTextOrNull(record['initiator']),
    askedBy: asTextOrNull(record['askedBy']), // Older versions did not know.
    isTabless: record['isTabless'] === true,
    again: asOneOf(record['again'] ?? (isNavigation ? 'page' : 'request'), 'encounter.again', REPETITIONS),
    site,
    url: asString(record['url'], 'encounter.url', MAX_URL),
    redirectedFrom: asTextOrNull(record['redirectedFrom'], MAX_URL), // Older versions knew none.
    method: asString(record['method'], 'encounter.method', MAX_METHOD),
    bodyHash: asTextOrNull(record['bodyHash']), // Older versions knew none.
    at: asInteger(record['at'], 'encounter.at', 0),
    state: asOneOf(record['state'], 'encounter.state', STATES),
    verdict: record['verdict'] === null ? null : asVerdict(record['verdict'], 'encounter.verdict'),
    sentence: asTextOrNull(record['sentence'], 65_536),
    price: record['price'] === null ? null : asPrice(record['price']),
    intentId: asTextOrNull(record['intentId']),
    terms: (record['terms'] ?? null) === null ? null : { from: asTermsSource(record['terms']) },
    windowId: record['windowId'] === null ? null : asInteger(record['windowId'], 'encounter.windowId', 0),
    figures: (record['figures'] ?? null) === null ? null : asFigures(record['figures']),
    freeWay:
      (record['freeWay'] ?? null) === null
        ? null
        : asOneOf(record['freeWay'], 'encounter.freeWay', ['sign-in', 'resend']),
    freeWayHelped: record['freeWayHelped'] === true, // Older versions did not know.
    isUndone: record['isUndone'] === true, // Nor that.
    ...((record['otherWay'] ?? null) === null ? {} : { otherWay: asOtherWay(record['otherWay']) }),
    ...(record['offersSignIn'] === true ? { offersSignIn: true } : {}),
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
