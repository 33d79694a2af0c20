import { getRequestListener } from '@hono/node-server';
import { HTTPFacilitatorClient, x402HTTPResourceServer, x402ResourceServer } from '@x402/core/server';
import { ExactEvmScheme } from '@x402/evm/exact/server';
import { paymentMiddlewareFromHTTPServer } from '@x402/hono';
import { Hono } from 'hono';
import type { Address } from 'viem';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import type { World } from '../../../demo-site/world/index.ts';
import { listenOnLoopback } from '../../../demo-site/world/loopback.ts';

/** `paper` is the one that the reader has allowed; nobody has allowed `evil`, or `ad`, which paper embeds. */
export type Party = 'paper' | 'evil' | 'ad';

/** A site with its own payee and the official v2 middleware: everything under `/paid/` costs 1¢. */
export type Site = {
  readonly origin: string;
  readonly payee: Address;
  /** Address of a page with this markup. */
  page(markup: string): string;
  /** Address of something that costs 1¢. */
  paid(name: string): string;
  /** Paid requests that another origin made, until they are taken out. */
  readonly astray: string[];
  stop(): Promise<void>;
};

export type Sites = { readonly [P in Party]: Site };

const HOSTS: { readonly [P in Party]: string } = { paper: '127.0.0.1', evil: '127.0.0.2', ad: '127.0.0.3' };

/** In atomic units of USDC, which are millionths of a dollar too. */
export const PRICE = 10_000n;

export async function startSites(world: World): Promise<Sites> {
  const [paper, evil, ad] = await Promise.all([
    startSite(world, HOSTS.paper),
    startSite(world, HOSTS.evil),
    startSite(world, HOSTS.ad),
  ]);
  return { paper, evil, ad };
}

async function startSite(world: World, host: string): Promise<Site> {
  const payee = privateKeyToAddress(generatePrivateKey());
  const pages: string[] = [];
  const astray: string[] = [];
  const app = new Hono();
  app.use(async (c, next) => {
    if (c.req.method === 'OPTIONS') return c.body(null, 204, PREFLIGHT);
    const asker = c.req.header('origin') ?? c.req.header('referer');
    const isPaid = c.req.header('payment-signature') !== undefined;
    if (isPaid && asker !== undefined && new URL(asker).origin !== origin)
      astray.push(`${c.req.url} for ${asker}`);
    await next();
    c.res.headers.set('Access-Control-Allow-Origin', '*');
    return undefined;
  });
  app.use(await paywall(world, payee));
  app.get('/', (c) => c.html('<!doctype html><title>Front</title>'));
  app.get('/page/:number', (c) => c.html(`<!doctype html><body>${pages[Number(c.req.param('number'))]}`));
  app.get('/worker.js', (c) => c.body(WORKER, 200, { 'content-type': 'text/javascript' }));
  app.get('/odd/:kind', (c) => c.body('{}', 402, ODD[c.req.param('kind')] ?? {}));
  app.get('/paid/:name', (c) =>
    c.html(`<!doctype html><title>read</title>the content of ${c.req.param('name')}`),
  );
  const { origin, stop } = await listenOnLoopback(getRequestListener(app.fetch), 0, host);
  return {
    ...{ origin, payee, astray, stop },
    page: (markup) => `${origin}/page/${pages.push(markup) - 1}`,
    paid: (name) => `${origin}/paid/${name}`,
  };
}

const PREFLIGHT = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': '*, payment-signature',
  'Access-Control-Allow-Methods': 'GET, POST, PROPFIND',
};

/** Fetches what the page names, again and again for two seconds, also when the page is gone. */
const WORKER = `
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('message', ({ data }) => {
  const end = Date.now() + 2000;
  const again = () => Date.now() < end && fetch(data).catch(() => 0).then(() => setTimeout(again, 50));
  again();
});`;

/** Terms as no server should send them. */
const ODD: Readonly<Record<string, Record<string, string>>> = {
  junk: { 'payment-required': 'bm90IGpzb24=' },
  empty: { 'payment-required': '' },
  long: { 'payment-required': 'A'.repeat(60_000) },
  cached: { 'cache-control': 'max-age=600', 'payment-required': 'e30=' },
};

async function paywall(world: World, payTo: Address) {
  const facilitator = new HTTPFacilitatorClient({ url: world.facilitatorUrl });
  const server = new x402ResourceServer(facilitator).register(world.network, new ExactEvmScheme());
  const accepts = { scheme: 'exact', network: world.network, payTo, price: '$0.01' } as const;
  const http = new x402HTTPResourceServer(server, { '/paid/*': { accepts } });
  await http.initialize();
  return paymentMiddlewareFromHTTPServer(http, undefined, undefined, false);
}
