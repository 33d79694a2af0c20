import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Report } from '../../extension/reader/report.ts';
import { type Ran, runCommand } from '../support/run-command.ts';
import { startWeatherServer, type WeatherServer } from '../support/weather-server.ts';

const TEN_DOLLARS = 10_000_000n;

let world: World;
let weather: WeatherServer;
/** Where the runs have their temporary files, and where the tests have theirs. */
let folder: string;
let files: string;
let key = generatePrivateKey();
let payer = privateKeyToAccount(key).address;
let before: bigint;

beforeAll(async () => {
  world = await startWorld();
  weather = await startWeatherServer(world);
  folder = await mkdtemp(join(tmpdir(), 'read-'));
  files = await mkdtemp(join(tmpdir(), 'read-files-'));
});

afterAll(async () => {
  await weather?.stop();
  await world?.stop();
  for (const path of [folder, files]) await rm(path, { recursive: true, force: true });
});

beforeEach(async () => {
  key = generatePrivateKey();
  payer = privateKeyToAccount(key).address;
  await world.mint(payer, TEN_DOLLARS);
  before = await world.balanceOf(world.payee);
});

/** Runs the reader with a key that holds ten dollars. Paths become addresses of the weather service. */
async function read(args: readonly string[], meanwhile?: Parameters<typeof runCommand>[2]) {
  const full = args.map((arg) => (/^\/[a-z]+$/.test(arg) ? weather.origin + arg : arg));
  const rpc = ['--rpc', `${world.network}=${world.rpcUrl}`];
  // A home and a session that nothing has run in: what a browser makes there once, it would make in each of the runs.
  const home = await mkdtemp(join(files, 'home-'));
  const fresh = { HOME: home, XDG_RUNTIME_DIR: undefined, XDG_CONFIG_HOME: undefined };
  const environment = { READER_PRIVATE_KEY: key, TMPDIR: folder, ...fresh };
  const ran = await runCommand(['extension/reader/cli.ts', ...rpc, ...full], environment, meanwhile);
  expect(ran.stdout + ran.stderr).not.toContain(key.slice(2));
  expect(await readdir(folder), 'files that the run left behind').toEqual([]);
  return { ...ran, report: reportOf(ran) };
}

/** What stdout says: one JSON object and a newline, and nothing else. */
function reportOf({ stdout, stderr }: Ran): Report {
  expect(stdout.endsWith('}\n'), `stdout: ${stdout}\nstderr: ${stderr}`).toBe(true);
  return JSON.parse(stdout) as Report;
}

/** Asserts on the chain that exactly `atomic` units went from the reader to the publisher. */
async function expectMoved(atomic: bigint): Promise<void> {
  expect(await world.balanceOf(payer)).toBe(TEN_DOLLARS - atomic);
  expect(await world.balanceOf(world.payee)).toBe(before + atomic);
}

test('a page behind a 402 is paid, read, photographed and accounted for', async () => {
  const screenshot = join(files, 'new', 'report.png');
  const { code, stderr, report } = await read(['/report', '--screenshot', screenshot]);
  expect(code, stderr).toBe(0);
  const [transfer, ...others] = await world.transfers({ from: payer });
  expect(others).toEqual([]);
  const url = `${weather.origin}/report`;
  expect(report).toEqual({
    payer,
    spent: '0.03',
    pages: [
      {
        url,
        status: 200,
        title: 'Report',
        text: 'Report\nRain until noon, then a dry, bright afternoon.',
        payments: [
          {
            url,
            method: 'GET',
            amount: '30000',
            usd: '0.03',
            asset: world.usdc,
            network: world.network,
            payTo: world.payee,
            state: 'settled',
            transaction: transfer?.transaction,
            decision: { outcome: 'allow', reason: 'under-threshold', sentence: expect.any(String) },
            note: null,
          },
        ],
      },
    ],
  });
  await expectMoved(30_000n);
  expect(weather.log.filter((line) => line === 'GET /report 200')).toHaveLength(1);
  expect((await readFile(screenshot)).subarray(1, 4).toString()).toBe('PNG');
  expect(stderr).toContain('10 USDC');
});

