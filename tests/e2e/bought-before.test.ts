import { Hono } from 'hono';
import { verifyMessage } from 'viem';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;
/** Whether the server serves a payment that it has seen before again, as one that keeps payment ids does. */
let idempotent = false;
/** Whether a sign-in is answered with a redirect to where it was made. */
let circular = false;
const paidHeaders = new Set<string>();

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await app());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  idempotent = false;
  circular = false;
  reader = await startReader(world);
  await reader.ask('setUnattended', { unattended: true });
});
afterEach(() => reader?.close());

/** `/member` lets in whoever signs in with the paying account; `/plain` knows nothing of readers. */
async function app(): Promise<Hono> {
  const paywall = await paywallFor(world, { '/member': '$0.01', '/plain': '$0.01' });
  const read = (name: string) => new Response(`the content of ${name}`);
  return new Hono()
    .use(async (c, next) => {
      const url = new URL(c.req.url);
      const signedIn = c.req.header('sign-in-with-x');
      if (signedIn !== undefined && (await isReader(signedIn, url)))
        return circular ? c.redirect(url.pathname) : read('member, signed in');
      if (url.pathname === '/job') return wantsSignIn(url);
      const paid = c.req.header('payment-signature');
      const nonce = paid === undefined ? null : JSON.parse(atob(paid)).payload.authorization.nonce;
      if (idempotent && nonce !== null && paidHeaders.has(nonce)) return read('plain, shown again');
      await next();
      if (nonce !== null && c.res.status === 200) paidHeaders.add(nonce);
      if (url.pathname === '/member' && c.res.status === 402) offerSignIn(c.res, url);
      return undefined;
    })
    .use(paywall)
    .get('/:name', (c) => read(c.req.param('name')));
}

function offerSignIn(response: Response, url: URL): void {
  const terms = JSON.parse(atob(response.headers.get('PAYMENT-REQUIRED') ?? ''));
  const info = {
    domain: url.host,
    uri: url.href,
    version: '1',
    nonce: 'abcdefgh12345678',
    issuedAt: new Date().toISOString(),
  };
  const supportedChains = [{ chainId: 'eip155:84532', type: 'eip191' }];
  terms.extensions = { 'sign-in-with-x': { info, supportedChains } };
  response.headers.set('PAYMENT-REQUIRED', btoa(JSON.stringify(terms)));
}

/** Nothing to pay: a job that was paid for elsewhere on the site, and is polled. */
function wantsSignIn(url: URL): Response {
  const terms = btoa(JSON.stringify({ x402Version: 2, error: 'Sign in', accepts: [] }));
  const response = new Response('Sign in', { status: 402, headers: { 'PAYMENT-REQUIRED': terms } });
  offerSignIn(response, url);
  return response;
}

async function isReader(header: string, url: URL): Promise<boolean> {
  const { address, signature, nonce, issuedAt, expirationTime } = JSON.parse(atob(header));
  const message = `${url.host} wants you to sign in with your Ethereum account:\n${address}\n\n\nURI: ${url.href}\nVersion: 1\nChain ID: 84532\nNonce: ${nonce}\nIssued At: ${issuedAt}\nExpiration Time: ${expirationTime}`;
  return address === reader.address && (await verifyMessage({ address, message, signature }));
}

async function buy(name: string): Promise<void> {
  await reader.page.goto(`${shop.origin}/${name}`);
  await reader.page.getByText(`the content of ${name}`).waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
}

test('what was bought opens by signing in where the site offers it, and nothing is paid or asked', async () => {
  await buy('member');
  await reader.page.reload();
  await reader.page.getByText('the content of member, signed in').waitFor();
  const [, again] = await reader.settled(2);
  expect(again?.encounter).toMatchObject({ state: 'unpaid', freeWay: 'sign-in', intentId: null });
  await reader.page.reload(); // What has helped is not kept for another minute.
  await reader.page.getByText('the content of member, signed in').waitFor();
  expect((await reader.settled(3)).map(({ encounter }) => encounter.freeWay)).toEqual([
    null,
    'sign-in',
    'sign-in',
  ]);
  await expectPaid(world, reader, [10_000n]);
});

test('C07: what only wants a sign-in opens by itself once the site was paid, and not before', async () => {
  await reader.page.goto(`${shop.origin}/job`);
  await reader.settled();
  expect(
    shop.requests().filter(({ path, headers }) => path === '/job' && 'sign-in-with-x' in headers),
  ).toEqual([]);
  await reader.page.goto(`${shop.origin}/member`);
  await reader.page.getByText('the content of member').waitFor();
  await reader.settled(2);
  await reader.page.goto(`${shop.origin}/job`);
  await reader.page.getByText('the content of member, signed in').waitFor();
  const items = await reader.settled(3);
  expect(items.at(-1)?.encounter).toMatchObject({ state: 'unpaid', freeWay: 'sign-in', intentId: null });
  await expectPaid(world, reader, [10_000n]);
});

