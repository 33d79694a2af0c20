import { asOneOf } from 'tuppence/core';

/**
 * Why a press in a page has not paid, as its element is told: what the reader can mend in the extension, or that they
 * said no.
 */
export type Hindrance = (typeof HINDRANCES)[number];

const HINDRANCES = ['no-wallet', 'paused', 'short-of-money', 'site-blocked', 'refused'] as const;

/** The first of these codes that is told to pages, or null. */
export function hindranceIn(reasons: readonly string[]): Hindrance | null {
  return HINDRANCES.find((one) => reasons.includes(one)) ?? null;
}

/** @throws {MalformedError} */
export function asHindrance(value: unknown): Hindrance {
  return asOneOf(value, 'hindrance', HINDRANCES);
}

/** @throws {MalformedError} */
export function asHindranceOrNull(value: unknown): Hindrance | null {
  return (value ?? null) === null ? null : asHindrance(value);
}
