import { Hono } from 'hono';
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Report } from '../../extension/reader/report.ts';
import { runCommand } from '../support/run-command.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// What the browser asks for by itself, beside what pages ask for: icons of the site, its manifest, and the manifest's.

const PURSE = 1_000_000n;
const PIXEL = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
const MANIFEST = {
  name: 'A site',
  display: 'standalone',
  start_url: '/',
  icons: [{ src: '/manifest.png', sizes: '192x192' }],
};

let world: World;
let shop: Shop;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.get('/asked/*', (c) => c.json(hasAsked(c.req.path.slice('/asked'.length))));
  app.get('/free.json', (c) => c.json(MANIFEST));
  // Everything else costs a cent, like the site that it stands for.
  app.use(await paywallFor(world, { '/*': '$0.01' }));
  app.get('/locked.json', (c) => c.json(MANIFEST));
  app.get('/plain', (c) => c.html(page('', '/favicon.ico')));
  app.get('/linked', (c) => c.html(page('<link rel="icon" href="/own-icon.png">', '/own-icon.png')));
  app.get('/fickle', (c) =>
    c.html(page('<link rel="icon" href="/first-icon.png">', '/first-icon.png', FICKLE)),
  );
  app.get('/app', (c) => c.html(page('<link rel="manifest" href="/locked.json">', '/locked.json')));
  app.get('/icons', (c) => c.html(page('<link rel="manifest" href="/free.json">', '/manifest.png')));
  app.get('/shown', (c) => c.html(page('', '/favicon.ico', '', '<img src="/favicon.ico">')));
  shop = await startShop(app.get('/*', (c) => c.body(PIXEL, 200, { 'Content-Type': 'image/svg+xml' })));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});

function hasAsked(path: string): boolean {
  return shop.requests().some((request) => request.path === path);
}

/** The icon's link goes when the browser asks for it, as on pages that count in it what is new. */
const FICKLE = "document.querySelector('link').remove()";

/**
 * A page that waits until the browser has asked for `own`, and asks for a picture then: once that is there, everything
 * that came before it has been dealt with.
 */
function page(head: string, own: string, script = '', body = ''): string {
  return `<!doctype html><title>A page</title>${head}<body>The content ${body}<script type="module">
    while (!(await (await fetch('/asked${own}')).json())) await new Promise(requestAnimationFrame);
    ${script}
    const last = new Image();
    last.onload = () => { document.body.id = 'done'; };
    last.src = '/last.svg' + location.search;
    document.body.append(last);
  </script>`;
}

/** Reads a page without a person, and asserts on the chain that it cost `cents`. */
async function read(path: string, cents: number) {
  const key = generatePrivateKey();
  const payer = privateKeyToAddress(key);
  await world.mint(payer, PURSE);
  const url = shop.origin + path;
  const options = ['--rpc', `${world.network}=${world.rpcUrl}`, '--wait-for', '#done'];
  const args = ['extension/reader/cli.ts', url, ...options];
  const { code, stdout, stderr } = await runCommand(args, { READER_PRIVATE_KEY: key });
  expect(await world.balanceOf(payer), stderr).toBe(PURSE - BigInt(cents) * 10_000n);
  const report = JSON.parse(stdout) as Report;
  const [only] = report.pages;
  return { code, stderr, items: only?.payments.map((one) => `${new URL(one.url).pathname} ${one.state}`) };
}

test.each([
  ['the site’s icon', '/plain'],
  ['an icon that the page names', '/linked'],
  ['an icon that the page no longer names when its 402 comes', '/fickle'],
  ['a web app manifest', '/app'],
  ['the icons of a web app manifest', '/icons'],
])('%s behind a 402 is no item, and not the outcome of a run', async (_, path) => {
  const { code, stderr, items } = await read(path, 2);
  expect(code, stderr).toBe(0);
  expect(items).toEqual([`${path} settled`, '/last.svg settled']);
});

test('an icon that a page shows as a picture is an item like any other', async () => {
  const { code, stderr, items } = await read('/shown', 3);
  expect(code, stderr).toBe(0);
  expect(items?.toSorted()).toEqual(['/favicon.ico settled', '/last.svg settled', '/shown settled']);
});
