import { TuppenceError } from './errors.ts';
import { type Address, type Hex, randomHex } from './hex.ts';
import type { Quote } from './quote.ts';
import { RUNWAY_SECONDS } from './runway.ts';

/** Longest validity that is ever signed, in seconds; servers may ask for years. */
export const MAX_VALIDITY_SECONDS = 600;
/**
 * Seconds of the chain's own time past `validBefore` at which the word of one endpoint alone has an unused authorization
 * dead: newest blocks may still be replaced by others of an earlier time, in which it is used.
 */
export const DEAD_ALONE = 600n;
/** v1's clients date the start back by this much, in seconds, against clocks that run late; v2's start at 0. */
const CLOCK_SLACK_SECONDS = 600;

/** What an ERC-3009 `TransferWithAuthorization` says. Amounts are atomic units, times unix seconds. */
export type Authorization = {
  readonly from: Address;
  readonly to: Address;
  readonly value: bigint;
  readonly validAfter: bigint;
  readonly validBefore: bigint;
  /** 32 random bytes. The token contract takes each (from, nonce) once. */
  readonly nonce: Hex;
};

/** The form that `eth_signTypedData_v4` takes once printed as JSON: numbers are decimal strings. */
export type TypedData = {
  readonly domain: {
    readonly name: string;
    readonly version: string;
    readonly chainId: number;
    readonly verifyingContract: Address;
  };
  readonly types: typeof TYPES;
  readonly primaryType: 'TransferWithAuthorization';
  readonly message: AuthorizationMessage;
};

/** The same as x402 payloads and wallets have it: every number a decimal string, times in unix seconds. */
export type AuthorizationMessage = {
  readonly [Field in keyof Authorization]: string;
};

const TYPES = {
  // MetaMask takes a missing EIP712Domain for an empty one, and signs a digest that the token rejects:
  // https://github.com/circlefin/arc-node/pull/190
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ],
  TransferWithAuthorization: [
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'validAfter', type: 'uint256' },
    { name: 'validBefore', type: 'uint256' },
    { name: 'nonce', type: 'bytes32' },
  ],
} as const;

/**
 * An unsigned authorization for exactly the quoted amount, from `payer`, valid from the past until the shorter of
 * the server's timeout and {@link MAX_VALIDITY_SECONDS}.
 *
 * @param now unix seconds, taken when the wallet is about to sign.
 * @throws {ValidityTooShortError} when the server leaves less time than a settlement needs.
 */
export function newAuthorization(quote: Quote, payer: Address, now: number): Authorization {
  const seconds = Math.min(quote.requirements.maxTimeoutSeconds, MAX_VALIDITY_SECONDS);
  if (seconds < RUNWAY_SECONDS) throw new ValidityTooShortError(seconds);
  return {
    from: payer,
    to: quote.payTo,
    value: quote.requirements.amount,
    validAfter: quote.requirements.x402Version === 1 ? BigInt(now - CLOCK_SLACK_SECONDS) : 0n,
    validBefore: BigInt(now + seconds),
    nonce: randomHex(32),
  };
}

/** Whether a signed authorization can still be sent at `now` (unix seconds) and settle in time. */
export function hasRunway(authorization: Authorization, now: number): boolean {
  return authorization.validBefore >= BigInt(now + RUNWAY_SECONDS);
}

/** The typed data to sign (EIP-712, ERC-3009), built from the pinned domain, never from the server's words. */
export function typedData(quote: Quote, authorization: Authorization): TypedData {
  return {
    domain: {
      ...quote.asset.domain,
      chainId: quote.network.chainId,
      verifyingContract: quote.asset.address,
    },
    types: TYPES,
    primaryType: 'TransferWithAuthorization',
    message: authorizationMessage(authorization),
  };
}

/** The authorization as x402 payloads carry it: every number a decimal string. */
export function authorizationMessage(authorization: Authorization): AuthorizationMessage {
  return {
    from: authorization.from,
    to: authorization.to,
    value: authorization.value.toString(),
    validAfter: authorization.validAfter.toString(),
    validBefore: authorization.validBefore.toString(),
    nonce: authorization.nonce,
  };
}

/** The server wants the payment to be void before it could settle. */
export class ValidityTooShortError extends TuppenceError {
  override readonly name = 'Authorization.ValidityTooShortError';
  readonly seconds: number;
  constructor(seconds: number) {
    super(`The site allows ${seconds} s for the payment.`);
    this.seconds = seconds;
  }
}
