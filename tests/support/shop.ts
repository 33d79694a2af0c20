import type { RequestListener } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import {
  HTTPFacilitatorClient,
  type HTTPProcessResult,
  type RouteConfig,
  x402HTTPResourceServer,
  x402ResourceServer,
} from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { HonoAdapter, paymentMiddlewareFromHTTPServer } from '@x402/hono';
import type { Hono, MiddlewareHandler } from 'hono';
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
): Promise<MiddlewareHandler> {
  return paymentMiddlewareFromHTTPServer(
    await httpServerFor(world, prices, verb),
    undefined,
    undefined,
    false,
  );
}

/**
 * As `paywallFor`, for answers that go out piece by piece: settled by the official server before the first piece
 * leaves. The official middleware holds every answer back until it is complete.
 */
export async function streamingPaywallFor(
  world: World,
  prices: Readonly<Record<string, string>>,
): Promise<MiddlewareHandler> {
  const http = await httpServerFor(world, prices, 'GET');
  return async (c, next) => {
    const adapter = new HonoAdapter(c);
    const { path, method } = c.req;
    const request = { adapter, path, decodedPath: path, method };
    const result = await http.processHTTPRequest(request);
    if (result.type === 'no-payment-required') return next();
    const { response, headers } =
      result.type === 'payment-error' ? { response: result.response, headers: {} } : await settled(result);
    if (response !== null) return new Response(null, response);
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    return undefined;
  };

  async function settled({
    paymentPayload,
    paymentRequirements,
  }: Extract<HTTPProcessResult, { type: 'payment-verified' }>) {
    const end = await http.processSettlement(paymentPayload, paymentRequirements);
    return { response: end.success ? null : end.response, headers: end.headers };
  }
}

async function httpServerFor(
  world: World,
  prices: Readonly<Record<string, string | readonly string[]>>,
  verb: string,
): Promise<x402HTTPResourceServer> {
  const facilitator = new HTTPFacilitatorClient({ url: world.facilitatorUrl });
  const server = new x402ResourceServer(facilitator).register(world.network, new ExactEvmScheme());
  const { network, payee: payTo } = world;
  const routes = Object.entries(prices).map(([path, price]): [string, RouteConfig] => [
    `${verb} ${path}`,
    { accepts: [price].flat().map((one) => ({ scheme: 'exact', network, payTo, price: one })) },
  ]);
  const http = new x402HTTPResourceServer(server, Object.fromEntries(routes));
  await http.initialize();
  return http;
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
