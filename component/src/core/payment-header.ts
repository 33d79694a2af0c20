import { type Authorization, authorizationMessage } from './authorization.ts';
import { encodeBase64 } from './base64.ts';
import type { Hex } from './hex.ts';
import { randomHex } from './hex.ts';
import type { JsonObject } from './json.ts';
import type { PaymentRequired } from './payment-required.ts';
import { isJsonObject, type PaymentRequirements } from './payment-requirements.ts';

/** The header that carries a payment. `value` is base64 of UTF-8 JSON and holds a signature: never log it. */
export type PaymentHeader = {
  readonly name: 'X-PAYMENT' | 'PAYMENT-SIGNATURE';
  readonly value: string;
};

/** Longest header value, in characters: common servers refuse longer ones. What is optional is left out first. */
export const MAX_HEADER_LENGTH = 8192;

/** What has to be kept before a payment is sent: with it every retry sends the same one. */
export type SignedPayment = {
  readonly authorization: Authorization;
  readonly signature: Hex;
  /** Of the `payment-identifier` extension: the same for every try of one purchase. */
  readonly paymentId: string;
};

/** Puts a signed payment into the words of its scheme. */
export type PayloadOf = (payment: SignedPayment, requirements: PaymentRequirements) => object;

const IDENTIFIER = 'payment-identifier';

/** A fresh identifier for one purchase: `pay_` and 32 hexadecimal digits, within the 16 to 128 that are allowed. */
export function newPaymentId(): string {
  return `pay_${randomHex(16).slice(2)}`;
}

/**
 * The request header that presents a signed payment, in the version the terms came in.
 *
 * v2 echoes the chosen entry and the extensions as the server sent them; it compares field by field.
 * Made anew from the newest 402 on every try: the signature stays, the envelope follows the server
 * (https://github.com/x402-foundation/x402/issues/831).
 * @param payloadOf how the payment is put into words; `permit2Payload` for a Permit2 transfer.
 */
export function paymentHeader(
  required: PaymentRequired,
  requirements: PaymentRequirements,
  payment: SignedPayment,
  payloadOf: PayloadOf = authorizationPayload,
): PaymentHeader {
  const payload = payloadOf(payment, requirements);
  if (required.x402Version === 1) {
    const { scheme, network } = requirements.sent;
    return { name: 'X-PAYMENT', value: encoded({ x402Version: 1, scheme, network, payload }) };
  }
  const { extensions, sentResource } = required;
  const all = withPaymentId(extensions, payment.paymentId);
  const needed = { x402Version: 2, accepted: requirements.sent, payload };
  const identified = { ...needed, extensions: all?.[IDENTIFIER] && { [IDENTIFIER]: all[IDENTIFIER] } };
  const whole = { ...needed, resource: sentResource ?? undefined, extensions: all ?? undefined };
  const value = [whole, identified].map(encoded).find(({ length }) => length <= MAX_HEADER_LENGTH);
  return { name: 'PAYMENT-SIGNATURE', value: value ?? encoded(needed) };
}

function authorizationPayload({ authorization, signature }: SignedPayment): object {
  return { signature, authorization: authorizationMessage(authorization) };
}

function encoded(envelope: object): string {
  return encodeBase64(JSON.stringify(envelope));
}

/** Adding to an extension's `info` is allowed, changing what the server put there is not. */
function withPaymentId(extensions: JsonObject | null, paymentId: string): JsonObject | null {
  const identifier = extensions?.[IDENTIFIER];
  if (extensions === null || !isJsonObject(identifier)) return extensions;
  const info = isJsonObject(identifier['info']) ? identifier['info'] : {};
  return { ...extensions, [IDENTIFIER]: { ...identifier, info: { id: paymentId, ...info } } };
}
