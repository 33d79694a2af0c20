import {
  HTTPFacilitatorClient,
  type RouteConfig,
  x402HTTPResourceServer,
  x402ResourceServer,
} from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddlewareFromHTTPServer } from '@x402/hono';
import type { MiddlewareHandler } from 'hono';
import type { World } from '../world/index.ts';

/**
 * The official v2 middleware, made ready before the first request: left to itself, it ends the process on a wrong
 * route.
 *
 * @throws Error when the facilitator cannot be reached or does not support the terms
 */
export async function paymentMiddleware(
  world: World,
  routes: Record<string, RouteConfig>,
): Promise<MiddlewareHandler> {
  const facilitator = new HTTPFacilitatorClient({ url: world.facilitatorUrl });
  const server = new x402ResourceServer(facilitator).register(world.network, new ExactEvmScheme());
  const httpServer = new x402HTTPResourceServer(server, routes);
  await httpServer.initialize();
  return paymentMiddlewareFromHTTPServer(httpServer, undefined, undefined, false);
}
