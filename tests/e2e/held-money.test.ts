import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { rpc, setUsdc } from '../support/on-chain.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// What the chain can't take: it stays in today's budget for as long as it still could be taken, and no longer.

const PRICE = 50_000n;
/** Seconds past the end of an authorization from which the word of a single endpoint ends it. */
const ALONE = 600;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.use(await paywallFor(world, { '/article': '$0.05', '/other': '$0.05' }));
  shop = await startShop(app.get('/:name', (c) => c.html('<!doctype html><title>read</title>the content')));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
afterEach(() => reader?.close());

const spentToday = async () => (await reader.ask('overview', { tabId: null })).spentToday;
const paidRequests = () =>
  shop.requests().filter(({ headers }) => headers['payment-signature'] !== undefined);

async function visit(path: string): Promise<void> {
  await reader.page.goto(shop.origin + path).catch(() => null); // It is loaded again meanwhile.
}

async function refused() {
  const items = await until(
    reader.activity,
    (all) => all.some(({ payment }) => payment?.state === 'rejected'),
    'the payment is refused',
  );
  return items.find(({ payment }) => payment?.state === 'rejected')?.payment ?? null;
}

/** The end of the one authorization that was sent, unix seconds. */
function validBefore(): number {
  const header = paidRequests().at(-1)?.headers['payment-signature'];
  const { payload } = JSON.parse(atob(`${header}`));
  return Number(payload.authorization.validBefore);
}

async function mineAt(seconds: number): Promise<void> {
  await rpc(world, 'evm_setNextBlockTimestamp', [seconds]);
  await rpc(world, 'evm_mine', []);
}

/** A reader without money whose network could not be asked, so that only the site has found that out. */
async function refusedForFunds(): Promise<void> {
  reader = await startReader(world, { purse: 0n });
  await reader.ask('setRpc', { network: world.network, url: 'http://127.0.0.1:9' });
  await visit('/article');
  await refused();
  await reader.ask('setRpc', { network: world.network, url: world.rpcUrl });
}

test('a refused payment that could still be taken is looked at again when it no longer can', async () => {
  await refusedForFunds();
  for (let look = 0; look < 6; look += 1) await reader.ask('check', {});
  const alarm = await reader
    .own()
    .evaluate<number>(`chrome.alarms.get('resolve undecided payments').then((one) => one.scheduledTime)`);
  expect(alarm / 1000).toBeGreaterThan(validBefore() + ALONE);
  expect(alarm / 1000).toBeLessThan(validBefore() + ALONE + 60);
  expect(await spentToday()).toBe(`${PRICE}`);
  await expectPaid(world, reader, []);
});

test('a refused payment is on hold until it can’t be taken, and leaves today’s budget then', async () => {
  await refusedForFunds();
  const now = await rpc(world, 'evm_snapshot', []);
  expect(await spentToday()).toBe(`${PRICE}`);
  const popup = await reader.popup();
  await popup.getByText('5¢ of it is on hold. It comes back once it can’t be taken any more.').waitFor();
  for (const past of [-1, 1, ALONE - 1]) {
    await mineAt(validBefore() + past);
    expect(await reader.ask('check', {})).toMatchObject({ undecided: 1 });
    expect(await spentToday()).toBe(`${PRICE}`);
  }
  await mineAt(validBefore() + ALONE);
  expect(await reader.ask('check', {})).toMatchObject({ undecided: 0 });
  expect(await spentToday()).toBe('0');
  await popup.reload();
  await popup.getByText('Not charged').first().waitFor();
  expect(await popup.getByText('on hold').count()).toBe(0);
  await expectPaid(world, reader, []);
  await rpc(world, 'evm_revert', [now]);
  await rpc(world, 'anvil_setTime', [Math.floor(Date.now() / 1000)]);
});

test('a balance that a refusal has shown to be less is known before the next payment', async () => {
  reader = await startReader(world, { purse: 2n * PRICE });
  await reader.ask('balance', { network: world.network, asset: null });
  await setUsdc(world, reader.address, 0n); // Spent elsewhere, within the minute that a balance is good for.
  const visited = shop.requests().filter(({ path }) => path === '/article').length;
  await visit('/article');
  await refused();
  await until(
    () => reader.own().evaluate<string>(`chrome.storage.session.get('balances').then(JSON.stringify)`),
    (known) => known.includes('"atomic":"0"'),
    'the balance is known',
  );
  const loads = () => shop.requests().filter(({ path }) => path === '/article').length - visited;
  await until(
    async () => loads(),
    (count) => count === 3,
    'the page is loaded again without the payment',
  );
  const before = paidRequests().length;
  await visit('/other');
  const items = await until(
    reader.activity,
    (all) => all.some(({ encounter: { url, state } }) => url.endsWith('/other') && state !== 'handling'),
    'the second article is decided',
  );
  expect(items.at(-1)?.encounter.verdict).toMatchObject({ reasons: ['short-of-money'] });
  expect(paidRequests()).toHaveLength(before);
  await expectPaid(world, { ...reader, purse: 0n }, []);
});
