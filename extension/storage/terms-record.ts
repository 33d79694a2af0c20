import { asObject, asOneOf, asString } from 'tuppence/core';

/**
 * The terms of one 402 as they were read, so that what the reader approves is what was asked: header value, or JSON.
 * They are kept only while the 402 waits for an answer, apart from its record, which lists are made of.
 */
export type TermsText = {
  readonly from: 'header' | 'body' | 'unspecified' | 'page';
  readonly text: string;
};

/** `id` is that of the 402's record. */
export type TermsRecord = TermsText & { readonly id: string };

/** Characters that terms may have, wherever they are read from and wherever they are kept. */
export const MAX_TERMS = 1_048_576;

const SOURCES = ['header', 'body', 'unspecified', 'page'] as const;

/** @throws {MalformedError} */
export function asTermsText(value: unknown): TermsText {
  const { text } = asObject(value, 'terms');
  return { from: asTermsSource(value), text: asString(text, 'terms.text', MAX_TERMS) };
}

/** Where terms were read. @throws {MalformedError} */
export function asTermsSource(value: unknown): TermsText['from'] {
  return asOneOf(asObject(value, 'terms')['from'], 'terms.from', SOURCES);
}
