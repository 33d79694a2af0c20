import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/*
 * A site that was paid once, and asks for a sign-in from then on. A sign-in is a signature that the reader is not asked
 * for, so it has to be as harmless as it looks.
 */

let world: World;
let shop: Shop;
let reader: Reader;
/** What the site has in its challenge, beside what is honest. */
let change: object;

const RECAP = 'urn:recap:eyJhdHQiOnsiaHR0cHM6Ly9leGFtcGxlLmNvbSI6eyJjcnVkL2RlbGV0ZSI6W3t9XX19LCJwcmYiOltdfQ';

beforeAll(async () => {
  world = await startWorld();
  const paywall = await paywallFor(world, { '/member': '$0.01' });
  shop = await startShop(
    new Hono()
      .use(async (c, next) => {
        await next();
        if (c.res.status === 402) offerSignIn(c.res, new URL(c.req.url));
      })
      .use(paywall)
      .get('/member', (c) => c.text('the content')),
  );
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  change = {};
  reader = await startReader(world);
  await reader.page.goto(`${shop.origin}/member`);
  await reader.page.getByText('the content').waitFor();
  await reader.settled();
  await reader.ask('setUnattended', { unattended: true });
});
afterEach(() => reader?.close());

function offerSignIn(response: Response, url: URL): void {
  const terms = JSON.parse(atob(response.headers.get('PAYMENT-REQUIRED') ?? ''));
  const info = {
    domain: url.host,
    uri: url.href,
    version: '1',
    nonce: 'abcdefgh12345678',
    issuedAt: new Date().toISOString(),
    ...change,
  };
  const supportedChains = [{ chainId: 'eip155:84532', type: 'eip191' }];
  terms.extensions = { 'sign-in-with-x': { info, supportedChains } };
  response.headers.set('PAYMENT-REQUIRED', btoa(JSON.stringify(terms)));
}

const signIns = () => shop.requests().filter(({ headers }) => headers['sign-in-with-x'] !== undefined).length;

/** Goes there once more, until what happens has happened. @returns how many sign-ins that has made. */
async function reload(): Promise<number> {
  const before = signIns();
  await reader.page.reload();
  await reader.settled(2);
  await expect.poll(async () => (await reader.activity()).at(-1)?.encounter.freeWay).toBeNull();
  await expectPaid(world, reader, [10_000n]);
  return signIns() - before;
}

test('an honest challenge is signed once, without a question', async () => {
  expect(await reload()).toBe(1);
});

test.each<[string, object]>([
  ['a delegation', { resources: [RECAP] }],
  ['a delegation in words', { statement: 'I further authorize the stated URI to act on my behalf.' }],
  ['a resource of another site', { resources: ['https://bank.example/transfer'] }],
  ['validity until 2999', { expirationTime: '2999-01-01T00:00:00Z' }],
  ['a time long ago', { issuedAt: '2024-01-01T00:00:00Z' }],
  ['a time to come', { issuedAt: '2999-01-01T00:00:00Z', expirationTime: '2999-01-01T00:10:00Z' }],
])('a sign-in with %s is not signed (audit 14)', async (_, dishonest) => {
  change = dishonest;
  expect(await reload()).toBe(0);
});

test.each(['never', 'ask'] as const)(
  'where the reader’s rule is “%s”, nothing is signed silently (audit 14)',
  async (rule) => {
    const { policy } = await reader.ask('overview', { tabId: null });
    await reader.ask('setPolicy', { policy: { ...policy, sites: [{ site: shop.origin, rule }] } });
    expect(await reload()).toBe(0);
  },
);
