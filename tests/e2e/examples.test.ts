import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from 'playwright';
import { type Address, asAddress } from 'tuppence/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { installNext, NEXT_FOLDER } from '../../demo-site/examples/next-folder.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Session, startSession } from '../../extension/reader/session.ts';
import { DEFAULT_POLICY } from '../../extension/storage/settings.ts';
import { installWallet } from '../component/support/browser-wallet.ts';
import { launchPlainBrowser } from '../support/plain-browser.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PRICE = 20_000n;
const PURSE = 1_000_000n;
const PAYEE = '0x14dC79964da2C08b23698B3D3cc7Ca32193d9955';

let world: World;
let session: Session;
let start: string;
const ended: (() => unknown)[] = [];

beforeAll(async () => {
  start = await readFile(`${ROOT}docs/START.md`, 'utf8');
  world = await startWorld();
  session = await startSession(
    {
      privateKey: null,
      policy: { ...DEFAULT_POLICY, autoPay: 100_000n, anySite: true },
      rpcs: [{ network: world.network, url: world.rpcUrl }],
      unattended: true,
    },
    {},
  );
  await world.mint(asAddress(session.payer, 'payer'), PURSE);
});
afterAll(async () => {
  for (const end of ended.toReversed()) await end();
  await session?.browser.close();
  await world?.stop();
});

/** The files that START.md shows: name in the publisher's folder, example, and text of the block. */
function shownFiles() {
  const blocks = start.matchAll(/<!-- file: (\S+) → (\S+) -->\n\n```\w+\n([\s\S]*?)^```$/gm);
  return [...blocks].map(([, example = '', name = '', text = '']) => ({ example, name, text }));
}

