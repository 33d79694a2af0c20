/**
 * The official paywall page and `<x402-paywall>`, side by side in one run: bytes over the wire (gzip), and time from
 * navigation to the first button that is there, with a cold cache. `npm run bench:paywall [loads]`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright';
import { NETWORKS } from '../../component/src/core/index.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';

const OFFICIAL = '@x402/paywall@2.12.0';
const loads = Number(process.argv[2] ?? 7);
/** As a phone on a good day: 10 Mbit/s, 40 ms. */
const MOBILE = { offline: false, latency: 40, downloadThroughput: 1_250_000, uploadThroughput: 625_000 };

type Official = {
  readonly evmPaywall: { generateHtml(entry: object, required: object, config: object): string };
};
type Measured = { readonly bytes: number; readonly milliseconds: number };

const cdn = await readFile(new URL('../../component/dist/cdn/x402-paywall.js', import.meta.url));
const terms = requiredTerms();
const official = await officialPage(terms);
const own = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Own</title>
<link rel="preload" as="fetch" href="/paid" crossorigin>
<script type="module" src="/x402-paywall.js"></script></head><body><x402-paywall src="/paid"><p>Free.</p></x402-paywall></body></html>`;

const compressed = new Map<string | Buffer, Buffer>();
/** What the browser itself takes: a button that is in the page. */
const bare = '<!doctype html><html lang="en"><title>Bare</title><button>Read on</button></html>';

const server = createServer((request, response) => {
  if (request.url === '/official') return send(response, 402, 'text/html; charset=utf-8', official);
  if (request.url === '/bare') return send(response, 200, 'text/html; charset=utf-8', bare);
  if (request.url === '/own') return send(response, 200, 'text/html; charset=utf-8', own);
  if (request.url === '/x402-paywall.js') return send(response, 200, 'text/javascript', cdn);
  response.setHeader('PAYMENT-REQUIRED', Buffer.from(JSON.stringify(terms)).toString('base64'));
  return send(response, request.url === '/paid' ? 402 : 404, 'application/json', '{}');
});
await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
const address = server.address();
const origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
const browser = await launchWalletBrowser();
for (const [name, network] of [
  ['loopback', null],
  ['10 Mbit/s, 40 ms', MOBILE],
] as const) {
  const [theirs, ours, floor]: [Measured[], Measured[], Measured[]] = [[], [], []];
  for (let load = 0; load < loads; load += 1) {
    theirs.push(await measure(browser, `${origin}/official`, network));
    ours.push(await measure(browser, `${origin}/own`, network));
    floor.push(await measure(browser, `${origin}/bare`, network));
  }
  const [a, b] = [median(theirs), median(ours)];
  console.log(`${name}, median of ${loads} cold loads`);
  console.log(`  ${OFFICIAL}: ${a.bytes} bytes, ${a.milliseconds.toFixed(0)} ms to a button`);
  console.log(`  <x402-paywall>:       ${b.bytes} bytes, ${b.milliseconds.toFixed(0)} ms to a button`);
  console.log(
    `  a page with a button:  ${median(floor).milliseconds.toFixed(0)} ms, which is the browser’s own`,
  );
  console.log(
    `  ratio: ${(a.bytes / b.bytes).toFixed(1)} times fewer bytes, ${(a.milliseconds / b.milliseconds).toFixed(1)} times sooner`,
  );
}
await browser.close();
server.close();

async function measure(within: Browser, url: string, network: typeof MOBILE | null): Promise<Measured> {
  const context = await within.newContext();
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  if (network !== null) await session.send('Network.emulateNetworkConditions', network);
  let bytes = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  // Noted in the page itself, so that neither is charged for the driver's round trips.
  await page.addInitScript(() => {
    const look = (): void => {
      const host = document.querySelector('x402-paywall');
      const button = (host?.shadowRoot ?? document).querySelector('button');
      if (button !== null && button.getBoundingClientRect().height > 0)
        Reflect.set(window, 'ready', performance.now());
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await page.goto(url, { waitUntil: 'commit' });
  const ready = await page.waitForFunction(() => Reflect.get(window, 'ready'), undefined, {
    timeout: 60_000,
  });
  const milliseconds = Number(await ready.jsonValue());
  await context.close();
  return { bytes, milliseconds };
}

function median(all: readonly Measured[]): Measured {
  const middle = (values: number[]): number =>
    values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return {
    bytes: middle(all.map(({ bytes }) => bytes)),
    milliseconds: middle(all.map(({ milliseconds }) => milliseconds)),
  };
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    'Content-Type': type,
    'Content-Encoding': 'gzip',
    'Cache-Control': 'no-store',
  });
  response.end(gzipped(body));
}

/** Once for each body, as a server in earnest has it: neither page is charged for its compression. */
function gzipped(body: string | Buffer): Buffer {
  const done = compressed.get(body) ?? gzipSync(body, { level: 9 });
  compressed.set(body, done);
  return done;
}

function requiredTerms() {
  const usdc = NETWORKS.find(({ id }) => id === 'eip155:84532')?.assets[0];
  const extra = { name: 'USDC', version: '2' };
  const payTo = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C';
  const entry = { scheme: 'exact', network: 'eip155:84532', amount: '20000', asset: usdc?.address, payTo };
  const resource = { url: 'http://127.0.0.1/paid', description: '', mimeType: 'text/html' };
  return { x402Version: 2, resource, accepts: [{ ...entry, maxTimeoutSeconds: 300, extra }] };
}

/** The page of the official package, made by the package itself. It needs viem, which is taken from here. */
async function officialPage(required: ReturnType<typeof requiredTerms>): Promise<string> {
  const folder = await mkdtemp(`${tmpdir()}/x402-paywall-`);
  try {
    const [tarball = ''] = execFileSync('npm', ['pack', OFFICIAL, '--silent'], {
      cwd: folder,
      encoding: 'utf8',
    }).split('\n');
    execFileSync('tar', ['xzf', tarball, 'package/dist/esm/evm'], { cwd: folder });
    const source = await readFile(`${folder}/package/dist/esm/evm/index.js`, 'utf8');
    const viem = import.meta.resolve('viem');
    const { writeFile } = await import('node:fs/promises');
    await writeFile(`${folder}/official.mjs`, source.replaceAll(`from 'viem'`, `from '${viem}'`));
    const module: Official = await import(pathToFileURL(`${folder}/official.mjs`).href);
    return module.evmPaywall.generateHtml(required.accepts[0] ?? {}, required, { testnet: true });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
