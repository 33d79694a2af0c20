import type { Authorization } from './authorization.ts';
import type { Address } from './hex.ts';
import type { SignedPayment } from './payment-header.ts';
import type { PaymentRequirements } from './payment-requirements.ts';
import type { Quote } from './quote.ts';

/** Uniswap's Permit2, at one address on every chain. */
export const PERMIT2: Address = '0x000000000022D473030F116dDEE9F6B43aC78BA3';
/** The one contract that is ever signed for: x402's proxy for `exact`, which pays only the signed `to`. */
export const PERMIT2_SPENDER: Address = '0x402085c248EeA27D92E8b30b2C58ed07f9E20001';

/** A Permit2 transfer as x402 payloads carry it: every number a decimal string, times in unix seconds. */
export type Permit2Message = {
  readonly from: string;
  readonly permitted: { readonly token: string; readonly amount: string };
  readonly spender: string;
  readonly nonce: string;
  readonly deadline: string;
  readonly witness: { readonly to: string; readonly validAfter: string };
};

/** The form that `eth_signTypedData_v4` takes once printed as JSON. */
export type Permit2TypedData = {
  readonly domain: {
    readonly name: 'Permit2';
    readonly chainId: number;
    readonly verifyingContract: Address;
  };
  readonly types: typeof TYPES;
  readonly primaryType: 'PermitWitnessTransferFrom';
  readonly message: Omit<Permit2Message, 'from'>;
};

const TYPES = {
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ],
  PermitWitnessTransferFrom: [
    { name: 'permitted', type: 'TokenPermissions' },
    { name: 'spender', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
    { name: 'witness', type: 'Witness' },
  ],
  TokenPermissions: [
    { name: 'token', type: 'address' },
    { name: 'amount', type: 'uint256' },
  ],
  Witness: [
    { name: 'to', type: 'address' },
    { name: 'validAfter', type: 'uint256' },
  ],
} as const;

/**
 * The typed data of a Permit2 payment (EIP-712), for exactly the quoted amount and only ever for
 * {@link PERMIT2_SPENDER}. It moves what the reader has allowed Permit2 to move before; an allowance is never signed.
 */
export function permit2TypedData(quote: Quote, authorization: Authorization): Permit2TypedData {
  const { from: _, ...message } = permit2Message(quote.asset.address, authorization);
  return {
    domain: { name: 'Permit2', chainId: quote.network.chainId, verifyingContract: PERMIT2 },
    types: TYPES,
    primaryType: 'PermitWitnessTransferFrom',
    message,
  };
}

/** The payload of a Permit2 payment: for `paymentHeader`. */
export function permit2Payload(
  { authorization, signature }: SignedPayment,
  { asset }: PaymentRequirements,
): object {
  return { signature, permit2Authorization: permit2Message(asset, authorization) };
}

/** An authorization in Permit2's words: its 32-byte nonce as a number, its end as the deadline. */
export function permit2Message(token: string, authorization: Authorization): Permit2Message {
  return {
    from: authorization.from,
    permitted: { token, amount: authorization.value.toString() },
    spender: PERMIT2_SPENDER,
    nonce: BigInt(authorization.nonce).toString(),
    deadline: authorization.validBefore.toString(),
    witness: { to: authorization.to, validAfter: authorization.validAfter.toString() },
  };
}
