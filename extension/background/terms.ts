import {
  asTextOrNull,
  type PaymentRequired,
  parseJson,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parsePaymentRequiredPage,
  TuppenceError,
  termsOfAnswer,
} from 'tuppence/core';
import { browser } from 'wxt/browser';
import { MAX_TERMS, type TermsText } from '../storage/terms-record.ts';
import type { Detection } from './detections.ts';
import { limitedText } from './limited-text.ts';
import { hadNoTerms, noteNoTerms } from './ordinary.ts';

/** Milliseconds that a server gets to state its terms in. */
const PATIENCE = 10_000;

/**
 * The terms of a 402, as text: from the header that the browser saw; else, for a GET, asked for again as JSON; else
 * from a header that no specification names; else as the page itself has them. A place that can't be read is passed
 * over; when no other has terms, it says what is wrong with them.
 *
 * v1 servers answer a browser with HTML that has no terms in it, and `webRequest` never shows a body. The second
 * request carries no cookies and no payment.
 * @param said what a page's script has read as the body of its answer, or null.
 * @param signal ends the second request: the page was left.
 * @throws {NoTermsError}
 */
export async function termsTextOf(
  detection: Detection,
  said: string | null,
  signal: AbortSignal,
): Promise<TermsText> {
  const { terms, unspecifiedTerms, method, url } = detection;
  const header = terms === null ? null : ({ from: 'header', text: terms } as const);
  if (isReadable(header)) return header;
  const answer = method === 'GET' ? await askedAgain(url, signal) : null;
  if (answer !== null && 'text' in answer) return answer;
  const unspecified =
    unspecifiedTerms === null ? null : ({ from: 'unspecified', text: unspecifiedTerms } as const);
  if (isReadable(unspecified)) return unspecified;
  const shown = said ?? (await shownTerms(detection));
  const page = shown === null ? null : ({ from: 'page', text: shown } as const);
  const found = isReadable(page) ? page : (header ?? unspecified ?? page);
  if (found !== null) return found;
  throw new NoTermsError(answer?.why ?? 'It names none that the extension can see.');
}

function isReadable(terms: TermsText | null): terms is TermsText {
  if (terms === null) return false;
  try {
    parseTerms(terms);
    return true;
  } catch {
    return false;
  }
}

/** @throws {UnreadableTermsError} @throws {NoTermsError} */
export function parseTerms({ from, text }: TermsText): PaymentRequired {
  const required = from === 'header' ? parsePaymentRequiredHeader(text) : parseOther(from, text);
  if (required === null) throw new NoTermsError('Its answer is not x402.');
  return required;
}

function parseOther(from: TermsText['from'], text: string): PaymentRequired | null {
  if (from === 'unspecified') {
    const header = (name: string) => (name === 'x-payment-required' ? text : null);
    return termsOfAnswer({ status: 402, header, body: null })?.required ?? null;
  }
  return (
    parsePaymentRequiredBody(text) ?? (from === 'page' ? parsePaymentRequiredPage(parseJson(text)) : null)
  );
}

/** The same, unless the address was asked within the hour and had none. */
async function askedAgain(url: string, signal: AbortSignal): Promise<TermsText | { readonly why: string }> {
  if (await hadNoTerms(url)) return { why: 'Asked for them a while ago, it had none.' };
  const answer = await probe(url, signal);
  if (!('text' in answer) && !signal.aborted) await noteNoTerms(url);
  return answer;
}

/** The body as terms, or why it is none. */
async function probe(url: string, signal: AbortSignal): Promise<TermsText | { readonly why: string }> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Accept: 'application/json' },
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]),
    });
  } catch {
    return { why: 'It could not be asked for them.' };
  }
  const text = response.headers.get('PAYMENT-REQUIRED');
  const header = text === null ? null : ({ from: 'header', text } as const);
  if (isReadable(header)) return header;
  const body = await bodyTerms(response);
  return 'text' in body ? body : (header ?? body);
}

async function bodyTerms(response: Response): Promise<TermsText | { readonly why: string }> {
  if (response.status !== 402) return { why: `Asked for them, it answered ${response.status}.` };
  let text: string | null;
  try {
    text = await limitedText(response, MAX_TERMS);
  } catch {
    return { why: 'Its answer stopped half-way.' }; // What the page itself shows may still name them.
  }
  // The official pages for browsers come to more than two million characters.
  if (text === null) return { why: 'Its answer is too long.' };
  if (text === '') return { why: 'Its answer is empty.' };
  const body = { from: 'body', text } as const;
  return isReadable(body) || text.includes('x402Version') ? body : { why: 'Its answer is not x402.' };
}

/** The `window.x402` of a page that is shown: the pages of the official packages have their terms there. */
async function shownTerms({ kind, tabId }: Detection): Promise<string | null> {
  if (kind !== 'navigation') return null;
  try {
    const [result] = await browser.scripting.executeScript({
      target: { tabId },
      world: 'MAIN',
      func: () => ('x402' in window ? JSON.stringify(window.x402) : null),
    });
    return asTextOrNull(result?.result, MAX_TERMS);
  } catch {
    return null; // The browser's own page stands there, where no script runs.
  }
}

/** A 402 with no x402 terms: an ordinary one, or one whose terms only the page's script could see. */
export class NoTermsError extends TuppenceError {
  override readonly name = 'Terms.NoTermsError';
  constructor(detail: string) {
    super(`This page asks for payment without terms that can be read. ${detail}`);
  }
}