test('C07: where the site was never paid, its button in the popup signs in, once, and nothing is paid', async () => {
  const signIns = () => shop.requests().filter(({ headers }) => 'sign-in-with-x' in headers).length;
  const before = signIns();
  await reader.page.goto(`${shop.origin}/job`);
  await reader.settled();
  const popup = await reader.popup();
  await popup.getByText('The site wants you to sign in, not to pay.').first().waitFor();
  expect(signIns()).toBe(before);
  await popup.getByRole('button', { name: 'Sign in, without paying' }).click();
  await reader.page.getByText('the content of member, signed in').waitFor();
  expect(signIns()).toBe(before + 1);
  await expectPaid(world, reader, []);
  // The press was for that once.
  await reader.page.reload();
  await reader.settled(3);
  expect(signIns()).toBe(before + 1);
  expect((await reader.ask('overview', { tabId: null })).payments).toEqual([]);
});

test('a sign-in that leads back to the same 402 is tried once', async () => {
  await buy('member');
  circular = true;
  await reader.page.reload();
  const items = await reader.settled(4);
  expect(items.map(({ encounter }) => encounter.freeWay)).toEqual([null, 'sign-in', 'resend', null]);
  expect(items[3]?.encounter.verdict).toMatchObject({ outcome: 'ask', reason: 'already-paid' });
  await expectPaid(world, reader, [10_000n]);
});

test('nobody is signed in at a site that offers it before something was bought there', async () => {
  const signIns = () => shop.requests().filter(({ headers }) => 'sign-in-with-x' in headers).length;
  const before = signIns();
  await buy('member');
  expect(signIns()).toBe(before);
  // The site knows the account now: nothing is paid at another of its addresses before that was tried (C16).
  await reader.page.goto(`${shop.origin}/member?another`);
  await reader.page.getByText('the content of member, signed in').waitFor();
  await reader.settled(2);
  expect(signIns()).toBe(before + 1);
  await expectPaid(world, reader, [10_000n]);
});

test('what was bought opens with the payment that paid for it, where the server knows it again', async () => {
  await buy('plain');
  idempotent = true;
  await reader.page.reload();
  await reader.page.getByText('the content of plain, shown again').waitFor();
  const [, again] = await reader.settled(2);
  expect(again?.encounter.freeWay).toBe('resend');
  await expectPaid(world, reader, [10_000n]);
});

test('when no free way helps, the reader is asked, once, and told when it was paid', async () => {
  await buy('plain');
  await reader.ask('setUnattended', { unattended: false });
  await reader.page.reload();
  const question = await reader.question();
  await question.getByText('You paid for this address before').waitFor();
  await Promise.all([
    question.waitForEvent('close'),
    question.getByRole('button', { name: 'Don’t pay' }).click(),
  ]);
  expect((await reader.settled(3)).map(({ encounter }) => encounter.freeWay)).toEqual([null, 'resend', null]);
  await expectPaid(world, reader, [10_000n]);
});

const byFetch = async (path: string) => {
  const response = await fetch(path);
  return [response.status, await response.text()];
};
const byXhr = (path: string) =>
  new Promise<unknown[]>((resolve) => {
    const xhr = new XMLHttpRequest();
    let answers = 0;
    xhr.onreadystatechange = () => {
      if (xhr.readyState === 2) answers += 1;
    };
    xhr.onload = () => resolve(answers === 1 ? [xhr.status, xhr.responseText] : [`${answers} answers`]);
    xhr.open('GET', path);
    xhr.send();
  });

describe.each([
  ['fetch', byFetch],
  ['XHR', byXhr],
])('by %s', (_, by) => {
  beforeEach(() => reader.page.goto(`${shop.origin}/home`));
  const get = (path: string) => reader.page.evaluate(by, path);
  const ways = async (count: number) =>
    (await reader.settled(count)).map(({ encounter }) => encounter.freeWay);

  test('what was bought opens by signing in, as often as the page asks', async () => {
    expect(await get('/member')).toEqual([200, 'the content of member']);
    expect(await get('/member')).toEqual([200, 'the content of member, signed in']);
    expect(await get('/member')).toEqual([200, 'the content of member, signed in']);
    expect(await ways(3)).toEqual([null, 'sign-in', 'sign-in']);
    await expectPaid(world, reader, [10_000n]);
  });

  test('what was bought opens with its payment, where the server knows it again', async () => {
    expect(await get('/plain')).toEqual([200, 'the content of plain']);
    idempotent = true;
    expect(await get('/plain')).toEqual([200, 'the content of plain, shown again']);
    expect(await ways(2)).toEqual([null, 'resend']);
    await expectPaid(world, reader, [10_000n]);
  });

  test('when no free way helps, nothing more is paid without a question, and the page has its 402 once', async () => {
    expect(await get('/plain')).toEqual([200, 'the content of plain']);
    expect((await get('/plain'))[0]).toBe(402);
    expect(await ways(3)).toEqual([null, 'resend', null]);
    expect((await reader.activity())[2]?.encounter.verdict).toMatchObject({
      outcome: 'ask',
      reason: 'already-paid',
    });
    await expectPaid(world, reader, [10_000n]);
  });
});
