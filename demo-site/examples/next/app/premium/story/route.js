import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { withX402, x402ResourceServer } from '@x402/next';

const { PAY_TO, NETWORK = 'eip155:84532', FACILITATOR_URL = 'https://x402.org/facilitator' } = process.env;
const facilitator = new HTTPFacilitatorClient({ url: FACILITATOR_URL });
const payments = new x402ResourceServer(facilitator).register(NETWORK, new ExactEvmScheme());
const page = '<!doctype html><title>Why tides turn</title><p>2¢. <a href="/">Read it on its page</a>.</p>';
const accepts = { scheme: 'exact', network: NETWORK, payTo: PAY_TO, price: '$0.02' };
const story = { accepts, description: 'Why tides turn', customPaywallHtml: page };

async function read() {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'private, max-age=600' };
  return new Response('<p>The moon pulls the sea …</p>', { headers });
}

export const GET = withX402(read, story, payments);
// Next would answer HEAD with GET, and charge for nothing.
export const HEAD = () => new Response(null, { status: 405 });
