import { getRequestListener } from '@hono/node-server';
import { HTTPFacilitatorClient } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddlewareFromHTTPServer, x402HTTPResourceServer, x402ResourceServer } from '@x402/hono';
import { Hono, type MiddlewareHandler } from 'hono';
import type { World } from '../../demo-site/world/index.ts';
import { listenOnLoopback } from '../../demo-site/world/loopback.ts';

/** A weather service that knows nothing of the demo site and answers as the official middleware does by itself. */
export type WeatherServer = {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Method, path and status of every request so far, such as `"GET /report 402"`. */
  readonly log: readonly string[];
  stop(): Promise<void>;
};

/** What is sold, by path: the price in dollars. */
const PRICES = { '/report': '$0.03', '/api/forecast': '$0.01', '/bare': '$0.02', '/atlas': '$2.50' } as const;

/** Starts the service on a free loopback port, paid to `world`'s payee. */
export async function startWeatherServer(world: World): Promise<WeatherServer> {
  const log: string[] = [];
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    log.push(`${c.req.method} ${c.req.path} ${c.res.status}`);
  });
  app.use('/bare', withoutBody);
  app.use(await officialPayment(world));
  app.get('/report', (c) => c.html(page('Report', '<p>Rain until noon, then a dry, bright afternoon.</p>')));
  app.get('/bare', (c) => c.html(page('Bare', '<p>Clear skies.</p>')));
  app.get('/atlas', (c) => c.html(page('Atlas', '<p>Every cloud there is.</p>')));
  app.get('/api/forecast', (c) => c.json({ tomorrow: 'Fog on the hills' }));
  app.get('/today', (c) => c.html(page('Today', FORECAST)));
  app.get('/free', (c) => c.html(page('Free', SLOTTED)));
  unpayable(app);
  awkward(app);
  const server = await listenOnLoopback(getRequestListener(app.fetch));
  return { ...server, log };
}

/** 402s that nobody can pay, whatever the limits. */
function unpayable(app: Hono): void {
  app.get('/ordinary', (c) => c.html(page('Members only', '<p>Please subscribe.</p>'), 402));
  app.get('/mars', (c) => {
    const terms = { scheme: 'exact', network: 'eip155:4242', asset: `0x${'ab'.repeat(20)}`, amount: '10000' };
    const required = {
      x402Version: 2,
      resource: { url: c.req.url },
      accepts: [{ ...terms, payTo: `0x${'cd'.repeat(20)}`, maxTimeoutSeconds: 60, extra: {} }],
    };
    const header = Buffer.from(JSON.stringify(required)).toString('base64');
    return c.html(page('Mars', '<p>Dust storms.</p>'), 402, { 'PAYMENT-REQUIRED': header });
  });
}

/** Pages that never end, fail, or move on. */
function awkward(app: Hono): void {
  app.get('/never', () => new Promise<never>(() => {}));
  app.get('/broken', (c) => c.html(page('Broken', '<p>Out of order.</p>'), 500));
  app.get('/moved', (c) => c.redirect('/report'));
}

/** The 402 with its terms in the header, and nothing to show: the browser puts its own error page in its place. */
const withoutBody: MiddlewareHandler = async (c, next) => {
  await next();
  if (c.res.status !== 402) return;
  const headers = new Headers(c.res.headers);
  headers.delete('content-length');
  c.res = new Response(null, { status: 402, headers });
};

async function officialPayment({ network, payee, facilitatorUrl }: World) {
  const facilitator = new HTTPFacilitatorClient({ url: facilitatorUrl });
  const resources = new x402ResourceServer(facilitator).register(network, new ExactEvmScheme());
  const routes = Object.fromEntries(
    Object.entries(PRICES).map(([path, price]) => [
      `GET ${path}`,
      { accepts: { scheme: 'exact', network, payTo: payee, price } },
    ]),
  );
  const server = new x402HTTPResourceServer(resources, routes);
  await server.initialize();
  return paymentMiddlewareFromHTTPServer(server, undefined, undefined, false);
}

function page(title: string, body: string): string {
  return `<!doctype html><title>${title}</title><body><h1>${title}</h1>${body}</body>`;
}

/** A free page whose script buys a forecast a little later and writes it into a shadow tree. */
const FORECAST = `<weather-card>Tomorrow:</weather-card><script>
  setTimeout(async () => {
    const answer = await fetch('/api/forecast');
    const root = document.querySelector('weather-card').attachShadow({ mode: 'open' });
    const said = answer.ok ? (await answer.json()).tomorrow : 'no forecast (' + answer.status + ')';
    root.innerHTML = '<slot></slot> <b></b>';
    root.querySelector('b').textContent = said;
  }, 100);
</script>`;

/** Text in every place where a reader can or cannot see it. */
const SLOTTED = `<p style="display:none">Never shown.</p><p style="visibility:hidden">Nor this.</p>
  <p style="position:absolute;left:-999px">Nor that.</p><p>Free   for
  <b>all</b>.<br>Truly.</p>
  <div><template shadowrootmode="open"><p>From the shadow.</p><slot name="end"></slot><slot></slot></template>
  <span>Slotted.</span><em slot="end">First.</em></div><table><tr><td>Rain</td><td>3 mm</td></tr></table>`;
