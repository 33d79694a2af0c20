import {
  asBoolean,
  asObject,
  asOneOf,
  asSignedDocument,
  asString,
  type JsonObject,
  type SignedDocument,
} from 'tuppence/core';
import type { Verification } from 'tuppence/core/offer-receipt';

/** What a server has signed (extension `offer-receipt`), as it came, with what the signature is worth. */
export type SignedRecord = {
  readonly format: SignedDocument['format'];
  readonly payload: JsonObject;
  readonly signature: string;
  /** Null until it was verified. */
  readonly worth: Verification | null;
};

/** What is kept with a payment: the server's signed word for the price, and for having been paid. */
export type SignedRecords = { readonly offer?: SignedRecord; readonly receipt?: SignedRecord };

/** Characters of JSON that one document may have; a longer one is not kept. */
const MAX_LENGTH = 32_768;

/** A document as it is kept, or null when it is too long for that. */
export function toSignedRecord(document: SignedDocument, worth: Verification | null): SignedRecord | null {
  const { format, payload, signature } = document;
  return JSON.stringify({ payload, signature }).length > MAX_LENGTH
    ? null
    : { format, payload, signature, worth };
}

/** @throws {MalformedError} @throws {InvalidBase64Error} */
export function asSignedRecords(value: unknown): SignedRecords {
  const { offer, receipt } = asObject(value, 'signed');
  return {
    ...(offer === undefined ? {} : { offer: asSignedRecord(offer, 'signed.offer') }),
    ...(receipt === undefined ? {} : { receipt: asSignedRecord(receipt, 'signed.receipt') }),
  };
}

function asSignedRecord(value: unknown, path: string): SignedRecord {
  const { worth } = asObject(value, path);
  return {
    ...asSignedDocument(value, path),
    worth: worth === null ? null : asVerification(worth, `${path}.worth`),
  };
}

const STATES = ['signed', 'invalid', 'other', 'expired', 'unverifiable'] as const;

function asVerification(value: unknown, path: string): Verification {
  const verification = asObject(value, path);
  const state = asOneOf(verification['state'], `${path}.state`, STATES);
  if (state !== 'signed') return { state };
  return {
    state,
    signer: asString(verification['signer'], `${path}.signer`, 16_384),
    byPayee: asBoolean(verification['byPayee'], `${path}.byPayee`),
  };
}