test('above the threshold nothing moves, and the reason is named', async () => {
  const { code, stderr, report } = await read(['/atlas']);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain('$2.50');
  expect(stderr).toContain('above your auto-pay limit of 10¢');
  expect(report).toMatchObject({ spent: '0', pages: [{ status: 402, title: 'Payment Required' }] });
  expect(report.pages[0]?.payments).toMatchObject([
    { amount: '2500000', state: 'unpaid', decision: { outcome: 'ask', reason: 'above-threshold' } },
  ]);
  await expectMoved(0n);
});

test('a higher threshold pays it', async () => {
  const { code, stderr, report } = await read(['/atlas', '--auto-pay', '2.50', '--budget', '2.5']);
  expect(code, stderr).toBe(0);
  expect(report.spent).toBe('2.5');
  await expectMoved(2_500_000n);
});

test('a second page in the same browser goes over the budget of both', async () => {
  const { code, stderr, report } = await read(['/report', '--then', '/today', '--budget', '0.039999']);
  expect(code, stderr).toBe(1);
  const decisions = report.pages.map(({ payments }) => payments[0]?.decision?.reason);
  expect(decisions).toEqual(['under-threshold', 'over-day-budget']);
  expect(report.pages[1]?.text).toContain('no forecast (402)');
  await expectMoved(30_000n);
});

test('a free page whose script buys something is waited for, and so is its shadow tree', async () => {
  const { code, stderr, report } = await read(['/report', '--then', '/today', '--wait-for', 'h1, b']);
  expect(code, stderr).toBe(0);
  expect(report.pages.map(({ title }) => title)).toEqual(['Report', 'Today']);
  expect(report.pages[1]?.text).toBe('Today\nTomorrow: Fog on the hills');
  expect(report.pages[1]?.payments).toMatchObject([
    { url: `${weather.origin}/api/forecast`, amount: '10000', state: 'settled' },
  ]);
  expect(report.spent).toBe('0.04');
  await expectMoved(40_000n);
});

test('only the sites that were named are paid', async () => {
  const other = await read(['/report', '--allow-site', 'https://example.com']);
  expect(other.code).toBe(1);
  expect(other.stderr).toContain('--allow-site');
  await expectMoved(0n);
  const named = await read(['/report', '--allow-site', weather.origin]);
  expect(named.code, named.stderr).toBe(0);
  await expectMoved(30_000n);
});

test('402s without terms, or with terms of a network that nobody knows, are left alone', async () => {
  const { code, stderr, report } = await read(['/ordinary', '--then', '/mars']);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain('without terms that can be read');
  expect(stderr).toContain('eip155:4242');
  const nothing = { amount: null, usd: null, asset: null, network: null, payTo: null };
  const unpaid = { ...nothing, state: 'unpaid', decision: { outcome: 'deny', reason: 'unpayable' } };
  expect(report.pages).toMatchObject([
    { status: 402, text: 'Members only\nPlease subscribe.', payments: [unpaid] },
    { status: 402, text: 'Mars\nDust storms.', payments: [unpaid] },
  ]);
  await expectMoved(0n);
});

test('an answer without a body is paid as well', async () => {
  const { code, stderr, report } = await read(['/bare']);
  expect(code, stderr).toBe(0);
  expect(report.pages).toMatchObject([{ status: 200, text: 'Bare\nClear skies.' }]);
  await expectMoved(20_000n);
});

test('the text is what a reader sees, and the address where the page ended', async () => {
  const { code, stderr, report } = await read(['/free', '--then', '/moved']);
  expect(code, stderr).toBe(0);
  expect(report.pages[0]?.text).toBe(
    'Free\nFree for all.\nTruly.\nFrom the shadow.\nFirst. Slotted.\nRain 3 mm',
  );
  expect(report.pages[1]?.url).toBe(`${weather.origin}/report`);
  await expectMoved(30_000n);
});

test('a key without money: nothing is signed, and the reason is told', async () => {
  const empty = generatePrivateKey();
  const file = join(files, 'key');
  await writeFile(file, `${empty}\n`);
  const { code, stderr, stdout, report } = await read(['/report', '--key-file', file]);
  expect(code, stderr).toBe(1);
  expect(stderr).toContain('You do not have enough money for this.');
  expect(stdout + stderr).not.toContain(empty.slice(2));
  expect(report.payer).toBe(privateKeyToAccount(empty).address);
  expect(report.pages[0]?.payments).toMatchObject([{ state: 'unpaid', transaction: null }]);
  await expectMoved(0n);
});

