import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddleware, x402ResourceServer } from '@x402/hono';
import { Hono } from 'hono';

const { PAY_TO, NETWORK = 'eip155:84532', FACILITATOR_URL = 'https://x402.org/facilitator' } = process.env;
const port = Number(process.env.PORT ?? 3000);
if (!PAY_TO) throw new Error('PAY_TO is missing: the address that is paid.');
const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const payments = new x402ResourceServer(facilitator).register(NETWORK, new ExactEvmScheme());
const page = '<!doctype html><title>Why tides turn</title><p>2¢. <a href="/">Read it on its page</a>.</p>';
const accepts = { scheme: 'exact', network: NETWORK, payTo: PAY_TO, price: '$0.02' };
const story = { accepts, description: 'Why tides turn', customPaywallHtml: page };

const app = new Hono();
// CORS goes here, if the page is on another origin.
// A HEAD would run the GET handler, past the price.
app.use('/premium/story', (c, next) => (c.req.method === 'HEAD' ? c.body(null, 405) : next()));
app.use(paymentMiddleware({ 'GET /premium/story': story }, payments));
app.get('/premium/story', (c) =>
  c.html('<p>The moon pulls the sea …</p>', 200, { 'Cache-Control': 'private, max-age=600' }),
);
app.use(serveStatic({ root: './public' }));
serve({ fetch: app.fetch, port });
