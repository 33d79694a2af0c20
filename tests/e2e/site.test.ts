import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { runCommand } from '../support/run-command.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

const ELEMENT = new URL('../../component/dist/cdn/', import.meta.url);
const PAGE = `<!doctype html><title>A site</title><script type="module" src="/x402-paywall.js"></script>
<h1>A site</h1><x402-paywall src="/sold"><p>Free words</p></x402-paywall>`;

let elsewhere: World;
const shops: Shop[] = [];

beforeAll(async () => {
  elsewhere = await startWorld();
});
afterAll(async () => {
  for (const shop of shops) await shop.stop();
  await elsewhere?.stop();
});

/** A publisher's site that asks the facilitator of `facilitatorUrl` when the first request for what it sells comes. */
async function site(facilitatorUrl: string): Promise<Shop> {
  const app = new Hono();
  const world = { ...elsewhere, facilitatorUrl };
  let gate: ReturnType<typeof paywallFor> | null = null;
  app.use('/sold', async (c, next) => {
    gate ??= paywallFor(world, { '/sold': '$0.02' });
    return (await gate)(c, next);
  });
  app.get('/', (c) => c.html(PAGE));
  app.get('/free', (c) => c.html('<!doctype html><title>Free</title><p>Nothing is sold here</p>'));
  app.get('/sold', (c) => c.html('<p>Paid words</p>'));
  app.get('/:file{.+\\.js}', async (c) =>
    c.body(await readFile(new URL(c.req.param('file'), ELEMENT), 'utf8'), 200, {
      'Content-Type': 'text/javascript',
    }),
  );
  const shop = await startShop(app);
  shops.push(shop);
  return shop;
}

/** A port that nobody else of this test run asks for: each process has another range. */
const port = 20_000 + (process.pid % 20_000);

function visit(address: string, facilitatorPort = port) {
  const options = ['--site', address, '--facilitator-port', String(facilitatorPort), '--headless'];
  return runCommand(['demo-site/start.ts', ...options]);
}

test('npm start -- --site reads a publisher’s own page, presses its paywall, and tells what was paid', async () => {
  const { origin } = await site(`http://127.0.0.1:${port}`);
  const { code, stdout, stderr } = await visit(origin);
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toContain(`FACILITATOR_URL=http://127.0.0.1:${port}`);
  expect(stdout).toMatch(/Price +2¢ on eip155:84532/);
  expect(stdout).toMatch(/Settled +1 by the facilitator here/);
  expect(stdout).toMatch(/Transaction +http:\/\/127\.0\.0\.1:\d+\/tx\/0x[0-9a-f]{64}\n/);
  expect(stdout).toContain('Paid words');
  expect(stdout).toContain('Paid 2¢, and what was paid for can be read.');
});

test('npm start -- --site says when the server asks another facilitator, where nothing is paid', async () => {
  const { origin } = await site(elsewhere.facilitatorUrl);
  const { code, stdout } = await visit(origin);
  expect(code, stdout).toBe(1);
  expect(stdout).toContain(`Your server did not ask the facilitator here. Start it with FACILITATOR_URL=`);
  expect(elsewhere.settlements().filter(({ success }) => success)).toEqual([]);
});

test('npm start -- --site says when nothing is for sale on the page', async () => {
  const { origin } = await site(elsewhere.facilitatorUrl);
  const { code, stdout } = await visit(`${origin}/free`);
  expect(code, stdout).toBe(1);
  expect(stdout).toContain('No 402 was seen.');
});

test.each([
  [
    ['--site', 'localhost:3000'],
    '--site takes an address such as http://localhost:3000, not “localhost:3000”.',
  ],
  [
    ['--site', 'http://localhost:3000', '--facilitator-port', 'x'],
    '--facilitator-port takes a port, not “x”.',
  ],
  [['--facilitator-port', '4402'], '--facilitator-port goes with --site.'],
])('npm start -- %j is refused with a sentence', async (args, sentence) => {
  const { code, stderr } = await runCommand(['demo-site/start.ts', ...args]);
  expect(code).toBe(2);
  expect(stderr).toContain(sentence);
});
