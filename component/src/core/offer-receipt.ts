/**
 * Verification of signed offers and receipts. A module of its own, because it is the only one that hashes: it needs
 * viem, which no page has to load to pay.
 */
import { recoverTypedDataAddress } from 'viem';
import { decodeBase64 } from './base64.ts';
import { asInteger, asObject, asString } from './fields.ts';
import { asHex, sameAddress } from './hex.ts';
import { parseJson } from './json.ts';
import type { Quote } from './quote.ts';
import { isOfferFor, type SignedDocument } from './signed-offers.ts';

/**
 * What a signature is worth.
 *
 * - `signed`: by `signer`, an address (`eip712`) or a key id (`jws`); `byPayee` when it is the account that is paid.
 * - `invalid`: the signature is not one, or not of that key.
 * - `other`: rightly signed, about something else than what is being paid.
 * - `expired`: an offer whose time is over.
 * - `unverifiable`: no key, or one of a kind that is not checked here.
 */
export type Verification =
  | { readonly state: 'signed'; readonly signer: string; readonly byPayee: boolean }
  | { readonly state: 'invalid' | 'other' | 'expired' | 'unverifiable' };

/** Finds the public key of a JWS by its key id, such as `"did:web:example.com#key-1"`; null when there is none. */
export type KeyLookup = (keyId: string) => Promise<JsonWebKey | null>;

/** What a receipt should be about. */
export type ReceiptFacts = {
  /** CAIP-2 or v1 name, as in the settlement. */
  readonly network: string;
  readonly payer: string;
  readonly payTo: string;
  /** The URL really requested. */
  readonly url: string;
};

const text = (name: string) => ({ name, type: 'string' });
const number = (name: string) => ({ name, type: 'uint256' });

const OFFER = [
  number('version'),
  ...['resourceUrl', 'scheme', 'network', 'asset', 'payTo', 'amount'].map(text),
  number('validUntil'),
];
const RECEIPT = [
  number('version'),
  ...['network', 'resourceUrl', 'payer'].map(text),
  number('issuedAt'),
  text('transaction'),
];

/**
 * Whether `offer` is the server's signed word for what `quote` asks.
 *
 * @param now unix seconds.
 * @param keyOf for offers in the form of a JWS.
 */
export async function verifyOffer(
  offer: SignedDocument,
  quote: Quote,
  now: number,
  keyOf: KeyLookup = noKey,
): Promise<Verification> {
  const verified = await verify(offer, 'Offer', quote.payTo, keyOf);
  if (verified.state !== 'signed') return verified;
  if (!isOfferFor(offer, quote)) return { state: 'other' };
  return Number(offer.payload['validUntil']) >= now ? verified : { state: 'expired' };
}

/** Whether `receipt` is the server's signed word that `facts.payer` has paid for `facts.url`. */
export async function verifyReceipt(
  receipt: SignedDocument,
  facts: ReceiptFacts,
  keyOf: KeyLookup = noKey,
): Promise<Verification> {
  const verified = await verify(receipt, 'Receipt', facts.payTo, keyOf);
  if (verified.state !== 'signed') return verified;
  const { network, payer, resourceUrl } = receipt.payload;
  const fits =
    network === facts.network &&
    resourceUrl === facts.url &&
    typeof payer === 'string' &&
    sameAddress(payer, facts.payer);
  return fits ? verified : { state: 'other' };
}

async function verify(
  document: SignedDocument,
  type: 'Offer' | 'Receipt',
  payTo: string,
  keyOf: KeyLookup,
): Promise<Verification> {
  try {
    return await (document.format === 'eip712' ? recover(document, type, payTo) : verifyJws(document, keyOf));
  } catch {
    return { state: 'invalid' };
  }
}

async function recover(
  { payload, signature }: SignedDocument,
  type: 'Offer' | 'Receipt',
  payTo: string,
): Promise<Verification> {
  const fields = type === 'Offer' ? OFFER : RECEIPT;
  const signer = await recoverTypedDataAddress({
    domain: { name: `x402 ${type.toLowerCase()}`, version: '1', chainId: 1 },
    types: { [type]: fields },
    primaryType: type,
    message: Object.fromEntries(
      fields.map(({ name, type: kind }) => [name, fieldOf(payload[name], name, kind)]),
    ),
    signature: asHex(signature, 'signature', 65),
  });
  return { state: 'signed', signer, byPayee: sameAddress(signer, payTo) };
}

function fieldOf(value: unknown, name: string, kind: string): bigint | string {
  if (kind === 'uint256') return BigInt(asInteger(value, name, 0));
  return value === '' ? '' : asString(value, name);
}

const ALGORITHMS: {
  readonly [name: string]: { readonly name: string } & Partial<EcKeyImportParams & EcdsaParams>;
} = {
  ES256: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
  EdDSA: { name: 'Ed25519' },
};

/** RFC 7515, compact form. */
async function verifyJws({ signature: jws }: SignedDocument, keyOf: KeyLookup): Promise<Verification> {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  const { alg, kid } = asObject(parseJson(decodeBase64(header)), 'header');
  const algorithm = ALGORITHMS[String(alg)];
  const keyId = asString(kid, 'kid');
  const jwk = algorithm === undefined ? null : (selfContained(keyId) ?? (await keyOf(keyId)));
  if (algorithm === undefined || jwk === null) return { state: 'unverifiable' };
  const key = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify']);
  const signed = new TextEncoder().encode(`${header}.${payload}`);
  const valid = await crypto.subtle.verify(algorithm, key, bytesOf(signature), signed);
  return valid ? { state: 'signed', signer: keyId, byPayee: false } : { state: 'invalid' };
}

/** `did:jwk` has the key in its name. */
function selfContained(keyId: string): JsonWebKey | null {
  const [, encoded] = /^did:jwk:([^#]+)/.exec(keyId) ?? [];
  return encoded === undefined ? null : asObject(parseJson(decodeBase64(encoded)), 'jwk');
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const standard = base64url.replace(/-/g, '+').replace(/_/g, '/');
  return Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
}

async function noKey(): Promise<null> {
  return null;
}
