import {
  type PaidAnswer,
  type PaymentHeader,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  SETTLEMENT_HEADERS,
  type SignInHeader,
} from '../core/index.ts';
import type { Ask } from './look.ts';

/**
 * The answer to a paid request; `response` is null when none came, or none that may be read. A page is not told where a
 * redirect leads, nor what came with it.
 */
export type Sent = {
  readonly answer: PaidAnswer;
  readonly response: Response | null;
  readonly isRedirect: boolean;
};

/**
 * Asks for `url` with a payment, or with a proof of an earlier one. Never throws: once the header may have left, silence is an answer too.
 *
 * Redirects are not followed, because `fetch` would carry the payment along to wherever they lead. `reload` passes the
 * cache by but fills it: a paid answer that may be kept is read again for nothing.
 */
export async function sendPaid(url: string, header: PaymentHeader | SignInHeader, ask: Ask): Promise<Sent> {
  try {
    const headers = { [header.name]: header.value };
    const response = await ask(url, { headers, redirect: 'manual', cache: 'reload' });
    if (response.type === 'opaqueredirect') return { ...NO_ANSWER, isRedirect: true };
    return { answer: await answerOf(response), response, isRedirect: false };
  } catch {
    return NO_ANSWER;
  }
}

const NO_ANSWER: Sent = {
  answer: { status: 0, settlement: null, hasTerms: false },
  response: null,
  isRedirect: false,
};

/**
 * Whether `url`, of another origin, lets this page send a payment at all: an empty one, before anything is signed.
 * It makes the browser ask in advance (a preflight) just as a real one would.
 */
export async function isOpenToPayments(url: string, name: PaymentHeader['name'], ask: Ask): Promise<boolean> {
  try {
    await ask(url, { headers: { [name]: 'e30=' }, cache: 'no-store' });
    return true;
  } catch {
    return false;
  }
}

/** What an answer says about money, as far as the page may read it. */
export async function answerOf(response: Response): Promise<PaidAnswer> {
  const [settlement = null] = SETTLEMENT_HEADERS.map((name) => response.headers.get(name)).filter(isPresent);
  const hasTerms = response.headers.has('payment-required');
  const error = hasTerms ? await reasonOf(response) : null;
  return { status: response.status, settlement, hasTerms, error };
}

/** The server's own words for a refusal, from the terms that came with it, or null. May read the body. */
export async function reasonOf(response: Response): Promise<string | null> {
  try {
    const header = response.headers.get('payment-required');
    if (header !== null) return parsePaymentRequiredHeader(header).error;
    return parsePaymentRequiredBody(await response.text())?.error ?? null;
  } catch {
    return null;
  }
}

function isPresent(value: string | null): value is string {
  return value !== null;
}
