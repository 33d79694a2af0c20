import { encodeBase64 } from './base64.ts';
import { TuppenceError } from './errors.ts';
import { asArray, asObject, asString } from './fields.ts';
import type { Address, Hex } from './hex.ts';
import { MalformedError } from './json.ts';
import type { PaymentRequired } from './payment-required.ts';
import { isSecure } from './policy.ts';

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
  /** At most a day away. */
  readonly expirationTime: string;
  readonly notBefore?: string;
  readonly requestId?: string;
  readonly resources?: readonly string[];
};

/** The header that carries a sign-in. `value` holds a signature: never log it. */
export type SignInHeader = { readonly name: 'SIGN-IN-WITH-X'; readonly value: string };

const OPTIONAL = ['statement', 'expirationTime', 'notBefore', 'requestId'] as const;
const MAX_RESOURCES = 32;
const MAX_STATEMENT = 280;

const MINUTE = 60_000;
/** Milliseconds by which a challenge may be older or newer than now, and by which clocks may differ. */
const FRESH = 5 * MINUTE;
/** Milliseconds that a sign-in is valid for at most, and for when the site does not say. */
const MAX_VALIDITY = 1440 * MINUTE;
const OWN_VALIDITY = 5 * MINUTE;
/** RFC 3339, the form that EIP-4361 has times in. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * The sign-in that a 402 offers to those who have paid before, or null when it offers none to Ethereum wallets.
 *
 * It is for the site that asks, now and for a day at most, and hands no rights to anybody: no ReCap (EIP-5573), and
 * no resource of another origin. Costs the reader a prompt: use it only for what was bought here before.
 *
 * @param url the URL that really answered with the terms.
 * @param now unix milliseconds.
 * @throws {ForeignChallengeError} when it would sign the reader in somewhere else.
 * @throws {UnsafeChallengeError} when its signature could be used for more than that, or later. @throws {MalformedError}
 */
export function signInChallenge(required: PaymentRequired, url: string, now: number): SignInChallenge | null {
  const extension = required.extensions?.['sign-in-with-x'];
  if (extension === undefined) return null;
  const { info, supportedChains } = asObject(extension, 'sign-in-with-x');
  const chainId = ethereumChain(supportedChains);
  if (chainId === null) return null;
  const said = asChallenge(info, chainId);
  const { host, origin } = new URL(url);
  if (said.domain !== host || originOf(said.uri) !== origin) throw new ForeignChallengeError(said.domain);
  const expirationTime = said.expirationTime ?? new Date(now + OWN_VALIDITY).toISOString();
  const challenge = { ...said, expirationTime };
  const fault = isSecure(url) ? faultOf(challenge, origin, now) : 'not-secure';
  if (fault !== null) throw new UnsafeChallengeError(fault);
  return challenge;
}

/** Why a signature for it could be used for more than a sign-in here and now, or null. */
function faultOf(challenge: SignInChallenge, origin: string, now: number): ChallengeFault | null {
  const { statement = '', resources = [], issuedAt, notBefore = issuedAt, expirationTime } = challenge;
  if (resources.some((one) => /^urn:recap:/i.test(one)) || /\bauthorize the stated URI\b/i.test(statement))
    return 'delegation';
  if (resources.some((one) => originOf(one) !== origin)) return 'other-resource';
  const isNow = (time: string) => Math.abs(Date.parse(time) - now) <= FRESH;
  if (!isNow(issuedAt) || Date.parse(notBefore) > now + FRESH) return 'not-now';
  const rest = Date.parse(expirationTime) - now;
  return rest > 0 && rest <= MAX_VALIDITY ? null : 'too-long';
}

/** As the site has sent it. */
type Said = Omit<SignInChallenge, 'expirationTime'> & { readonly expirationTime?: string };

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
    `Expiration Time: ${challenge.expirationTime}`,
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
function asChallenge(value: unknown, chainId: string): Said {
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
    issuedAt: asTime(info['issuedAt'], 'info.issuedAt'),
    ...Object.fromEntries(
      optional.map((field) => {
        if (field === 'statement') return [field, asStatement(info[field])];
        return [field, field === 'requestId' ? text(field) : asTime(info[field], `info.${field}`)];
      }),
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
  if (statement.length > MAX_STATEMENT)
    throw new MalformedError('info.statement', `at most ${MAX_STATEMENT} characters`);
  if (!/^[-\w.~:/?#[\]@!$&'()*+,;= ]+$/.test(statement))
    throw new MalformedError('info.statement', 'plain English letters');
  return statement;
}

function asTime(value: unknown, path: string): string {
  const time = asLine(value, path);
  if (!TIME.test(time) || Number.isNaN(Date.parse(time))) throw new MalformedError(path, 'an RFC 3339 time');
  return time;
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

/** Null for what names no site, or names somebody at it: "https://paper.example@…" reads like another address. */
function originOf(uri: string): string | null {
  if (!URL.canParse(uri)) return null;
  const { origin, username, password } = new URL(uri);
  return username + password === '' ? origin : null;
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

/**
 * - `not-secure`: it came by plain http.
 * - `delegation`: it lets somebody act for the reader.
 * - `other-resource`: it names an address of another origin.
 * - `not-now`: it was issued at another time than now, or is for later.
 * - `too-long`: it is valid for more than a day, or not any more.
 */
export type ChallengeFault = 'not-secure' | 'delegation' | 'other-resource' | 'not-now' | 'too-long';

/** A signature for the challenge could be used for more than to sign in here and now. */
export class UnsafeChallengeError extends TuppenceError {
  override readonly name = 'SignIn.UnsafeChallengeError';
  readonly fault: ChallengeFault;
  constructor(fault: ChallengeFault) {
    super(`The site’s sign-in asks for more than a sign-in (${fault}).`);
    this.fault = fault;
  }
}
