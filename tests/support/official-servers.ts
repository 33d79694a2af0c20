import { getRequestListener } from '@hono/node-server';
import {
  type FacilitatorConfig,
  HTTPFacilitatorClient,
  type RouteConfig,
  x402HTTPResourceServer,
  x402ResourceServer,
} from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import {
  createEIP712OfferReceiptIssuer,
  createOfferReceiptExtension,
  declareOfferReceiptExtension,
} from '@x402/extensions/offer-receipt';
import {
  declarePaymentIdentifierExtension,
  paymentIdentifierResourceServerExtension,
} from '@x402/extensions/payment-identifier';
import {
  createSIWxResourceServerExtension,
  declareSIWxExtension,
  InMemorySIWxStorage,
} from '@x402/extensions/sign-in-with-x';
import { paymentMiddlewareFromHTTPServer } from '@x402/hono';
import express from 'express';
import { Hono } from 'hono';
import type { TypedDataDefinition } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { paymentMiddleware } from 'x402-express';
import type { World } from '../../demo-site/world/index.ts';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';
import { PAYER } from './terms.ts';

/** Atomic units that every page costs. */
export const PRICE = 10_000n;

/**
 * The official v2 server (`@x402/hono`) with a page for each thing that can happen.
 *
 * `/aborted` is refused by a hook of the server itself.
 *
 * @param timeoutMs how long it waits for its facilitator: 90 s unless told.
 */
export async function startV2Server(
  world: World,
  facilitatorUrl: string,
  timeoutMs = 90_000,
): Promise<Loopback> {
  const app = new Hono();
  // The sign-in extension has to know its origin before the port is known, so the app is filled in afterwards.
  const server = await listenOnLoopback(getRequestListener((request) => app.fetch(request)));
  const httpServer = await httpServerOf(world, { url: facilitatorUrl, timeoutMs }, server.origin);
  app.use(paymentMiddlewareFromHTTPServer(httpServer, undefined, undefined, false));
  app.get('/broken', (c) => c.text('This page failed.', 500));
  app.get('/upfront-broken', (c) => c.text('This page failed.', 500));
  app.get('*', (c) => c.text('The paid text.'));
  return server;
}

async function httpServerOf(
  world: World,
  facilitator: FacilitatorConfig,
  origin: string,
): Promise<x402HTTPResourceServer> {
  const account = privateKeyToAccount(PAYER.privateKey);
  // Holds: the extension makes it for accounts like this one.
  const issuer = createEIP712OfferReceiptIssuer(`did:pkh:eip155:1:${account.address}`, (data) =>
    account.signTypedData({ ...data } as object as TypedDataDefinition),
  );
  const server = new x402ResourceServer(new HTTPFacilitatorClient(facilitator))
    .register(world.network, new ExactEvmScheme())
    .registerExtension(createSIWxResourceServerExtension({ storage: new InMemorySIWxStorage(), origin }))
    .registerExtension(createOfferReceiptExtension(issuer))
    .registerExtension(paymentIdentifierResourceServerExtension);
  const httpServer = new x402HTTPResourceServer(server, routesOf(world));
  httpServer.onProtectedRequest(async ({ path }) =>
    path === '/aborted' ? { abort: true, reason: 'Not for you.' } : undefined,
  );
  await httpServer.initialize();
  return httpServer;
}

function routesOf({ network, payee }: World): Record<string, RouteConfig> {
  const accepts = { scheme: 'exact', network, payTo: payee, price: '$0.01', maxTimeoutSeconds: 300 } as const;
  const page: RouteConfig = { accepts, description: 'A page', mimeType: 'text/plain' };
  const upfront = { ...page, accepts: { ...accepts, extra: { paymentFlow: 'upfront' } } };
  const permit2 = { ...page, accepts: { ...accepts, extra: { assetTransferMethod: 'permit2' } } };
  return {
    'GET /page': page,
    'GET /broken': page,
    'GET /aborted': page,
    'GET /upfront': upfront,
    'GET /upfront-broken': upfront,
    'GET /permit2': permit2,
    'GET /signed': { ...page, extensions: declareOfferReceiptExtension() },
    'GET /again': { ...page, extensions: declareSIWxExtension({ statement: 'Open what you have bought.' }) },
    'GET /identified': {
      ...page,
      extensions: { 'payment-identifier': declarePaymentIdentifierExtension(true) },
    },
  };
}

/** The official v1 server (`x402-express` 1.2.0) with one page. */
export async function startV1Server({ payee, networkV1 }: World, facilitatorUrl: string): Promise<Loopback> {
  const app = express();
  const routes = {
    'GET /page': { price: '$0.01', network: networkV1, config: { description: 'A page' } },
  } as const;
  // Holds: loopback addresses start with http.
  app.use(paymentMiddleware(payee, routes, { url: facilitatorUrl as `http://${string}` }));
  app.get('/page', (_request, response) => void response.send('The paid text.'));
  return listenOnLoopback(app);
}
