import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddleware, x402ResourceServer } from '@x402/express';
import express from 'express';

const { PAY_TO, NETWORK = 'eip155:84532', FACILITATOR_URL = 'https://x402.org/facilitator' } = process.env;
const port = Number(process.env.PORT ?? 3000);
if (!PAY_TO) throw new Error('PAY_TO is missing: the address that is paid.');
const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const payments = new x402ResourceServer(facilitator).register(NETWORK, new ExactEvmScheme());
const page = '<!doctype html><title>Why tides turn</title><p>2¢. <a href="/">Read it on its page</a>.</p>';
const accepts = { scheme: 'exact', network: NETWORK, payTo: PAY_TO, price: '$0.02' };
const story = { accepts, description: 'Why tides turn', customPaywallHtml: page };

const app = express();
// A reader who has paid must not be answered 304, with nothing to read.
app.disable('etag');
// CORS goes here, if the page is on another origin.
// A HEAD would run the GET handler, past the price.
app.head('/premium/story', (_request, response) => response.sendStatus(405));
app.use(paymentMiddleware({ 'GET /premium/story': story }, payments));
app.get('/premium/story', (_request, response) => {
  response.set('Cache-Control', 'private, max-age=600').send('<p>The moon pulls the sea …</p>');
});
app.use(express.static('public'));
app.listen(port);
