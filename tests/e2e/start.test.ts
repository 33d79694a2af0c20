import { randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { hasDisplay } from '../../demo-site/tour/display.ts';
import { processesMarked } from '../support/processes.ts';
import { runCommand } from '../support/run-command.ts';

const TOUR = ['demo-site/start.ts', '--headless'];
const PICTURES = ['1-the-tide-machine', '2-the-woman-who-sold-the-time', '3-what-a-penny-carried'];
/** Where local chains and web servers usually are. */
const USUAL_PORTS = [3000, 8080, 8545];

let taken: readonly Server[];

beforeAll(async () => {
  taken = await Promise.all(USUAL_PORTS.map(take));
});

afterAll(() => {
  for (const server of taken) server.close();
});

/** Listens on `port`, so that nobody else can; somebody else who already does is as good. */
async function take(port: number): Promise<Server> {
  const server = createServer();
  await new Promise((done) => server.once('error', done).listen(port, () => done(null)));
  return server;
}

/** Runs `start.ts` and makes sure that nothing which it started is left. */
async function start(args: readonly string[], meanwhile?: Parameters<typeof runCommand>[2]) {
  const mark = `TUPPENCE_TEST=${randomUUID()}`;
  const [name = '', value = ''] = mark.split('=');
  const ran = await runCommand(args, { [name]: value }, (kill) => {
    void vi
      .waitUntil(async () => (await processesMarked(mark)).length > 3, 60_000)
      .then(
        () => meanwhile?.(kill),
        () => undefined,
      );
  });
  await vi.waitUntil(async () => (await processesMarked(mark)).length === 0, 30_000);
  return ran;
}

test.each(['first', 'second'])('the reading tour, for the %s time, with the usual ports taken', async () => {
  const began = Date.now();
  const { code, stdout, stderr } = await start(TOUR);
  expect(code, stdout + stderr).toBe(0);
  expect(stderr).toBe('');
  for (const price of ['5¢ (0.05 USDC on Base Sepolia)', '3¢ (0.03 USDC', '2¢ (0.02 USDC'])
    expect(stdout).toContain(price);
  expect(stdout.match(/Decision +paid without asking, because it is within .* 10¢/g)).toHaveLength(3);
  expect(new Set(stdout.match(/Transaction +0x[0-9a-f]{64}$/gm)).size).toBe(3);
  expect(stdout.match(/Readable +\d+ ms after the 402/g)).toHaveLength(3);
  expect(stdout).toMatch(/Reader +10\.00 USDC → 9\.95 USDC/);
  expect(stdout).toMatch(/Publisher +0\.08 USDC → 0\.10 USDC/);
  expect(stdout).toContain('3 articles read for 10¢, with one settlement each');
  expect(stdout).not.toContain('\u001b'); // Nobody looks on: no colours, no moving parts.
  for (const name of PICTURES) await expectPicture(name, began);
});

async function expectPicture(name: string, since: number): Promise<void> {
  const path = fileURLToPath(new URL(`../../reading-tour/${name}.png`, import.meta.url));
  expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
  const { mtimeMs, size } = await stat(path);
  expect(mtimeMs).toBeGreaterThanOrEqual(since - 1_000);
  expect(size).toBeGreaterThan(10_000);
}

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops everything', async (signal, expected) => {
  const { code, stdout } = await start(TOUR, (kill) => kill(signal));
  expect(code, stdout).toBe(expected);
});

test('a Ctrl-C that comes twice, from the terminal and passed on by npm, still stops everything in order', async () => {
  const { code, stdout } = await start(TOUR, (kill) => {
    kill('SIGINT');
    setTimeout(() => kill('SIGINT'), 50);
  });
  expect(code, stdout).toBe(130);
});

test('a wrong option is named, and nothing is started', async () => {
  const { code, stdout, stderr } = await runCommand(['demo-site/start.ts', '--port', '1']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain("Unknown option '--port'");
});

test.each([
  ['linux', {}, false],
  ['linux', { DISPLAY: '' }, false],
  ['linux', { DISPLAY: ':0' }, true],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['darwin', {}, true],
  ['win32', {}, true],
] as const)('%s with %j has a display: %s', (platform, environment, expected) => {
  expect(hasDisplay(platform, environment)).toBe(expected);
});
