import { HTTPFacilitatorClient, x402HTTPResourceServer, x402ResourceServer } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddlewareFromHTTPServer } from '@x402/hono';
import { Hono } from 'hono';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import type { World } from '../../../demo-site/world/index.ts';
import { type Shop, startShop } from '../../support/shop.ts';

/** What everything under `/paid/` costs, and who gets it; both may change at any time. */
export type Prices = { price: string; payTo: Address };

/** A server that sells everything under `/paid/`, by the official middleware, to an account of its own. */
export type Till = Shop & { readonly prices: Prices; readonly account: Address };

/**
 * @param free what it serves for nothing, such as a page with the paid things of another till on it
 * @param paid the answer to a paid request; left out: one line of text
 */
export async function startTill(
  world: World,
  free: (app: Hono) => Hono = (app) => app,
  paid: (path: string) => Response = (path) => new Response(`the content of ${path}`),
): Promise<Till> {
  const account = privateKeyToAddress(generatePrivateKey());
  const prices: Prices = { price: '$0.10', payTo: account };
  const facilitator = new HTTPFacilitatorClient({ url: world.facilitatorUrl });
  const server = new x402ResourceServer(facilitator).register(world.network, new ExactEvmScheme());
  const accepts = {
    scheme: 'exact',
    network: world.network,
    payTo: () => prices.payTo,
    price: () => prices.price,
  };
  const http = new x402HTTPResourceServer(server, { 'GET /paid/*': { accepts } });
  await http.initialize();
  const open = new Hono().use(async (c, next) => {
    await next();
    c.header('Access-Control-Allow-Origin', '*'); // Pages of other origins may read it.
  });
  const app = free(open)
    .use(paymentMiddlewareFromHTTPServer(http, undefined, undefined, false))
    .get('/paid/:name', (c) => paid(c.req.path));
  return { ...(await startShop(app)), prices, account };
}

/** A page with this body. */
export function page(body: string): Response {
  return new Response(`<!doctype html><meta charset="utf-8"><title>A page</title>${body}`, {
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
  });
}
