import { asObject, asOneOf, asTextOrNull } from 'tuppence/core';

/** A way to pay that a 402 names and that is not x402. */
export type OtherWay = {
  readonly way: (typeof WAYS)[number];
  /** An amount with its unit, such as `0.01 USD`; null when it can't be told for sure. */
  readonly price: string | null;
};

const WAYS = ['payment-auth', 'l402', 'crawler-price'] as const;

/** @throws {MalformedError} */
export function asOtherWay(value: unknown): OtherWay {
  const { way, price } = asObject(value, 'otherWay');
  return { way: asOneOf(way, 'otherWay.way', WAYS), price: asTextOrNull(price, 40) };
}