test('pages that fail are told apart from pages that were refused', async () => {
  const { code, stderr, report } = await read(['/broken', '--then', 'http://127.0.0.1:2/']);
  expect(code).toBe(4);
  expect(stderr).toContain('/broken answered 500.');
  expect(stderr).toContain('No page came from it');
  expect(report.pages.map(({ status }) => status)).toEqual([500, null]);
});

test('without a key a throwaway one is made, and its address is told', async () => {
  const ran = await runCommand(['extension/reader/cli.ts', `${weather.origin}/free`]);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stderr).toContain(`throwaway key ${reportOf(ran).payer}`);
});

test.each([
  ['/never', 'an answer', [], '4'],
  // What is bought there is paid by then, on a busy machine as well.
  ['/report', 'something visible that matches #moon', ['--wait-for', '#moon'], '12'],
])('%s times out while it waits for %s, and no receipt is lost', async (path, what, options, limit) => {
  const { code, stderr, report } = await read([path, ...options, '--timeout', limit, '--then', '/free']);
  expect(code).toBe(3);
  expect(stderr).toContain(`still waiting for ${what}.`);
  expect(stderr).toContain(`Timed out after ${limit} s.`);
  const paid = path === '/report';
  expect(report.pages).toHaveLength(1);
  expect(report.pages[0]?.payments.map(({ state }) => state)).toEqual(paid ? ['settled'] : []);
  await expectMoved(paid ? 30_000n : 0n);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends it in order, with what is known', async (signal, expected) => {
  const { code, report } = await read(['/report', '--wait-for', '#moon'], async (kill) => {
    await vi.waitUntil(async () => (await world.transfers({ from: payer })).length > 0, 60_000);
    kill(signal);
  });
  expect(code).toBe(expected);
  expect(report).toMatchObject({ payer, spent: '0.03' });
  expect(report.pages[0]?.payments).toMatchObject([{ state: 'settled' }]);
});

test('a page that needs several kinds of request at once is read whole', async () => {
  const publication = await startPublication(world);
  const { code, stderr, report } = await read([
    `${publication.origin}/kinds`,
    '--allow-site',
    publication.origin,
    '--allow-site',
    `${publication.origin}+${publication.origin.replace('127.0.0.1', 'localhost')}`,
    '--wait-for',
    '#kind-object.works',
  ]);
  await publication.stop();
  expect(code, stderr).toBe(0);
  const paid = report.pages[0]?.payments ?? [];
  expect(paid.map(({ state }) => state)).toEqual(paid.map(() => 'settled'));
  const names = paid.map(({ url }) => new URL(url).pathname.split('/').at(-1));
  for (const name of ['image.svg', 'style.css', 'ruler.ttf', 'script.js', 'film.webm', 'sound.wav', 'frame'])
    expect(names).toContain(name);
  expect(Number(report.spent)).toBeCloseTo(paid.length / 1_000);
  await expectMoved(BigInt(paid.length) * 1_000n);
});

test.each([
  [['--auto-pay', '0.0000001'], 'more than 6 digits'],
  [['--bogus'], '--bogus'],
  [['--wait-for', 'p:::'], '--wait-for takes a CSS selector'],
])('%j is bad usage: no JSON', async (args, sentence) => {
  const ran = await runCommand(['extension/reader/cli.ts', `${weather.origin}/report`, ...args], {
    READER_PRIVATE_KEY: key,
  });
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).toContain(sentence);
  expect(ran.stderr).toContain('Usage: npm run read');
  expect(ran.stderr).not.toContain(key.slice(2));
});

test('a bad key is bad usage, and is not repeated', async () => {
  const bad = `${key}00`;
  const ran = await runCommand(['extension/reader/cli.ts', weather.origin], { READER_PRIVATE_KEY: bad });
  expect([ran.code, ran.stdout]).toEqual([2, '']);
  expect(ran.stderr).not.toContain(key.slice(2));
});
