import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import {
  HTTPFacilitatorClient,
  type RouteConfig,
  x402HTTPResourceServer,
  x402ResourceServer,
} from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddlewareFromHTTPServer } from '@x402/hono';
import type { Hono } from 'hono';
import { createRequestLog, type LoggedRequest } from '../../demo-site/server/request-log.ts';
import type { World } from '../../demo-site/world/index.ts';
import { listenOnLoopback } from '../../demo-site/world/loopback.ts';

/** A server of a test's own. */
export type Shop = {
  readonly origin: string;
  /** Every request so far, in the order of arrival. */
  requests(): readonly LoggedRequest[];
  stop(): Promise<void>;
};

/** Serves a Hono app on a free loopback port and keeps a log of what it was asked. */
export async function startShop(app: Hono): Promise<Shop> {
  const log = createRequestLog();
  const listener: RequestListener = getRequestListener(app.fetch);
  const server = await listenOnLoopback((request, response) => {
    log.add(request, response);
    return listener(request, response);
  });
  return { ...server, requests: log.all };
}

/**
 * The official v2 middleware with `prices` such as `{ '/data': '$0.01' }`, each for GET, paid to the world's payee; of
 * several prices for one path the reader may choose.
 */
export async function paywallFor(
  world: World,
  prices: Readonly<Record<string, string | readonly string[]>>,
  verb = 'GET',
) {
  const facilitator = new HTTPFacilitatorClient({ url: world.facilitatorUrl });
  const server = new x402ResourceServer(facilitator).register(world.network, new ExactEvmScheme());
  const { network, payee: payTo } = world;
  const routes = Object.entries(prices).map(([path, price]): [string, RouteConfig] => [
    `${verb} ${path}`,
    { accepts: [price].flat().map((one) => ({ scheme: 'exact', network, payTo, price: one })) },
  ]);
  const http = new x402HTTPResourceServer(server, Object.fromEntries(routes));
  await http.initialize();
  return paymentMiddlewareFromHTTPServer(http, undefined, undefined, false);
}

/** A 402 with `terms` (any JSON) in a `PAYMENT-REQUIRED` header and a page of its own. */
export function bareTerms(header: string): Response {
  return new Response('<!doctype html><title>Till</title><h1>The till is over there</h1>', {
    status: 402,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'PAYMENT-REQUIRED': header,
      'Cache-Control': 'no-store',
    },
  });
}
