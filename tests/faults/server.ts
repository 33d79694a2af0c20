import { getRequestListener } from '@hono/node-server';
import { HTTPFacilitatorClient, x402HTTPResourceServer, x402ResourceServer } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddlewareFromHTTPServer } from '@x402/hono';
import { Hono } from 'hono';
import type { World } from '../../demo-site/world/index.ts';
import { type Loopback, listenOnLoopback } from '../../demo-site/world/loopback.ts';

/** What the server, or the network before it, does to the next request that carries a payment. */
export type ServerFault =
  | 'none'
  | 'cut-before'
  | 'cut-during'
  | 'cut-after'
  | 'fresh-402'
  | 'settles-and-answers-402'
  | 'settles-and-answers-500';

export type FaultyServer = Loopback & {
  fault: ServerFault;
  /** How many requests have come with a payment. */
  paid: number;
};

/** Price of everything it sells, in atomic units of USDC, which are millionths of a dollar too. */
export const PRICE = 10_000n;

/** A publication with the official v2 middleware, 1¢ an article, that fails at paid requests in the chosen way. */
export async function startFaultyServer(world: World, facilitatorUrl: string): Promise<FaultyServer> {
  const state = { fault: 'none' as ServerFault, paid: 0 };
  const app = new Hono().use(await paywall(world, facilitatorUrl));
  app.get('/', (c) => c.html('<!doctype html><title>Home</title>'));
  app.get('/article/:name', (c) =>
    c.html(`<!doctype html><title>read</title>the content of ${c.req.param('name')}`),
  );
  const listener = getRequestListener(async (request) => {
    const answer = await app.fetch(request);
    const paid = request.headers.has('payment-signature');
    if (paid && state.fault === 'settles-and-answers-500') return new Response('oh', { status: 500 });
    if (paid && state.fault === 'settles-and-answers-402') return app.fetch(unpaid(request));
    return answer;
  });
  const fresh = getRequestListener((request) => app.fetch(unpaid(request)));
  const listening = await listenOnLoopback((request, response) => {
    if (request.headers['payment-signature'] === undefined) return void listener(request, response);
    server.paid += 1;
    const { fault } = server;
    if (fault === 'cut-before') return void request.socket.destroy();
    if (fault === 'fresh-402') return void fresh(request, response);
    if (fault === 'cut-after') response.end = () => response.destroy();
    if (fault === 'cut-during') setTimeout(() => request.socket.destroy(), 15);
    return void listener(request, response);
  });
  const server = Object.assign(state, listening);
  return server;
}

function unpaid(request: Request): Request {
  const headers = new Headers(request.headers);
  headers.delete('payment-signature');
  return new Request(request.url, { headers });
}

async function paywall(world: World, facilitatorUrl: string) {
  const facilitator = new HTTPFacilitatorClient({ url: facilitatorUrl });
  const server = new x402ResourceServer(facilitator).register(world.network, new ExactEvmScheme());
  const { network, payee: payTo } = world;
  const accepts = { scheme: 'exact', network, payTo, price: '$0.01' } as const;
  const http = new x402HTTPResourceServer(server, { 'GET /article/*': { accepts } });
  await http.initialize();
  return paymentMiddlewareFromHTTPServer(http, undefined, undefined, false);
}
