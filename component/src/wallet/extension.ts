import { MalformedError } from '../core/index.ts';
import { type Announced, listen, type Registry } from './announcements.ts';

/** What an extension that pays x402 offers to pages. */
export type PayerProvider = {
  /** The request's answer, unpaid and without a question to the reader, also when it is a 402. */
  quote(input: string, init?: RequestInit): Promise<Response>;
  /**
   * The request's answer, paid when the reader's rules or the reader say so; otherwise the 402.
   * With `x402: { ask: false }` in `init`, the reader is not asked.
   */
  fetch(input: string, init?: RequestInit): Promise<Response>;
};

export type Payer = Announced<PayerProvider>;

/** Like EIP-6963's events, for payers of x402 instead of wallets. */
export const PAYER_EVENTS = {
  request: 'x402:requestProvider',
  announce: 'x402:announceProvider',
} as const;

let registry: Registry<PayerProvider> | null = null;

/** The extension that pays in this browser, or null. Browser only. */
export function findPayer(): Payer | null {
  registry ??= listen(window, PAYER_EVENTS, asPayerProvider);
  if (registry.found().length === 0) registry.ask();
  return registry.found()[0] ?? null;
}

/** @throws {MalformedError} when `value` has no `quote` and `fetch`. */
export function asPayerProvider(value: unknown): PayerProvider {
  if (typeof value !== 'object' || value === null || !('quote' in value) || !('fetch' in value))
    throw new MalformedError('detail.provider', 'an object with quote and fetch');
  const { quote, fetch } = value;
  if (typeof quote !== 'function' || typeof fetch !== 'function')
    throw new MalformedError('detail.provider', 'an object with quote and fetch');
  return {
    quote: async (input, init) => asResponse(await quote.call(value, input, init)),
    fetch: async (input, init) => asResponse(await fetch.call(value, input, init)),
  };
}

function asResponse(value: unknown): Response {
  if (!(value instanceof Response)) throw new MalformedError('provider', 'an object that answers responses');
  return value;
}
