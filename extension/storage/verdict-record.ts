import { asArray, asObject, asOneOf, MalformedError, type Verdict } from 'tuppence/core';

/** A decision is plain data already. */
export type VerdictRecord = Verdict;

const ALLOW = ['under-threshold', 'approved'] as const;
const ASK = [
  'no-threshold',
  'above-threshold',
  'over-day-budget',
  'over-site-budget',
  'over-month-budget',
  'too-many',
  'site-asks',
  'changed-payee',
  'price-rose',
  'first-payment-here',
  'other-origin',
  'unprompted',
  'short-of-money',
  'already-paid',
  'paid-by-page',
  'wallet-locked',
  'not-secure',
  'terms-from-page',
  'other-resource',
  'charged-before-content',
  'unconfirmed-token',
  'long-authorization',
  'sends-form-again',
  'reloads-page',
] as const;
const DENY = [
  'paused',
  'site-blocked',
  'no-wallet',
  'refused',
  'earlier-payment-undecided',
  'page-left',
  'not-attachable',
  'redirected',
] as const;

/** @throws {MalformedError} */
export function asVerdict(value: unknown, path: string): Verdict {
  const verdict = asObject(value, path);
  switch (asOneOf(verdict['outcome'], `${path}.outcome`, ['allow', 'ask', 'deny'])) {
    case 'allow':
      return {
        outcome: 'allow',
        reason: asOneOf(verdict['reason'], `${path}.reason`, ALLOW),
      };
    case 'ask': {
      const reason = asOneOf(verdict['reason'], `${path}.reason`, ASK);
      // Older versions kept the first reason alone.
      const reasons = verdict['reasons'] === undefined ? [reason] : asReasons(verdict['reasons'], path);
      if (reasons[0] !== reason) throw new MalformedError(`${path}.reasons`, 'reasons with “reason” first');
      return { outcome: 'ask', reason, reasons };
    }
    case 'deny':
      return {
        outcome: 'deny',
        reason: asOneOf(verdict['reason'], `${path}.reason`, DENY),
      };
  }
}

function asReasons(value: unknown, path: string) {
  return asArray(value, `${path}.reasons`, ASK.length).map((one) => asOneOf(one, `${path}.reasons`, ASK));
}
