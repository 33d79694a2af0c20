import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { browser } from 'wxt/browser';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { bareTerms, paywallFor, type Shop, startShop } from '../support/shop.ts';

const CREDITS = { error: { message: 'Insufficient credits.', code: 402 } };

let world: World;
let shop: Shop;
let reader: Reader;
/** Requests that the server has left without an answer. */
let hung = 0;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await ordinaryShop());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  hung = 0;
  reader = await startReader(world, { policy: { allowedSites: [shop.origin] } });
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

async function ordinaryShop(): Promise<Hono> {
  const app = new Hono();
  const seen = new Set<string>();
  app.get('/', (c) => c.html('<!doctype html><title>An app</title><body>'));
  app.all('/credits/:id', (c) => c.json(CREDITS, 402));
  app.get('/words', (c) => c.text('Please top up your account.', 402));
  app.get('/own-shape', (c) =>
    c.json({ error: 'payment_required', x402: { price_usd: 0.02, token: 'USDC' } }, 402),
  );
  app.post('/stream', (c) => {
    c.status(402);
    return streamSSE(c, async (stream) => {
      await stream.writeSSE({ event: 'error', data: JSON.stringify(CREDITS) });
      await new Promise((resolve) => stream.onAbort(() => resolve(null)));
    });
  });
  app.all('/hangs', async (c) => {
    if (!seen.has('/hangs')) {
      seen.add('/hangs');
      return c.json(CREDITS, 402);
    }
    hung += 1;
    await new Promise((resolve) => c.req.raw.signal.addEventListener('abort', resolve, { once: true }));
    return c.body(null, 500);
  });
  app.get('/badge.png', (c) => c.json(CREDITS, 402));
  app.get('/members', (c) => c.html('<!doctype html><title>Members</title><h1>Members only</h1>', 402));
  app.get('/mpp', (c) => c.body('{}', 402, { 'WWW-Authenticate': MPP }));
  app.get('/crawl', (c) => c.html('<h1>Crawlers pay</h1>', 402, { 'crawler-price': 'USD 0.01' }));
  app.get('/l402', (c) => c.body('', 402, { 'WWW-Authenticate': L402 }));
  app.use('/both', async (c, next) => {
    await next();
    if (c.res.status === 402) c.header('WWW-Authenticate', MPP);
  });
  app.use('/headed', async (c, next) => (c.req.method === 'HEAD' ? bareTerms(TERMS) : next()));
  app.use(await paywallFor(world, { '/both': '$0.01', '/headed': '$0.01' }));
  return app.get('/:name', (c) => c.html('<h1>The content</h1>'));
}

const request = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const MPP = [
  `Payment id="a", realm="shop", method="tempo", intent="charge", request="${request({ amount: '0.10', currency: `0x${'20'.repeat(20)}` })}"`,
  `Payment id="b", realm="shop", method="stripe", intent="charge", request="${request({ amount: '0.50', currency: 'usd' })}"`,
].join(', ');
const L402 = 'L402 macaroon="AGIAJEemVQ", invoice="lnbc100n1p3z5h0fpp5ev4"';
const TERMS = btoa(
  JSON.stringify({
    x402Version: 2,
    accepts: [
      {
        scheme: 'exact',
        network: 'eip155:84532',
        amount: '10000',
        asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
        payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
        maxTimeoutSeconds: 60,
        extra: { name: 'USDC', version: '2' },
      },
    ],
  }),
);

const visits = (path: string) => shop.requests().filter((one) => one.path === path);

/**
 * The answer to a page's own call of `path`. No timer of the page goes off, those of the extension's script in it
 * included: an answer that waits for a time to pass does not come.
 */
const called = (path: string, method = 'GET', headers: Record<string, string> = {}) =>
  reader.page.evaluate(
    async ([url, verb, sent]) => {
      Object.assign(window, { setTimeout: () => 0 });
      const { status } = await fetch(url, {
        method: verb,
        headers: sent,
        ...(verb === 'POST' ? { body: '{}' } : {}),
      });
      return status;
    },
    [path, method, headers] as const,
  );

const byXhr = (path: string, type: XMLHttpRequestResponseType) =>
  reader.page.evaluate(
    ([url, responseType]) =>
      new Promise<number>((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.open('GET', url);
        xhr.responseType = responseType;
        xhr.onloadend = () => resolve(xhr.status);
        xhr.send();
      }),
    [path, type] as const,
  );

async function expectNoTrace(): Promise<void> {
  expect(await reader.activity()).toEqual([]);
  const text = await reader.own().evaluate((tabId) => {
    const { chrome } = globalThis as unknown as { chrome: typeof browser };
    return chrome.action.getBadgeText({ tabId });
  }, reader.tabId);
  expect(text).toBe('');
  await expectPaid(world, reader, []);
}

