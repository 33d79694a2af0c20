import { type Context, Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { ENTRY_V2, RESOURCE, termsHeader } from '../support/terms.ts';
import { page } from './support/till.ts';

// A server that takes the payment header of a request and sends the request elsewhere.

const STATUSES = [302, 303, 307, 308] as const;

let world: World;
let site: Shop;
let other: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  other = await startShop(landing());
  site = await startShop(landing().all('/paid/:where/:status/:kind', sendOn));
});
afterAll(async () => {
  await Promise.all([site?.stop(), other?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false, allowedSites: [site.origin] } });
  await reader.page.goto(`${site.origin}/`);
});
afterEach(() => reader?.close());

/** A cent for anything; once it has been paid, the way to somewhere else. */
function sendOn(c: Context): Response {
  c.header('Access-Control-Allow-Origin', '*');
  if (c.req.header('payment-signature') === undefined) {
    const resource = { ...RESOURCE, url: c.req.url };
    const header = termsHeader([{ ...ENTRY_V2, payTo: world.payee }], { resource });
    return c.body('', 402, { 'PAYMENT-REQUIRED': header, 'Cache-Control': 'no-store' });
  }
  const status = STATUSES.find((one) => String(one) === c.req.param('status')) ?? 302;
  const to = c.req.param('where') === 'far' ? other.origin : '';
  return c.redirect(`${to}${c.req.path.replace('/paid/', '/landing/')}`, status);
}

function landing(): Hono {
  return new Hono()
    .all('/landing/*', (c) => c.text('Landed', 200, { 'Access-Control-Allow-Origin': '*' }))
    .get('/', () => page('<h1>A site</h1>'));
}

/** Runs a script of the page, which may make it go elsewhere. */
const run = (script: string) => reader.page.evaluate<void>(`void (${script})`);

const KINDS: readonly (readonly [string, (url: string) => Promise<unknown>])[] = [
  ['a navigation', (url) => reader.page.goto(url).catch(() => null)],
  ['a fetch', (url) => run(`fetch('${url}').catch(String)`)],
  ['a POST', (url) => run(`fetch('${url}', { method: 'POST', body: 'an order' }).catch(String)`)],
  [
    'an XMLHttpRequest',
    (url) =>
      run(
        `((request) => { request.open('GET', '${url}'); request.send(); return request; })(new XMLHttpRequest())`,
      ),
  ],
  ['an image', (url) => run(`document.body.append(Object.assign(new Image(), { src: '${url}' }))`)],
  [
    'a frame',
    (url) => run(`document.body.append(Object.assign(document.createElement('iframe'), { src: '${url}' }))`),
  ],
];

const TARGETS = [
  ['another origin', 'far'],
  ['another path of the same origin', 'near'],
] as const;

describe.each(KINDS)('the payment of %s', (kind, ask) => {
  test.each(TARGETS)('is not taken along to %s by any redirect (held in the audit)', async (_, where) => {
    for (const status of STATUSES) {
      const name = `${where}/${status}/${kind.replaceAll(' ', '-')}`;
      const requests = () => [...site.requests(), ...other.requests()];
      const landed = () => requests().filter(({ path }) => path === `/landing/${name}`);
      await ask(`${site.origin}/paid/${name}`);
      await until(
        async () => landed().length,
        (count) => count > 0,
        `sent on by ${status}`,
      );
      const paid = requests().filter(({ path, headers }) => path === `/paid/${name}` && isPaid(headers));
      expect(paid).toHaveLength(1);
      expect(landed().filter(({ headers }) => isPaid(headers))).toEqual([]);
    }
    expect(await world.transfers({ from: reader.address })).toEqual([]);
  });
});

function isPaid(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => /payment/.test(name));
}
