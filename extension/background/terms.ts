import {
  MalformedError,
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  TuppenceError,
} from 'tuppence/core';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import type { Detection } from './detections.ts';

type TermsText = NonNullable<EncounterRecord['terms']>;

/** Milliseconds and characters that a server gets to state its terms in. */
const PATIENCE = 10_000;
const MAX_BODY = 65_536;

/**
 * The terms of a 402, as text: from the header that the browser saw, else, for a GET, asked for again as JSON.
 *
 * v1 servers answer a browser with HTML that has no terms in it, and `webRequest` never shows a body. The second
 * request carries no cookies and no payment.
 * @throws {NoTermsError} @throws {FormSentError}
 */
export async function termsTextOf(detection: Detection): Promise<TermsText> {
  if (detection.kind === 'navigation' && detection.method !== 'GET') throw new FormSentError();
  if (detection.terms !== null) return { from: 'header', text: detection.terms };
  if (detection.method !== 'GET') throw new NoTermsError('It names none that the extension can see.');
  return probe(detection.url);
}

/** @throws {UnreadableTermsError} @throws {NoTermsError} */
export function parseTerms({ from, text }: TermsText): PaymentRequired {
  if (from === 'header') return parsePaymentRequiredHeader(text);
  const required = parsePaymentRequiredBody(text);
  if (required === null) throw new NoTermsError('Its answer is not x402.');
  return required;
}

async function probe(url: string): Promise<TermsText> {
  let response: Response;
  try {
    response = await fetch(url, {
      headers: { Accept: 'application/json' },
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new NoTermsError('It could not be asked for them.');
  }
  const header = response.headers.get('PAYMENT-REQUIRED');
  if (header !== null) return { from: 'header', text: header };
  if (response.status !== 402) throw new NoTermsError(`Asked for them, it answered ${response.status}.`);
  const text = await limitedText(response);
  if (text === '') throw new NoTermsError('Its answer is empty.');
  return { from: 'body', text };
}

async function limitedText(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_BODY) throw new MalformedError('', `at most ${MAX_BODY} characters`);
  }
  return text + decoder.decode();
}

/** A form was sent, and paying would send it once more: what it did the first time, it could do twice. */
export class FormSentError extends TuppenceError {
  override readonly name = 'Terms.FormSentError';
  constructor() {
    super(
      'This page is the answer to a form. Paying would send the form again, so it is not paid from here.',
    );
  }
}

/** A 402 with no x402 terms: an ordinary one, or one whose terms only the page's script could see. */
export class NoTermsError extends TuppenceError {
  override readonly name = 'Terms.NoTermsError';
  constructor(detail: string) {
    super(`This page asks for payment without terms that can be read. ${detail}`);
  }
}
