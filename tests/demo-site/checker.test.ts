import { Hono } from 'hono';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Check, checkAddress } from '../../demo-site/checker/check-address.ts';
import { pennyPost, soldTheTime } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { startShop } from '../support/shop.ts';

let world: World;
let publication: Publication;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
});
afterAll(async () => {
  await publication?.stop();
  await world?.stop();
});

const wrongOf = ({ findings }: Check) => findings.filter(({ isGood }) => !isGood).map(({ text }) => text);

/** Checks a server that answers 402 with these terms, and `paid` to whatever payment it gets. */
async function checkShop(
  change: Readonly<Record<string, unknown>> = {},
  {
    headers = { 'Cache-Control': 'no-store' },
    paid = 402,
    error = null,
    head = 405,
    options = 204,
    from = null,
  }: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly paid?: number;
    readonly error?: string | null;
    readonly head?: number;
    readonly options?: number;
    readonly from?: string | null;
  } = {},
): Promise<readonly string[]> {
  const offer = {
    scheme: 'exact',
    network: world.network,
    amount: '20000',
    asset: world.usdc,
    payTo: world.payee,
    maxTimeoutSeconds: 300,
    extra: { name: 'USDC', version: '2' },
    ...change,
  };
  const terms = { x402Version: 2, error, resource: { url: '/sold' }, accepts: [offer] };
  const app = new Hono();
  app.all('/sold', (c) => {
    const all = { ...headers, 'PAYMENT-REQUIRED': Buffer.from(JSON.stringify(terms)).toString('base64') };
    if (c.req.method === 'OPTIONS') return c.body(null, options as 204, headers);
    if (c.req.method === 'HEAD') return c.body(null, head as 200);
    if (c.req.header('payment-signature') !== undefined && paid !== 402) return c.text('', paid as 500);
    return c.html('<p>Two cents</p>', 402, all);
  });
  const shop = await startShop(app);
  const wrong = wrongOf(await checkAddress(`${shop.origin}/sold`, from));
  await shop.stop();
  return wrong;
}

test('the checker shows price, token, network and payee of what the demo sells, and moves no money', async () => {
  const before = await world.balanceOf(world.payee);
  const { offers, findings } = await checkAddress(publication.origin + pennyPost.paidPath);
  expect(offers).toEqual([
    {
      price: '2¢',
      amount: `0.02 USDC (${world.usdc})`,
      network: 'Base Sepolia (eip155:84532), test money',
      payTo: world.payee,
    },
  ]);
  expect(wrongOf({ offers, findings })).toEqual([]);
  expect(findings.map(({ text }) => text).join()).toMatch(
    /A payment that nobody signed is refused: .*signature/,
  );
  expect(await world.balanceOf(world.payee)).toBe(before);
  expect(world.settlements()).toEqual([]);
});

test('the checker finds the demo’s archive, of version 1, right', async () => {
  const check = await checkAddress(publication.origin + soldTheTime.paidPath);
  expect(check.offers).toHaveLength(1);
  expect(wrongOf(check)).toEqual([]);
});

test('the checker finds nothing wrong with a plain server that does all as it should', async () => {
  expect(await checkShop()).toEqual([]);
});

test.each([
  ['an unknown token', { asset: `0x${'ab'.repeat(20)}` }, /token 0xabab.* is not known/],
  ['an unknown network', { network: 'eip155:31337' }, /network “eip155:31337” is not known/],
  ['a payee of zeros', { payTo: `0x${'00'.repeat(20)}` }, /payee/],
  ['a payee that is none', { payTo: 'me@example.com' }, /payee/],
  ['a name that the token does not have', { extra: { name: 'Dollar', version: '2' } }, /name of USDC/],
  ['an unknown scheme', { scheme: 'credits' }, /scheme “credits”/],
] as const)('the checker says of %s that nobody can pay', async (_, change, expected) => {
  const wrong = await checkShop(change);
  expect(wrong.join('\n')).toMatch(expected);
  expect(wrong).toContain('Nobody can pay this: no offer is left.');
});

test('the checker says of a payee with a wrong checksum that nobody can pay', async () => {
  const wrong = await checkShop({ payTo: '0x14DC79964da2C08b23698B3D3cc7Ca32193d9955' });
  expect(wrong.join('\n')).toMatch(/0x14DC|checksum|mistyped/);
  expect(wrong).toContain('Nobody can pay this: no offer is left.');
});

test.each([
  ['500', { paid: 500 }, /answers a payment with 500/],
  ['200', { paid: 200 }, /gave 200 and content for a payment that nobody signed/],
  ['a facilitator that it can’t reach', { error: 'fetch failed' }, /does not reach its facilitator/],
] as const)(
  'the checker says no to a server that answers a payment with %s',
  async (_, options, expected) => {
    expect((await checkShop({}, options)).join('\n')).toMatch(expected);
  },
);

test('the checker says no to HEAD past the price, to an ETag, and to a 402 without Cache-Control', async () => {
  expect(await checkShop({}, { head: 200 })).toEqual([
    'HEAD is answered 200, past the price: answer it with 405.',
  ]);
  expect((await checkShop({}, { headers: { ETag: '"1"' } })).join('\n')).toMatch(
    /A cache may keep the 402 \(no Cache-Control\)[\s\S]*ETag/,
  );
});

test('the checker says no to a server that asks OPTIONS for money', async () => {
  expect((await checkShop({}, { options: 402 })).join()).toMatch(/OPTIONS is asked for money/);
});

test('the checker asks for CORS when the page is on another origin, and for no more than that', async () => {
  const from = 'https://www.example.com';
  expect((await checkShop({}, { from })).join('\n')).toMatch(
    /may not send a payment[\s\S]*can’t read the 402/,
  );
});

test('the checker says why there is no answer, and that an address is none', async () => {
  expect(wrongOf(await checkAddress('http://127.0.0.1:9/'))[0]).toMatch(
    /^There is no answer: .*ECONNREFUSED|bad port/,
  );
  expect(wrongOf(await checkAddress('javascript:alert(1)'))).toEqual(['This is no http or https address.']);
});
