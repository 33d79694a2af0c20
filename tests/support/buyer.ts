import type { Hex } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import {
  type Authorization,
  type FoundTerms,
  newAuthorization,
  newPaymentId,
  type Outcome,
  outcomeOf,
  type PaymentHeader,
  type PaymentRequired,
  parsePaymentRequiredHeader,
  paymentHeader,
  permit2Payload,
  permit2TypedData,
  type Quote,
  quote,
  SETTLEMENT_HEADERS,
  termsOfAnswer,
  typedData,
} from '../../component/src/core/index.ts';
import type { World } from '../../demo-site/world/index.ts';
import { signTypedData } from './typed-data.ts';

/** Somebody with money who pays with the core, and lets tests spoil every step. */
export type Buyer = { readonly address: Hex; readonly privateKey: Hex };

export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
  readonly outcome: Outcome;
  /** `error` of fresh terms, or null. */
  readonly error: string | null;
};

/** A new account with `atomic` units of USDC. */
export async function newBuyer(world: World, atomic: bigint): Promise<Buyer> {
  const privateKey = generatePrivateKey();
  const { address } = privateKeyToAccount(privateKey);
  if (atomic > 0n) await world.mint(address, atomic);
  return { address, privateKey };
}

/** The x402 terms of a page, found as the core finds them. */
export async function termsOf(url: string, headers: Record<string, string> = {}): Promise<FoundTerms> {
  const response = await fetch(url, { headers });
  const terms = termsOfAnswer({
    status: response.status,
    header: (name) => response.headers.get(name),
    body: await response.text(),
  });
  if (terms === null) throw new Error(`${url} has no terms: ${response.status}`);
  return terms;
}

export type Signed = {
  readonly required: PaymentRequired;
  readonly offer: Quote;
  readonly authorization: Authorization;
  readonly header: PaymentHeader;
};

/** Signs for the best offer. `change` may spoil what is signed. */
export async function sign(
  { required }: FoundTerms,
  { address, privateKey }: Buyer,
  change: Partial<Authorization> = {},
): Promise<Signed> {
  const offer = quote(required, { allowanceOf: () => 2n ** 256n });
  const now = Math.floor(Date.now() / 1000);
  const authorization = { ...newAuthorization(offer, address, now), ...change };
  const permit2 = offer.method === 'permit2';
  const signature = await signTypedData(
    (permit2 ? permit2TypedData : typedData)(offer, authorization),
    privateKey,
  );
  const payment = { authorization, signature, paymentId: newPaymentId() };
  const payloadOf = permit2 ? permit2Payload : undefined;
  return {
    required,
    offer,
    authorization,
    header: paymentHeader(required, offer.requirements, payment, payloadOf),
  };
}

/** Sends a payment, and reads what became of it. */
export async function present(url: string, { required, offer, header }: Signed): Promise<Answer> {
  const response = await fetch(url, { headers: { [header.name]: header.value } });
  const [settlement = null] = SETTLEMENT_HEADERS.flatMap((name) => response.headers.get(name) ?? []);
  const terms = response.headers.get('payment-required');
  const error = terms === null ? null : parsePaymentRequiredHeader(terms).error;
  const outcome = outcomeOf({
    status: response.status,
    settlement,
    hasTerms: terms !== null,
    error,
    settlesLast: required.x402Version === 2 && !offer.upfront,
  });
  return { status: response.status, headers: response.headers, body: await response.text(), outcome, error };
}

/** Looks, signs, sends. */
export async function buy(url: string, buyer: Buyer): Promise<Answer> {
  return present(url, await sign(await termsOf(url), buyer));
}
