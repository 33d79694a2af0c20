import { getRequestListener } from '@hono/node-server';
import { x402Facilitator } from '@x402/core/facilitator';
import type { Network, PaymentPayload, PaymentRequirements, SettleResponse } from '@x402/core/types';
import { ExactEvmScheme } from '@x402/evm/exact/facilitator';
import { ExactEvmSchemeV1 } from '@x402/evm/exact/v1/facilitator';
import { Hono } from 'hono';
import type { ChainClient } from './chain-client.ts';
import { network, networkV1 } from './constants.ts';
import { facilitatorSigner } from './facilitator-signer.ts';
import { type Loopback, listenOnLoopback } from './loopback.ts';

/** One attempt to move money that a server asked the facilitator for. */
export type Settlement = {
  /** Empty when the payment did not say. */
  readonly payer: string;
  readonly payTo: string;
  /** Atomic units as a decimal string, as the server's terms had it. */
  readonly amount: string;
  /** As the server's terms had it: CAIP-2 in v2, a short name in v1. */
  readonly network: string;
  /** Transaction hash; usually empty on failure. */
  readonly transaction: string;
  readonly success: boolean;
  readonly errorReason?: string;
};

/** A facilitator that listens on loopback, and what it has settled, in order. */
export type Facilitator = Loopback & { settlements(): readonly Settlement[] };

/** What servers post. v1 calls the amount `maxAmountRequired`, v2 `amount`. */
type SettleRequest = {
  readonly paymentPayload: PaymentPayload;
  readonly paymentRequirements: PaymentRequirements & {
    readonly maxAmountRequired?: string;
  };
};

/**
 * Starts the official facilitator, for v1 and v2, behind its usual three addresses.
 *
 * @param port 0 for any free one
 * @throws the system's error, for instance EADDRINUSE for a port that is taken
 */
export async function startFacilitator(client: ChainClient, port = 0): Promise<Facilitator> {
  const settled: Settlement[] = [];
  const app = facilitatorApp(officialFacilitator(client), (settlement) => settled.push(settlement));
  const server = await listenOnLoopback(getRequestListener(app.fetch), port);
  return { ...server, settlements: () => [...settled] };
}

function officialFacilitator(client: ChainClient): x402Facilitator {
  const signer = facilitatorSigner(client);
  return new x402Facilitator()
    .register(network, new ExactEvmScheme(signer))
    .registerV1(networkV1 as Network, new ExactEvmSchemeV1(signer));
}

function facilitatorApp(facilitator: x402Facilitator, record: (settlement: Settlement) => void): Hono {
  const app = new Hono();
  app.get('/supported', (c) => c.json(facilitator.getSupported()));
  app.post('/verify', async (c) => {
    const { paymentPayload, paymentRequirements } = await c.req.json<SettleRequest>();
    return c.json(await facilitator.verify(paymentPayload, paymentRequirements));
  });
  app.post('/settle', async (c) => {
    const request = await c.req.json<SettleRequest>();
    const result = await facilitator.settle(request.paymentPayload, request.paymentRequirements);
    record(settlementOf(request, result));
    return c.json(result);
  });
  app.onError((error, c) => c.json({ error: error.message }, error instanceof SyntaxError ? 400 : 500));
  return app;
}

function settlementOf({ paymentRequirements: terms }: SettleRequest, result: SettleResponse): Settlement {
  return {
    payer: result.payer ?? '',
    payTo: terms.payTo,
    amount: terms.amount ?? terms.maxAmountRequired ?? '',
    network: terms.network,
    transaction: result.transaction,
    success: result.success,
    ...(result.errorReason === undefined ? {} : { errorReason: result.errorReason }),
  };
}
