import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { articles, pennyPost, soldTheTime, tideMachine } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { openInBrowser } from './official-clients.ts';

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

/** The paragraphs that must not be given away, without their tags. */
function paidParagraphs(markup: string): readonly string[] {
  return [...markup.matchAll(/<p>([^<]{40,})/g)].map(([, text = '']) => text);
}

test('the front page lists every piece with its price', async () => {
  const page = await (await openInBrowser(`${publication.origin}/`)).text();
  for (const { path, title, price } of articles) {
    expect(page).toContain(`<a href="${path}">${title}</a>`);
    expect(page).toContain(`</span>${price.label}</data>`);
  }
});

describe.each(articles)('$slug, unpaid', (article) => {
  test('a person gets a page with the opening and the price, a program gets terms; nobody gets the text', async () => {
    const page = await openInBrowser(publication.origin + article.paidPath);
    const data = await fetch(publication.origin + article.paidPath);
    const [html, json] = [await page.text(), await data.text()];

    expect([page.status, data.status]).toEqual([402, 402]);
    expect([page.headers.get('cache-control'), data.headers.get('cache-control')]).toEqual([
      'no-store',
      'no-store',
    ]);
    expect(html).toContain(article.opening.markup);
    expect(html).toContain(`Read on for ${article.price.label}`);
    const paragraphs = paidParagraphs(article.rest.markup);
    expect(paragraphs.length).toBeGreaterThan(2);
    for (const text of paragraphs) expect(html + json).not.toContain(text);
  });

  test.each(['HEAD', 'POST'])('%s is refused rather than let past the payment', async (method) => {
    const answer = await fetch(publication.origin + article.paidPath, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET');
  });

  test.each([
    ['a trailing slash', (path: string) => `${path}/`],
    ['capitals', (path: string) => path.toUpperCase()],
    ['a doubled slash', (path: string) => `/${path}`],
    ['an escaped letter', (path: string) => path.replace('-', '%2D')],
    ['a query', (path: string) => `${path}?free=1`],
  ])('%s in the address does not get around the price', async (_, change) => {
    const answer = await openInBrowser(publication.origin + change(article.paidPath));
    const body = await answer.text();
    expect([402, 404]).toContain(answer.status);
    for (const text of paidParagraphs(article.rest.markup)) expect(body).not.toContain(text);
  });
});

test('the v2 page has its terms in the header', async () => {
  const { headers } = await openInBrowser(publication.origin + tideMachine.path);
  const terms = JSON.parse(Buffer.from(headers.get('payment-required') ?? '', 'base64').toString());
  expect(terms).toMatchObject({
    x402Version: 2,
    resource: { url: publication.origin + tideMachine.path, serviceName: 'Common Measure' },
    accepts: [
      { scheme: 'exact', network: 'eip155:84532', amount: '50000', asset: world.usdc, payTo: world.payee },
    ],
  });
});

test('the v1 page has terms for programs only in its JSON form', async () => {
  const page = await openInBrowser(publication.origin + soldTheTime.path);
  expect(page.headers.has('payment-required')).toBe(false);
  const html = await page.text();
  for (const term of [
    'x402Version',
    'maxAmountRequired',
    'base-sepolia',
    world.payee,
    world.usdc,
    '30000',
    '<script',
  ]) {
    expect(html).not.toContain(term);
  }
  expect(await (await fetch(publication.origin + soldTheTime.path)).json()).toMatchObject({
    x402Version: 1,
    accepts: [{ maxAmountRequired: '30000', network: 'base-sepolia', payTo: world.payee, asset: world.usdc }],
  });
});

test('the gated page is free, holds the opening, and keeps the text away', async () => {
  const page = await openInBrowser(publication.origin + pennyPost.path);
  const html = await page.text();
  expect(page.status).toBe(200);
  expect(html).toContain(`src="${pennyPost.paidPath}">${pennyPost.opening.markup}`);
  expect(html).toContain('<script type="module" src="/x402-paywall.js"></script>');
  for (const text of paidParagraphs(pennyPost.rest.markup)) expect(html).not.toContain(text);
});

test('the web component is served as a module, or its absence is explained', async () => {
  const answer = await fetch(`${publication.origin}/x402-paywall.js`);
  if (answer.ok) expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  else expect(await answer.text()).toContain('is not built yet');
});

test('strange requests are answered and harm nothing', async () => {
  for (const path of ['/%', '/articles/%ff', '/archive/%ff', '/..%2fpackage.json', '/nothing']) {
    expect((await fetch(publication.origin + path)).status).toBe(404);
  }
  for (const header of ['PAYMENT-SIGNATURE', 'X-PAYMENT']) {
    for (const { paidPath } of articles) {
      const answer = await fetch(publication.origin + paidPath, { headers: { [header]: 'e30=' } });
      expect(answer.status).toBe(402);
    }
  }
});

test('requests are remembered in order, with their answers', async () => {
  const before = publication.requests().length;
  await (await fetch(`${publication.origin}/?a=1`, { headers: { 'X-Mark': 'one' } })).text();
  await (await fetch(publication.origin + soldTheTime.path)).text();
  const log = publication.requests().slice(before);
  expect(log.map(({ method, path, status }) => [method, path, status])).toEqual([
    ['GET', '/?a=1', 200],
    ['GET', soldTheTime.path, 402],
  ]);
  expect(log[0]?.headers['x-mark']).toBe('one');
});

test('a port that is taken is an error, not a crash', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(startPublication(world, { port })).rejects.toThrow('EADDRINUSE');
  server.close();
});

test('a world without a facilitator is an error, not a crash', async () => {
  await expect(startPublication({ ...world, facilitatorUrl: 'http://127.0.0.1:9' })).rejects.toThrow();
});
