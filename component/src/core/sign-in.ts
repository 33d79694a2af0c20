import { encodeBase64 } from './base64.ts';
import { TuppenceError } from './errors.ts';
import { asArray, asObject, asString } from './fields.ts';
import type { Address, Hex } from './hex.ts';
import { MalformedError } from './json.ts';
import type { PaymentRequired } from './payment-required.ts';

/** A request to prove who paid, bound to the origin that asks (extension `sign-in-with-x`, EIP-4361). */
export type SignInChallenge = {
  readonly domain: string;
  readonly uri: string;
  readonly version: '1';
  /** CAIP-2 of the chain that the wallet's account is taken to be on. */
  readonly chainId: string;
  readonly nonce: string;
  /** ISO 8601, as are the other times. */
  readonly issuedAt: string;
  readonly statement?: string;
  readonly expirationTime?: string;
  readonly notBefore?: string;
  readonly requestId?: string;
  readonly resources?: readonly string[];
};

/** The header that carries a sign-in. `value` holds a signature: never log it. */
export type SignInHeader = { readonly name: 'SIGN-IN-WITH-X'; readonly value: string };

const OPTIONAL = ['statement', 'expirationTime', 'notBefore', 'requestId'] as const;
const MAX_RESOURCES = 32;

/**
 * The sign-in that a 402 offers to those who have paid before, or null when it offers none to Ethereum wallets.
 *
 * Costs the reader a prompt: use it only for what was bought here before.
 * @param url the URL that really answered with the terms.
 * @throws {ForeignChallengeError} when it would sign the reader in somewhere else. @throws {MalformedError}
 */
export function signInChallenge(required: PaymentRequired, url: string): SignInChallenge | null {
  const extension = required.extensions?.['sign-in-with-x'];
  if (extension === undefined) return null;
  const { info, supportedChains } = asObject(extension, 'sign-in-with-x');
  const chainId = ethereumChain(supportedChains);
  if (chainId === null) return null;
  const challenge = asChallenge(info, chainId);
  if (challenge.domain !== new URL(url).host || originOf(challenge.uri) !== new URL(url).origin)
    throw new ForeignChallengeError(challenge.domain);
  return challenge;
}

/** The text to sign with `personal_sign` (EIP-191): the form of EIP-4361. */
export function signInMessage(challenge: SignInChallenge, address: Address): string {
  const { domain, uri, version, chainId, nonce, issuedAt, statement, resources } = challenge;
  const line = (name: string, value: string | undefined) =>
    value === undefined ? [] : [`${name}: ${value}`];
  return [
    `${domain} wants you to sign in with your Ethereum account:`,
    address,
    '',
    ...(statement === undefined ? [] : [statement]),
    '',
    `URI: ${uri}`,
    `Version: ${version}`,
    `Chain ID: ${chainId.slice('eip155:'.length)}`,
    `Nonce: ${nonce}`,
    `Issued At: ${issuedAt}`,
    ...line('Expiration Time', challenge.expirationTime),
    ...line('Not Before', challenge.notBefore),
    ...line('Request ID', challenge.requestId),
    ...(resources === undefined ? [] : ['Resources:', ...resources.map((resource) => `- ${resource}`)]),
  ].join('\n');
}

/** The request header that opens what `address` has paid for: base64 of UTF-8 JSON. */
export function signInHeader(challenge: SignInChallenge, address: Address, signature: Hex): SignInHeader {
  const value = encodeBase64(JSON.stringify({ ...challenge, address, type: 'eip191', signature }));
  return { name: 'SIGN-IN-WITH-X', value };
}

/** Signatures of Ethereum accounts do not depend on the chain, so the first such entry will do. */
function ethereumChain(chains: unknown): string | null {
  for (const [index, entry] of asArray(chains ?? [], 'supportedChains', 64).entries()) {
    const path = `supportedChains[${index}]`;
    const { chainId, type } = asObject(entry, path);
    if (type === 'eip191' && /^eip155:\d{1,16}$/.test(asString(chainId, `${path}.chainId`)))
      return asString(chainId, path);
  }
  return null;
}

/** One line each: a line break would let a server write fields of its own into what the reader signs. */
function asChallenge(value: unknown, chainId: string): SignInChallenge {
  const info = asObject(value, 'info');
  const text = (field: string) => asLine(info[field], `info.${field}`);
  if (info['version'] !== '1') throw new MalformedError('info.version', '“1”');
  const optional = OPTIONAL.filter((field) => info[field] !== undefined && info[field] !== null);
  const { resources } = info;
  return {
    domain: text('domain'),
    uri: text('uri'),
    version: '1',
    chainId,
    nonce: asNonce(info['nonce']),
    issuedAt: text('issuedAt'),
    ...Object.fromEntries(
      optional.map((field) => [field, field === 'statement' ? asStatement(info[field]) : text(field)]),
    ),
    ...(resources === undefined
      ? {}
      : { resources: asArray(resources, 'info.resources', MAX_RESOURCES).map(asResource) }),
  };
}

function asLine(value: unknown, path: string): string {
  const text = asString(value, path, 1024);
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) throw new MalformedError(path, 'a text of one line');
  return text;
}

/** The letters that EIP-4361 allows; official servers throw on any other. */
function asStatement(value: unknown): string {
  const statement = asLine(value, 'info.statement');
  if (!/^[-\w.~:/?#[\]@!$&'()*+,;= ]+$/.test(statement))
    throw new MalformedError('info.statement', 'plain English letters');
  return statement;
}

function asNonce(value: unknown): string {
  const nonce = asLine(value, 'info.nonce');
  if (!/^[a-zA-Z0-9]{8,}$/.test(nonce))
    throw new MalformedError('info.nonce', '8 or more letters and digits');
  return nonce;
}

function asResource(value: unknown, index: number): string {
  return asLine(value, `info.resources[${index}]`);
}

function originOf(uri: string): string | null {
  return URL.canParse(uri) ? new URL(uri).origin : null;
}

/** The challenge names another site than the one that sent it: signing it would sign the reader in there. */
export class ForeignChallengeError extends TuppenceError {
  override readonly name = 'SignIn.ForeignChallengeError';
  readonly domain: string;
  constructor(domain: string) {
    super(`This site asks you to sign in to another one, “${domain.slice(0, 80)}”.`);
    this.domain = domain;
  }
}
