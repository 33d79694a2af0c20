import {
  type Evidence,
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  type Quote,
  quote,
  sentenceOf,
} from '../core/index.ts';
import { type Content, readContent } from './content.ts';
import { words } from './words.ts';

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
 * - `open`: nothing to pay; this is the content.
 * - `hidden`: a 402 of another origin whose terms the page is not allowed to read.
 * - `unsupported`: a 402 that can't be paid here.
 * - `failed`: no answer, or one that is neither content nor a 402.
 */
export type Look =
  | Offer
  | { readonly kind: 'open'; readonly url: string; readonly content: Content }
  | { readonly kind: 'hidden'; readonly url: string; readonly sentence: string }
  | { readonly kind: 'unsupported' | 'failed'; readonly sentence: string };

/** Looks at `url`, an absolute http(s) address without a fragment, from a page of origin `site`. Never throws. */
export async function look(url: string, site: string, ask: Ask): Promise<Look> {
  const host = new URL(url).host;
  let response: Response;
  try {
    response = await ask(url, { method: 'GET' });
    if (response.ok) return { kind: 'open', url, content: await readContent(response, url) };
  } catch {
    return { kind: 'failed', sentence: words.unreachable(host) };
  }
  if (response.status !== 402) return { kind: 'failed', sentence: words.badStatus(host, response.status) };
  const from = response.redirected ? withoutFragment(response.url) : url;
  // The reader, and every check of the terms, is about the address that is paid.
  if (new URL(from).origin !== new URL(url).origin)
    return { kind: 'unsupported', sentence: words.forwarded(host, new URL(from).host) };
  return offerOf(response, from, site);
}

async function offerOf(response: Response, url: string, site: string): Promise<Look> {
  try {
    const header = response.headers.get('payment-required');
    const required =
      header === null ? parsePaymentRequiredBody(await response.text()) : parsePaymentRequiredHeader(header);
    if (required !== null)
      return {
        kind: 'offer',
        url,
        quote: quote(required),
        required,
        evidence: header === null ? 'body' : 'header',
      };
  } catch (error) {
    return { kind: 'unsupported', sentence: words.unsupported(sentenceOf(error)) };
  }
  const { host, origin } = new URL(url);
  return origin === site
    ? { kind: 'unsupported', sentence: words.noTerms(host) }
    : { kind: 'hidden', url, sentence: words.hiddenTerms(host) };
}

function withoutFragment(url: string): string {
  const parsed = new URL(url);
  parsed.hash = '';
  return parsed.href;
}
