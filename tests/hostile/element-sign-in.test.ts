import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Loopback } from '../../demo-site/world/loopback.ts';
import { installWallet } from '../component/support/browser-wallet.ts';
import { startV2Server } from '../support/official-servers.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';

/*
 * A paywall at the official server, whose site signs in those who have bought there, in front of a reader who has the
 * extension and a wallet. "Bought before? Sign in" costs nothing, whatever the reader's rules would pay.
 */

const cdn = new URL('../../component/dist/cdn', import.meta.url).pathname;

let world: World;
let server: Loopback;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  server = await startV2Server(world, world.facilitatorUrl);
});
afterAll(async () => {
  await server?.stop();
  await world?.stop();
});
afterEach(() => reader?.close());

async function readerAt(autoPay: string | null): Promise<void> {
  reader = await startReader(world, { policy: { autoPay } });
  const { page } = reader;
  await installWallet(page, world);
  await page.route('**/gate', (route) =>
    route.fulfill({
      contentType: 'text/html; charset=utf-8',
      body: '<!doctype html><script type="module" src="/x402-paywall.js"></script><x402-paywall src="/again"></x402-paywall>',
    }),
  );
  await page.route('**/x402-paywall*.js', (route) =>
    route.fulfill({ path: cdn + new URL(route.request().url()).pathname, contentType: 'text/javascript' }),
  );
  await page.goto(`${server.origin}/gate`);
  await inState('locked');
}

const inState = (state: string) => reader.page.locator(`x402-paywall[state=${state}]`).waitFor();
const nothingFound = () =>
  reader.page.getByText('Nothing bought here with this wallet was found. Nothing was paid.');
const signIn = () =>
  reader.page.locator('x402-paywall').getByRole('button', { name: 'Bought before? Sign in' }).click();
const questions = () => reader.context.pages().filter((page) => page.url().includes('consent.html'));

test.each([
  ['pays without a question', '100000'],
  ['asks about', null],
])(
  'at a site that the extension %s, a sign-in pays nothing and asks nothing (audit 4)',
  async (_, autoPay) => {
    await readerAt(autoPay);
    await signIn();
    await until(
      async () => (await nothingFound().count()) + questions().length,
      (count) => count > 0,
      'the sign-in has ended',
    );
    expect(questions()).toEqual([]);
    await expectPaid(world, reader, []);
    expect(await reader.activity()).toEqual([]);
  },
);

test('what has come to be open meanwhile is shown, and nothing is paid (audit 4)', async () => {
  await readerAt('100000');
  await reader.page.route('**/again', (route) =>
    route.fulfill({ contentType: 'text/plain', body: 'Open to everybody now.' }),
  );
  await signIn();
  const shown = reader.page.getByText('Open to everybody now.');
  await until(
    async () => (await shown.count()) + (await nothingFound().count()),
    (count) => count > 0,
    'the sign-in has ended',
  );
  expect(await nothingFound().count()).toBe(0);
  await inState('unlocked');
  await expectPaid(world, reader, []);
});
