import {
  decodeBase64,
  type Evidence,
  type PaymentRequired,
  parsePaymentRequiredBody,
  type Quote,
  quote,
  sentenceOf,
} from '../core/index.ts';
import * as lazy from '../lazy.ts';
import type { Fault } from './fault.ts';

/** Asks without paying: plain `fetch`, or an extension's `quote`. */
export type Ask = (url: string, init: RequestInit) => Promise<Response>;

/** Terms that can be paid. `url` is the address that answered with them. */
export type Offer = {
  readonly kind: 'offer';
  readonly url: string;
  readonly quote: Quote;
  readonly required: PaymentRequired;
  readonly evidence: Evidence;
};

/**
 * What an unpaid request found.
 *
 * - `open`: nothing to pay; this answer is the content.
 * - `hidden`: a 402 of another origin whose terms the page is not allowed to read; an extension may.
 * - `fault`: nothing that can be paid or shown.
 */
export type Look =
  | Offer
  | { readonly kind: 'open'; readonly url: string; readonly response: Response }
  | { readonly kind: 'hidden'; readonly url: string; readonly fault: Fault }
  | { readonly kind: 'fault'; readonly fault: Fault };

/** Looks at `url`, an absolute http(s) address without a fragment, from a page of origin `site`. Never throws. */
export async function look(url: string, site: string, ask: Ask): Promise<Look> {
  const { host, origin } = new URL(url);
  let response: Response;
  try {
    response = await ask(url, { method: 'GET' });
  } catch {
    const isOffline = globalThis.navigator?.onLine === false;
    return fault(isOffline ? { code: 'offline' } : { code: 'unreachable', host });
  }
  if (response.ok) return { kind: 'open', url, response };
  const { status } = response;
  if (status !== 402) return fault({ code: 'bad-status', host, status });
  const from = response.redirected ? withoutFragment(response.url) : url;
  // The reader, and every check of the terms, is about the address that is paid.
  if (new URL(from).origin !== origin)
    return fault({ code: 'forwarded', from: host, to: new URL(from).host });
  return offerOf(response, from, site);
}

async function offerOf(response: Response, url: string, site: string): Promise<Look> {
  const header = response.headers.get('payment-required');
  let body = '';
  try {
    let evidence: Evidence = header === null ? 'body' : 'header';
    let required = header === null ? null : plainTerms(header);
    if (required === null) {
      body = await response.text();
      if (header === null) required = parsePaymentRequiredBody(body);
      else ({ required, evidence } = (await lazy.till()).oddTerms(header, body));
    }
    if (required !== null) return { kind: 'offer', url, quote: quote(required), required, evidence };
  } catch (error) {
    return fault({ code: 'unpayable', header, body, detail: sentenceOf(error) });
  }
  const { host, origin } = new URL(url);
  return origin === site
    ? fault({ code: 'no-terms', host })
    : { kind: 'hidden', url, fault: { code: 'hidden', host } };
}

/** Terms of a header in the form that nearly all have; null for any other, which the file that is loaded later reads. */
function plainTerms(header: string): PaymentRequired | null {
  try {
    return parsePaymentRequiredBody(decodeBase64(header));
  } catch {
    return null;
  }
}

function fault(what: Fault): Look {
  return { kind: 'fault', fault: what };
}

function withoutFragment(url: string): string {
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href;
}
