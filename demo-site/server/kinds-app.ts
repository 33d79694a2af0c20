import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { RouteConfig } from '@x402/core/server';
import { type Context, Hono } from 'hono';
import { getCookie } from 'hono/cookie';
import { arrivedPage, controlledPage, framedPage, kindsPage } from '../pages/kinds/kinds-page.ts';
import type { World } from '../world/index.ts';
import { freeCacheControl, paidCacheControl } from './headers.ts';
import { paymentMiddleware } from './payment-middleware.ts';
import { inParts, silence } from './wave.ts';

const FILES = new URL('../pages/kinds/', import.meta.url);
const JAVASCRIPT = 'text/javascript; charset=utf-8';
const FREE: Readonly<Record<string, string>> = {
  'kinds.js': JAVASCRIPT,
  'kinds.css': 'text/css; charset=utf-8',
  'arrived.js': JAVASCRIPT,
  'framed.js': JAVASCRIPT,
  'controlled.js': JAVASCRIPT,
  'worker.js': JAVASCRIPT,
  'shared.js': JAVASCRIPT,
};
/** The rule of every page here, but for one embedded file. */
const PAGE = {
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': "script-src 'self'; object-src 'self'; base-uri 'none'",
};
const SESSION = 'kinds-sound';

/** Everything that a page can sell, each for a tenth of a cent, and the page that shows it. */
export async function kindsApp(world: World): Promise<Hono> {
  const app = new Hono();
  const sessions = new Set<string>();
  const served = new Set<string>();
  const sound = silence(60);
  app.get('/kinds', (c) => c.html(kindsPage(elsewhere(c)), 200, PAGE));
  app.get('/kinds/moved', (c) => c.redirect('/kinds/paid/page?by=redirect'));
  app.get('/kinds/served', (c) => c.json({ served: [...served] }));
  app.get('/kinds/controlled/', (c) => c.html(controlledPage(), 200, { 'Cache-Control': freeCacheControl }));
  app.get('/kinds/controlled/service.js', () => file('service.js', JAVASCRIPT));
  app.get('/kinds/:file{[a-z]+\\.(js|css)}', (c) => {
    const name = c.req.param('file');
    const type = FREE[name];
    return type === undefined ? c.notFound() : file(name, type);
  });

  // A file that is fetched in parts is sold once: whoever has paid for the first part gets the others for it.
  app.get('/kinds/paid/sound.wav', async (c, next) => {
    if (!sessions.has(getCookie(c, SESSION) ?? '')) return next();
    return inParts(sound, 'audio/wav', c.req.header('range'));
  });
  app.use('/kinds/paid/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', paidCacheControl);
  });
  app.use('/kinds/paid/*', await paymentMiddleware(world, routes(world)));
  app.get('/kinds/paid/sound.wav', (c) => {
    const session = randomUUID();
    sessions.add(session);
    const part = inParts(sound, 'audio/wav', c.req.header('range'));
    part.headers.append('Set-Cookie', `${SESSION}=${session}; Path=${c.req.path}; HttpOnly; SameSite=Lax`);
    return part;
  });
  app.on(['GET', 'POST'], '/kinds/paid/page', (c) => c.html(arrivedPage()));
  app.get('/kinds/paid/frame', (c) => c.html(framedPage()));
  app.get('/kinds/paid/style.css', (c) => c.body('.paid-style { --paid: 1; font-weight: 700; }', 200, css));
  app.get('/kinds/paid/script.js', (c) =>
    c.body(
      "document.documentElement.dataset.script = ''; document.dispatchEvent(new Event('kinds:script'));",
      200,
      { 'Content-Type': JAVASCRIPT },
    ),
  );
  app.get('/kinds/paid/ruler.ttf', () => file('ruler.ttf', 'font/ttf'));
  app.get('/kinds/paid/film.webm', async (c) =>
    inParts(Buffer.from(await readFile(new URL('tide.webm', FILES))), 'video/webm', c.req.header('range')),
  );
  app.get('/kinds/paid/plan.txt', (c) => {
    served.add('plan.txt');
    return c.text('The plan: two pennies at a time.\n');
  });
  app.get('/kinds/paid/:name{\\w+\\.svg}', (c) => c.body(TIDE, 200, { 'Content-Type': 'image/svg+xml' }));
  app.get('/kinds/paid/:name{\\w+\\.json}', (c) => c.json({ paid: c.req.param('name') }));
  app.post('/kinds/paid/order', async (c) => c.json({ ordered: await c.req.json() }));
  return app;
}

const css = { 'Content-Type': 'text/css; charset=utf-8' };
const TIDE = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 60" width="120" height="60">
<rect width="120" height="60" fill="#0d5750"/><path d="M0 34q15-16 30 0t30 0 30 0 30 0v26H0z" fill="#f6e5b4"/></svg>`;

function routes({ network, payee }: World): Record<string, RouteConfig> {
  const terms: RouteConfig = {
    accepts: { scheme: 'exact', network, payTo: payee, price: '$0.001' },
    description: 'One of every kind',
  };
  return { 'GET /kinds/paid/*': terms, 'POST /kinds/paid/*': terms };
}

/** The same server by its other name: another site, as far as browsers go. */
function elsewhere(c: Context): string {
  const { protocol, hostname, port } = new URL(c.req.url);
  return `${protocol}//${hostname === 'localhost' ? '127.0.0.1' : 'localhost'}:${port}`;
}

async function file(name: string, type: string): Promise<Response> {
  const content = await readFile(new URL(name, FILES));
  return new Response(new Uint8Array(content), {
    headers: { 'Content-Type': type, 'Cache-Control': 'no-cache' },
  });
}
