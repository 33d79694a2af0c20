import { x402Client, x402HTTPClient } from '@x402/core/client';
import { registerExactEvmScheme } from '@x402/evm/exact/client';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { createPaymentHeader } from 'x402/client';
import { decodeXPaymentResponse } from 'x402/shared';
import { PaymentRequirementsSchema } from 'x402/types';
import type { World } from '../../demo-site/world/index.ts';

/** What the official client got for its money. */
export type Purchase = {
  readonly status: number;
  readonly body: string;
  readonly headers: Headers;
  /** From the answer's result header; empty without one. */
  readonly transaction: string;
};

/** A new account with `atomic` units of USDC. */
export async function reader(world: World, atomic: bigint) {
  const account = privateKeyToAccount(generatePrivateKey());
  await world.mint(account.address, atomic);
  return account;
}

export type Reader = Awaited<ReturnType<typeof reader>>;

/** Asks for a page as browsers do when a person opens it. */
export function openInBrowser(url: string): Promise<Response> {
  return fetch(url, { headers: { Accept: 'text/html,*/*;q=0.8', 'User-Agent': 'Mozilla/5.0' } });
}

/** Buys `url` with the official v2 client, without its cap of one dollar. */
export async function buyV2(url: string, account: Reader): Promise<Purchase> {
  const core = x402Client.fromConfig({ schemes: [], spendControls: { maxAmountPerPayment: false } });
  const client = new x402HTTPClient(registerExactEvmScheme(core, { signer: account }));
  const unpaid = await fetch(url);
  const terms = client.getPaymentRequiredResponse((name) => unpaid.headers.get(name), await unpaid.json());
  const payment = await client.createPaymentPayload(terms);
  const paid = await fetch(url, { headers: client.encodePaymentSignatureHeader(payment) });
  const transaction = paid.headers.has('PAYMENT-RESPONSE')
    ? client.getPaymentSettleResponse((name) => paid.headers.get(name)).transaction
    : '';
  return { status: paid.status, body: await paid.text(), headers: paid.headers, transaction };
}

/** Buys `url` with the official v1 client. */
export async function buyV1(url: string, account: Reader): Promise<Purchase> {
  const { accepts } = (await (await fetch(url)).json()) as { accepts: readonly unknown[] };
  const terms = PaymentRequirementsSchema.parse(accepts[0]);
  const paid = await fetch(url, { headers: { 'X-PAYMENT': await createPaymentHeader(account, 1, terms) } });
  const result = paid.headers.get('X-PAYMENT-RESPONSE');
  const transaction = result === null ? '' : decodeXPaymentResponse(result).transaction;
  return { status: paid.status, body: await paid.text(), headers: paid.headers, transaction };
}
