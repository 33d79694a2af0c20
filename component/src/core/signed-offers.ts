import { decodeBase64 } from './base64.ts';
import { asArray, asObject, asOneOf, asString } from './fields.ts';
import { sameAddress } from './hex.ts';
import { type Json, type JsonObject, parseJson, toJson } from './json.ts';
import type { PaymentRequired } from './payment-required.ts';
import { asJsonObject } from './payment-requirements.ts';
import type { Quote } from './quote.ts';

/** Something that a server signed: an offer of its terms, or a receipt (extension `offer-receipt`). */
export type SignedDocument = {
  readonly format: 'eip712' | 'jws';
  /** What is signed. For `jws` it is read out of the signature. */
  readonly payload: JsonObject;
  /** 65 bytes as hex for `eip712`, a compact JWS for `jws`. */
  readonly signature: string;
};

const MAX_OFFERS = 32;

/**
 * The signed offers of a 402. They are not verified yet: see `verifyOffer` of `offer-receipt.ts`.
 *
 * @throws {MalformedError} @throws {InvalidBase64Error}
 */
export function signedOffersOf({ extensions }: PaymentRequired): readonly SignedDocument[] {
  const extension = extensions?.['offer-receipt'];
  if (extension === undefined) return [];
  const { offers } = asObject(asObject(extension, 'offer-receipt')['info'], 'offer-receipt.info');
  return asArray(offers, 'offers', MAX_OFFERS).map((offer, index) =>
    asSignedDocument(offer, `offers[${index}]`),
  );
}

/**
 * The signed receipt in the extensions of a settlement, or null. It is not verified yet: see `verifyReceipt`.
 *
 * @throws {MalformedError} @throws {InvalidBase64Error}
 */
export function signedReceiptOf(extensions: JsonObject | null): SignedDocument | null {
  const extension = extensions?.['offer-receipt'];
  if (extension === undefined) return null;
  const { receipt } = asObject(asObject(extension, 'offer-receipt')['info'], 'offer-receipt.info');
  return asSignedDocument(receipt, 'receipt');
}

/** @throws {MalformedError} naming `path`. @throws {InvalidBase64Error} */
export function asSignedDocument(value: unknown, path: string): SignedDocument {
  const document = asObject(value, path);
  const format = asOneOf(document['format'], `${path}.format`, ['eip712', 'jws']);
  const signature = asString(document['signature'], `${path}.signature`, 16_384);
  const payload = format === 'jws' ? payloadOf(signature, path) : document['payload'];
  return { format, signature, payload: asJsonObject(toJson(payload), `${path}.payload`) };
}

/** Whether a signed offer is about exactly these terms. Offers are matched by what they say, not by their place. */
export function isOfferFor(
  { payload }: SignedDocument,
  { requirements, network, asset, payTo }: Quote,
): boolean {
  const { scheme, network: on, asset: token, payTo: payee, amount } = payload;
  return (
    scheme === requirements.scheme &&
    (on === network.id || on === network.v1Name) &&
    isSame(token, asset.address) &&
    isSame(payee, payTo) &&
    amount === requirements.amount.toString()
  );
}

function payloadOf(jws: string, path: string): unknown {
  const [, payload = ''] = jws.split('.');
  return parseJson(decodeBase64(asString(payload, `${path}.signature`, 16_384)));
}

function isSame(said: Json | undefined, address: string): boolean {
  return typeof said === 'string' && sameAddress(said, address);
}
