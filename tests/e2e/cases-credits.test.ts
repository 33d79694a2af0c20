import { parseSIWxHeader, validateSIWxMessage, verifySIWxSignature } from '@x402/extensions/sign-in-with-x';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/** A payment buys credits for this many requests, its own included. */
const BUYS = 3;
const TEN_CENTS = 100_000n;

let world: World;
let shop: Shop;
let reader: Reader;
/** What is left of what was bought, by account. */
const credits = new Map<string, number>();

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await metered());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  credits.clear();
  reader = await startReader(world, { policy: { allowedSites: [shop.origin] } });
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

/** Whoever signs in spends credits; the price is what is charged at most, and buys new ones. */
async function metered(): Promise<Hono> {
  const reply = (from: string) => Response.json({ from });
  return new Hono()
    .get('/', (c) => c.html('<!doctype html><title>A model for rent</title><body>'))
    .use(async (c, next) => {
      const url = new URL(c.req.url);
      const signedIn = c.req.header('sign-in-with-x');
      const account = signedIn === undefined ? null : await accountOf(signedIn, url);
      const left = credits.get(account ?? '') ?? 0;
      if (account !== null && left > 0) {
        credits.set(account, left - 1);
        return reply('credits');
      }
      await next();
      if (c.res.status === 402)
        offerSignIn(c.res, url, account === null ? 'Payment required' : 'insufficient_balance');
      const payer = payerOf(c.req.header('payment-signature'));
      if (c.res.ok && payer !== null) credits.set(payer, left + BUYS - 1);
      return undefined;
    })
    .use(await paywallFor(world, { '/chat': '$0.10' }, 'POST'))
    .use(await paywallFor(world, { '/models/:name': '$0.10' }))
    .all('*', () => reply('payment'));
}

function offerSignIn(response: Response, url: URL, error: string): void {
  const terms = JSON.parse(atob(response.headers.get('PAYMENT-REQUIRED') ?? ''));
  const info = {
    domain: url.host,
    uri: url.href,
    version: '1',
    nonce: crypto.randomUUID().replaceAll('-', ''),
    issuedAt: new Date().toISOString(),
  };
  const supportedChains = [{ chainId: world.network, type: 'eip191' }];
  const extensions = { 'sign-in-with-x': { info, supportedChains } };
  response.headers.set('PAYMENT-REQUIRED', btoa(JSON.stringify({ ...terms, error, extensions })));
}

/** The account whose sign-in it is, by the official library's checks; null when it is none for here and now. */
async function accountOf(header: string, url: URL): Promise<string | null> {
  const payload = parseSIWxHeader(header);
  const { isValid } = await validateSIWxMessage(payload, new URL(url.origin));
  const verified = await verifySIWxSignature(payload);
  return isValid && verified.isValid ? verified.payer.toLowerCase() : null;
}

function payerOf(header: string | undefined): string | null {
  return header === undefined ? null : JSON.parse(atob(header)).payload.authorization.from.toLowerCase();
}

const signIns = () => shop.requests().filter(({ headers }) => 'sign-in-with-x' in headers).length;

const ask = {
  POST: (at: number) =>
    reader.page.evaluate(async (question) => {
      const response = await fetch('/chat', { method: 'POST', body: JSON.stringify({ question }) });
      return (await response.json()).from as string;
    }, at),
  GET: (at: number) =>
    reader.page.evaluate(async (name) => {
      const response = await fetch(`/models/${name}`);
      return (await response.json()).from as string;
    }, at),
};

describe('C16: a site that sells credits, which a sign-in spends', () => {
  test.each(['POST', 'GET'] as const)(
    'is signed in to first, and paid once the credits are used up: %s',
    async (method) => {
      const before = signIns();
      expect(await ask[method](0)).toBe('payment');
      await reader.settled();
      // Nobody is known there before the first payment.
      expect(signIns() - before).toBe(0);
      await expectPaid(world, reader, [TEN_CENTS]);
      for (const at of [1, 2]) expect(await ask[method](at)).toBe('credits');
      await expectPaid(world, reader, [TEN_CENTS]);
      // `insufficient_balance` after a good sign-in.
      expect(await ask[method](3)).toBe('payment');
      await reader.settled(5);
      await expectPaid(world, reader, [TEN_CENTS, TEN_CENTS]);
      expect(signIns() - before).toBe(3);
      // A sign-in that has not helped a moment ago is tried anew after a payment.
      for (const at of [4, 5]) expect(await ask[method](at)).toBe('credits');
      await expectPaid(world, reader, [TEN_CENTS, TEN_CENTS]);
    },
  );

  test('is signed in to for the same question once more, which is not asked about then', async () => {
    expect(await ask.POST(0)).toBe('payment');
    await reader.settled();
    expect(await ask.POST(0)).toBe('credits');
    await expectPaid(world, reader, [TEN_CENTS]);
  });

  test('is not signed in to for a form: it would be sent once more without a question', async () => {
    await reader.ask('setUnattended', { unattended: true });
    expect(await ask.POST(0)).toBe('payment');
    await reader.settled();
    const before = signIns();
    await reader.page.setContent('<form method="post" action="/chat"><button>Ask</button></form>');
    await reader.page.getByRole('button').click();
    await reader.settled(2);
    expect(signIns()).toBe(before);
    await expectPaid(world, reader, [TEN_CENTS]);
  });
});