describe('C18: a 402 that is not x402', () => {
  test('that a page polls is the page’s at once, with no second request, no record and nothing on the badge', async () => {
    for (let round = 0; round < 5; round += 1) {
      expect(await called('/credits/polled')).toBe(402);
    }
    for (const type of ['', 'json', 'blob', 'arraybuffer'] as const)
      expect(await byXhr('/credits/polled', type)).toBe(402);
    expect(visits('/credits/polled')).toHaveLength(9);
    await expectNoTrace();
  });

  test('that 250 requests of a page get keeps none of its x402 ones from being paid', async () => {
    await reader.page.evaluate(async () => {
      for (let at = 0; at < 250; at += 1) await fetch('/credits/many');
    });
    expect(await called('/both')).toBe(200);
    await reader.settled();
    await expectPaid(world, reader, [10_000n]);
  });

  test.each([
    ['a text', '/words', 'GET'],
    ['a POST', '/credits/posted', 'POST'],
    ['a PUT', '/credits/put', 'PUT'],
  ])('leaves no trace: %s', async (_, path, method) => {
    const from = visits(path).length;
    expect(await called(path, method)).toBe(402);
    expect(visits(path)).toHaveLength(from + 1);
    await expectNoTrace();
  });

  test('in answer to a POST for a stream of events is the page’s at once, though it has no end', async () => {
    const got = await reader.page.evaluate(async () => {
      Object.assign(window, { setTimeout: () => 0 }); // Nothing that it would wait for ends.
      const headers = { Accept: 'text/event-stream' };
      const response = await fetch('/stream', { method: 'POST', headers, body: '{}' });
      const first = await response.body?.getReader().read();
      return { status: response.status, first: new TextDecoder().decode(first?.value) };
    });
    expect(got.status).toBe(402);
    expect(got.first).toContain('Insufficient credits.');
    await expectNoTrace();
  });

  test('of a server that hangs on a second request is not asked a second time', async () => {
    expect(await called('/hangs')).toBe(402);
    expect(hung).toBe(0);
    await expectNoTrace();
  });

  test('that says x402 in a shape of its own leaves no trace (sample 16)', async () => {
    expect(await called('/own-shape')).toBe(402);
    expect(visits('/own-shape')).toHaveLength(1);
    await expectNoTrace();
  });

  test('for an image is asked for terms once an hour, and leaves no trace', async () => {
    const load = () =>
      reader.page.evaluate(
        () =>
          new Promise((resolve) => {
            const image = new Image();
            image.onerror = resolve;
            image.src = `/badge.png#${Math.random()}`;
            document.body.replaceChildren(image);
          }),
      );
    await load();
    await until(
      async () => visits('/badge.png').length,
      (count) => count === 2,
      'it was asked for terms',
    );
    for (let round = 0; round < 3; round += 1) {
      await reader.page.reload();
      await load();
    }
    await called('/both'); // Its payment comes after all that was begun before.
    await reader.settled();
    expect(
      visits('/badge.png').filter(({ headers }) => headers['accept'] === 'application/json'),
    ).toHaveLength(1);
    expect((await reader.activity()).map(({ encounter }) => encounter.kind)).toEqual(['fetch']);
  });

  test('that a tab shows is asked for terms once, also when it is loaded again', async () => {
    for (let round = 0; round < 3; round += 1) {
      await reader.page.goto(`${shop.origin}/members`);
      await reader.settled(round + 1);
      expect(await reader.page.locator('h1').innerText()).toBe('Members only');
    }
    expect(visits('/members').filter(({ headers }) => headers['accept'] === 'application/json')).toHaveLength(
      1,
    );
    await expectPaid(world, reader, []);
  });
});

describe('C19: a 402 of another way to pay', () => {
  test.each([
    [
      '/mpp',
      'The site asks for 0.50 USD by another payment protocol (HTTP “Payment”). Only x402 is paid here.',
    ],
    [
      '/crawl',
      'The site asks for 0.01 USD by pay per crawl, which is for registered crawlers. Only x402 is paid here.',
    ],
    ['/l402', 'The site asks for 10 sats by Lightning (L402). Only x402 is paid here.'],
  ])('%s is named with its price, and not asked a second time', async (path, words) => {
    await reader.page.goto(shop.origin + path).catch(() => undefined); // An empty one shows the browser’s own page.
    await reader.settled();
    const popup = await reader.context.newPage();
    await popup.goto(reader.extensionUrl('popup.html'));
    await popup.getByText('Not paid (1)').click();
    expect(await popup.locator('details').innerText()).toContain(words);
    expect(visits(path)).toHaveLength(1);
    await expectPaid(world, reader, []);
  });

  test('that a page polls is written down once', async () => {
    for (let round = 0; round < 3; round += 1) expect(await called('/mpp')).toBe(402);
    expect(await reader.activity()).toHaveLength(1);
  });

  test('beside x402 is paid by x402 (samples 17 and 22)', async () => {
    await reader.page.goto(`${shop.origin}/both`);
    await reader.page.getByText('The content').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [10_000n]);
  });
});

describe('C24: a HEAD request', () => {
  test('gets its 402 at once, and is never paid', async () => {
    expect(await called('/headed', 'HEAD')).toBe(402);
    expect(visits('/headed')).toHaveLength(1);
    await expectNoTrace();
  });
});
