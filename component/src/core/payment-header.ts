import { type Authorization, authorizationMessage } from './authorization.ts';
import { encodeBase64 } from './base64.ts';
import type { Hex } from './hex.ts';
import { randomHex } from './hex.ts';
import { asTextOrNull, type JsonObject } from './json.ts';
import type { PaymentRequired, PaymentRequirements } from './payment-required.ts';

/** The header that carries a payment. `value` is base64 of UTF-8 JSON and holds a signature: never log it. */
export type PaymentHeader = {
  readonly name: 'X-PAYMENT' | 'PAYMENT-SIGNATURE';
  readonly value: string;
};

/** Headers longer than this are refused by common servers; optional extensions are then left out of the echo. */
export const MAX_HEADER_LENGTH = 8192;

export type SignedPayment = {
  readonly authorization: Authorization;
  readonly signature: Hex;
  /** Of the `payment-identifier` extension: the same for every try of one purchase. */
  readonly paymentId: string;
};

/** A fresh identifier for one purchase: 16 to 128 of `[A-Za-z0-9_-]`. */
export function newPaymentId(): string {
  return `pay_${randomHex(16).slice(2)}`;
}

/**
 * The request header that presents a signed payment, in the version the terms came in.
 *
 * v2 echoes the chosen entry and the extensions as the server sent them; it compares field by field.
 * Made anew from the newest 402 on every try: the signature stays, the envelope follows the server
 * (https://github.com/x402-foundation/x402/issues/831).
 */
export function paymentHeader(
  required: PaymentRequired,
  requirements: PaymentRequirements,
  payment: SignedPayment,
): PaymentHeader {
  const payload = {
    signature: payment.signature,
    authorization: authorizationMessage(payment.authorization),
  };
  if (required.x402Version === 1) {
    const { scheme, network } = requirements.sent;
    return {
      name: 'X-PAYMENT',
      value: encodeBase64(JSON.stringify({ x402Version: 1, scheme, network, payload })),
    };
  }
  const envelope = {
    x402Version: 2,
    ...(required.sentResource === null ? {} : { resource: required.sentResource }),
    accepted: requirements.sent,
    payload,
  };
  const extensions = echoedExtensions(required.extensions, payment.paymentId);
  const whole = encodeBase64(JSON.stringify(extensions === null ? envelope : { ...envelope, extensions }));
  const value = whole.length <= MAX_HEADER_LENGTH ? whole : encodeBase64(JSON.stringify(envelope));
  return { name: 'PAYMENT-SIGNATURE', value };
}

/** Adding to an extension's `info` is allowed, changing what the server put there is not. */
function echoedExtensions(extensions: JsonObject | null, paymentId: string): JsonObject | null {
  const identifier = extensions?.['payment-identifier'];
  if (extensions === null || !isObject(identifier)) return extensions;
  const info = isObject(identifier['info']) ? identifier['info'] : {};
  const id = asTextOrNull(info['id']) ?? paymentId;
  return {
    ...extensions,
    'payment-identifier': { ...identifier, info: { ...info, id } },
  };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