function corsOf(framework: string): string {
  const [, block] =
    new RegExp(`<!-- cors: ${framework} -->\\n\\n\`\`\`js\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(start) ?? [];
  if (block === undefined) throw new Error(`START.md has no CORS block for ${framework}.`);
  return block;
}

/** A publisher's folder as START.md has it made, with the packages that are installed here. */
async function folderFor(framework: string): Promise<string> {
  const folder = await mkdtemp(`${tmpdir()}/tuppence-example-`);
  ended.push(() => rm(folder, { recursive: true, force: true }));
  await symlink(`${ROOT}node_modules`, `${folder}/node_modules`);
  await writeFile(`${folder}/package.json`, '{ "private": true, "type": "module" }');
  await mkdir(`${folder}/public`);
  await cp(`${ROOT}component/dist/cdn`, `${folder}/public/tuppence`, { recursive: true });
  for (const { example, name, text } of shownFiles())
    if (example.includes(`/${framework}/`) || example.includes('/public/'))
      await writeFile(`${folder}/${name}`, text);
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Runs the server and waits until it answers. @returns its origin */
async function serve(folder: string, args: readonly string[]): Promise<string> {
  const port = await freePort();
  const env = { ...process.env, PAY_TO: PAYEE, FACILITATOR_URL: world.facilitatorUrl, PORT: String(port) };
  const child: ChildProcess = spawn(process.execPath, args, {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  ended.push(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  });
  const origin = `http://localhost:${port}`;
  await vi.waitUntil(
    async () => {
      if (child.exitCode !== null) throw new Error(said);
      return fetch(origin).then(
        ({ ok }) => ok,
        () => false,
      );
    },
    { timeout: 120_000, interval: 100 },
  );
  return origin;
}

/** Opens the page, presses the button, and asserts that the price moved exactly once. */
async function buyFrom(origin: string): Promise<void> {
  const { page } = await session.browser.newTab();
  await buy(page, asAddress(session.payer, 'payer'), origin);
  await page.close();
}

/** The same with a wallet and without the extension: then the browser applies CORS to every request. */
async function buyWithWallet(origin: string): Promise<void> {
  const browser = await launchPlainBrowser();
  try {
    const page = await browser.newPage();
    const { address } = await installWallet(page, world);
    await world.mint(address, PURSE);
    await buy(page, address, origin);
  } finally {
    await browser.close();
  }
}

async function buy(page: Page, payer: Address, origin: string): Promise<void> {
  const [before, earned] = [await world.balanceOf(payer), await world.balanceOf(PAYEE)];
  const settled = world.settlements().length;
  await page.goto(origin);
  await page.getByText('Twice a day the sea comes in').waitFor();
  await page.getByRole('button', { name: 'Read on for 2¢' }).click();
  await page.getByText('The moon pulls the sea …').waitFor();
  expect(await world.balanceOf(payer)).toBe(before - PRICE);
  expect(await world.balanceOf(PAYEE)).toBe(earned + PRICE);
  expect(world.settlements().slice(settled)).toMatchObject([{ success: true, amount: String(PRICE) }]);
}

/** What START.md promises of an address that is sold, without paying. */
async function expectSold(origin: string): Promise<void> {
  const address = `${origin}/premium/story`;
  const person = await fetch(address, { headers: { Accept: 'text/html', 'User-Agent': 'Mozilla/5.0' } });
  expect([person.status, person.headers.get('cache-control')]).toEqual([402, 'no-store']);
  expect(await person.text()).toContain('Read it on its page');
  expect((await fetch(address, { method: 'HEAD' })).status).toBe(405);
}

test('START.md shows the very files of the examples', async () => {
  const files = shownFiles();
  expect(files.map(({ name }) => name)).toEqual([
    'public/index.html',
    'server.js',
    'server.js',
    'app/premium/story/route.js',
    'app/page.jsx',
    'app/layout.jsx',
  ]);
  for (const { example, text } of files)
    expect(text, example).toBe(await readFile(`${ROOT}${example}`, 'utf8'));
});

test.each(['hono', 'express', 'next'])(
  'START.md installs the packages of the example %s',
  async (framework) => {
    const { dependencies } = JSON.parse(
      await readFile(`${ROOT}demo-site/examples/${framework}/package.json`, 'utf8'),
    ) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const lines = [...start.matchAll(/^npm install (.*)$/gm)].map(([, packages = '']) => packages.split(' '));
    const names = lines.map((packages) => packages.map((one) => one.replace(/(.)@.*$/, '$1')).sort());
    expect(names).toContainEqual(Object.keys(dependencies).sort());
  },
);

describe.each(['hono', 'express'])('the example %s', (framework) => {
  let origin: string;
  beforeAll(async () => {
    origin = await serve(await folderFor(framework), ['server.js']);
  });

  test('sells its page once, for two cents, to a reader who presses', async () => {
    await buyFrom(origin);
  });

  test('keeps to what START.md promises of an unpaid address', async () => {
    await expectSold(origin);
  });

  test('with the CORS block of START.md sells to a page of another origin', async () => {
    const folder = await folderFor(framework);
    const site = await serve(folder, ['server.js']);
    const code = await readFile(`${folder}/server.js`, 'utf8');
    const marker = '// CORS goes here, if the page is on another origin.\n';
    expect(code).toContain(marker);
    await writeFile(
      `${folder}/till.js`,
      code.replace(marker, corsOf(framework).replace('https://www.example.com', site)),
    );
    const till = await serve(folder, ['till.js']);
    const page = await readFile(`${folder}/public/index.html`, 'utf8');
    await writeFile(`${folder}/public/index.html`, page.replace('src="/premium', `src="${till}/premium`));
    await buyWithWallet(site);
    const preflight = await fetch(`${till}/premium/story`, {
      method: 'OPTIONS',
      headers: { Origin: site, 'Access-Control-Request-Headers': 'payment-signature' },
    });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('PAYMENT-SIGNATURE');
    const unpaid = await fetch(`${till}/premium/story`);
    expect(unpaid.status).toBe(402);
    expect(unpaid.headers.get('access-control-allow-origin')).toBe(site);
    expect(unpaid.headers.get('access-control-expose-headers')).toContain('PAYMENT-REQUIRED');
  });
});

describe('the example next', () => {
  let origin: string;
  beforeAll(async () => {
    await installNext();
    for (const name of ['app', 'public', '.next/server', '.next/static'])
      await rm(`${NEXT_FOLDER}${name}`, { recursive: true, force: true });
    await cp(`${ROOT}component/dist/cdn`, `${NEXT_FOLDER}public/tuppence`, { recursive: true });
    for (const { example, name, text } of shownFiles()) {
      if (!example.includes('/next/')) continue;
      await mkdir(dirname(`${NEXT_FOLDER}${name}`), { recursive: true });
      await writeFile(`${NEXT_FOLDER}${name}`, text);
    }
    // The headers of START.md; and Next must not take this repository's lockfile for the site's.
    await writeFile(
      `${NEXT_FOLDER}next.config.js`,
      corsOf('next').replace(
        'export default {',
        'export default { turbopack: { root: import.meta.dirname },',
      ),
    );
    const next = `${NEXT_FOLDER}node_modules/next/dist/bin/next`;
    const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', PAY_TO: PAYEE };
    const FACILITATOR_URL = world.facilitatorUrl;
    await promisify(execFile)(process.execPath, [next, 'build'], {
      cwd: NEXT_FOLDER,
      env: { ...environment, NODE_ENV: 'production', FACILITATOR_URL },
    });
    origin = await serve(NEXT_FOLDER, [next, 'start']);
  }, 300_000);

  test('sells its page once, for two cents, to a reader who presses', async () => {
    await buyFrom(origin);
  });

  test('keeps to what START.md promises of an unpaid address', async () => {
    await expectSold(origin);
  });

  test('with the headers of START.md lets a page of another origin read and pay', async () => {
    const preflight = await fetch(`${origin}/premium/story`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    for (const { headers } of [preflight, await fetch(`${origin}/premium/story`)]) {
      expect(headers.get('access-control-allow-origin')).toBe('https://www.example.com');
      expect(headers.get('access-control-allow-headers')).toContain('PAYMENT-SIGNATURE');
      expect(headers.get('access-control-expose-headers')).toContain('PAYMENT-REQUIRED');
    }
  });
});

test('the tag that the package has for copying loads the element, with its hash', async () => {
  const folder = await folderFor('hono');
  const tag = (await readFile(`${folder}/public/tuppence/tag.html`, 'utf8')).trim();
  expect(tag).toMatch(/integrity="sha384-[\w+/]{64}" crossorigin="anonymous"><\/script>$/);
  const page = await readFile(`${folder}/public/index.html`, 'utf8');
  const plain = '<script type="module" src="/tuppence/x402-paywall.js"></script>';
  expect(page).toContain(plain);
  await writeFile(`${folder}/public/index.html`, page.replace(plain, tag));
  await buyFrom(await serve(folder, ['server.js']));
});
