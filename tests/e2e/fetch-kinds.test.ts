import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { paywallFor, type Shop, startShop, streamingPaywallFor } from '../support/shop.ts';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(await paidKinds());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
  await reader.page.goto(shop.origin);
});
afterEach(() => reader?.close());

/** Is told of the first event's arrival in the page; only then does the second one leave. */
const heard = new EventTarget();
const ORDERS = ['one', 'two', 'three', 'four', 'five'];

/** Endpoints at 1¢ that tell what they were sent, and one at $1.50. */
async function paidKinds(): Promise<Hono> {
  const app = new Hono();
  app.use(await paywallFor(world, { '/echo': '$0.01', '/moved': '$0.01' }));
  app.use('/events', await streamingPaywallFor(world, { '/events': '$0.01' }));
  let asked = 0;
  const allAsked = new EventTarget();
  app.use('/together', async (c, next) => {
    if (c.req.header('payment-signature') === undefined && ++asked < ORDERS.length)
      await new Promise((resolve) => allAsked.addEventListener('all', resolve, { once: true }));
    allAsked.dispatchEvent(new Event('all'));
    await next();
  });
  app.use(await paywallFor(world, { '/echo': '$0.01', '/together': '$0.01' }, 'POST'));
  app.use(await paywallFor(world, { '/dear': '$1.50' }));
  const strict =
    "default-src 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
  app.get('/', (c) =>
    c.html('<!doctype html><title>A site</title>', 200, { 'Content-Security-Policy': strict }),
  );
  app.get('/elsewhere', (c) => c.redirect('/moved'));
  app.get('/events', (c) =>
    streamSSE(c, async (stream) => {
      await stream.writeSSE({ data: 'one' });
      await new Promise((resolve) => heard.addEventListener('one', resolve, { once: true }));
      await stream.writeSSE({ data: 'two' });
    }),
  );
  app.post('/heard', (c) => {
    heard.dispatchEvent(new Event('one'));
    return c.body(null, 204);
  });
  return app.all('/:name', async (c) =>
    c.json({
      method: c.req.method,
      type: c.req.header('content-type') ?? null,
      cookie: c.req.header('cookie') ?? null,
      said: c.req.header('x-said') ?? null,
      body: await c.req.text(),
    }),
  );
}

test.each([
  ['a text', "fetch('/echo', { method: 'POST', body: 'plain words' })", 'plain words'],
  ['JSON', `fetch('/echo', { method: 'POST', body: JSON.stringify({ a: 1 }) })`, '{"a":1}'],
  [
    'a Blob',
    "fetch('/echo', { method: 'POST', body: new Blob(['in a blob'], { type: 'text/x-own' }) })",
    'in a blob',
  ],
  ['a Request', "fetch(new Request('/echo', { method: 'POST', body: 'in a request' }))", 'in a request'],
  [
    'a URL object',
    "fetch(new URL('/echo', location.href), { method: 'POST', body: 'to a url' })",
    'to a url',
  ],
])('a POST with %s arrives whole, once it is paid', async (_, call, body) => {
  const got = await reader.page.evaluate(`${call}.then((response) => response.json())`);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(got).toMatchObject({ method: 'POST', body });
});

const order = async (body: string): Promise<string> =>
  (await (await fetch('/echo', { method: 'POST', body })).json()).body;
const orderByXhr = (body: string) =>
  new Promise<string>((resolve) => {
    const xhr = new XMLHttpRequest();
    xhr.onload = () => resolve(JSON.parse(xhr.response).body);
    xhr.open('POST', '/echo');
    xhr.send(body);
  });

test.each([
  ['fetch', order],
  ['XHR', orderByXhr],
])(
  'by %s, two orders at one address are two purchases, and the same one again is asked about',
  async (_, by) => {
    expect(await reader.page.evaluate(by, 'one tea')).toBe('one tea');
    expect(await reader.page.evaluate(by, 'two teas')).toBe('two teas');
    void reader.page.evaluate(by, 'one tea').catch(() => undefined); // Nobody will answer.
    await reader.question();
    expect((await reader.activity())[2]?.encounter.verdict).toMatchObject({
      outcome: 'ask',
      reason: 'already-paid',
    });
    await expectPaid(world, reader, [10_000n, 10_000n]);
  },
);

test('orders that are made at once leave with a payment each', async () => {
  const got = await reader.page.evaluate(
    (orders) =>
      Promise.all(
        orders.map(async (body) => (await (await fetch('/together', { method: 'POST', body })).json()).body),
      ),
    ORDERS,
  );
  const items = await reader.settled(ORDERS.length);
  await expectPaid(
    world,
    reader,
    ORDERS.map(() => 10_000n),
  );
  expect(got).toEqual(ORDERS);
  expect(new Set(items.map(({ payment }) => payment?.transaction)).size).toBe(ORDERS.length);
});

test('a form is sent again with its files', async () => {
  const got = await reader.page.evaluate(async () => {
    const form = new FormData();
    form.set('name', 'tide table');
    form.set('file', new File(['04:12 high'], 'tides.txt'));
    return (await fetch('/echo', { method: 'POST', body: form })).json();
  });
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(got.body).toContain('tide table');
  expect(got.body).toContain('filename="tides.txt"');
  expect(got.body).toContain('04:12 high');
});

test('headers, cookies and the shape of the response are those of the page’s own request', async () => {
  const got = await reader.page.evaluate(async () => {
    // biome-ignore lint/suspicious/noDocumentCookie: the old way works on every origin.
    document.cookie = 'session=of-this-site';
    const response = await fetch('/echo#part', {
      headers: { 'X-Said': 'this' },
      priority: 'high',
      keepalive: true,
    });
    const { url, redirected, type: kind, status } = response;
    return { url, redirected, kind, status, ...(await response.json()) };
  });
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(got).toMatchObject({
    url: `${shop.origin}/echo`,
    redirected: false,
    kind: 'basic',
    status: 200,
    said: 'this',
    cookie: 'session=of-this-site',
  });
});

test('a body that can be read once is not sent again: the page gets its 402', async () => {
  const status = await reader.page.evaluate(async () => {
    const body = new Blob(['once']).stream();
    const init = { method: 'POST', body, duplex: 'half' };
    // Chromium streams uploads over HTTP/2 only: over HTTP/1 the page gets the error it would have got without us.
    return fetch('/echo', init).then(
      (response) => response.status,
      (error: Error) => error.name,
    );
  });
  expect([402, 'TypeError']).toContain(status);
  await expectPaid(world, reader, []);
});

const streamedByFetch = async () => {
  const response = await fetch('/events');
  const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const first = (await pieces?.read())?.value;
  await fetch('/heard', { method: 'POST' });
  return [first, (await pieces?.read())?.value];
};
const streamedByXhr = () =>
  new Promise<unknown[]>((resolve) => {
    const xhr = new XMLHttpRequest();
    let first = '';
    xhr.onprogress = () => {
      if (first !== '') return;
      first = xhr.responseText;
      void fetch('/heard', { method: 'POST' });
    };
    xhr.onload = () => resolve([first, xhr.responseText.slice(first.length)]);
    xhr.open('GET', '/events');
    xhr.send();
  });

test.each([
  ['fetch', streamedByFetch],
  ['XHR', streamedByXhr],
])('by %s, what a paid endpoint streams arrives as it is sent', async (_, by) => {
  const got = await reader.page.evaluate(by);
  expect(got).toEqual(['data: one\n\n', 'data: two\n\n']);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('a 402 behind a redirect is left alone', async () => {
  const got = await reader.page.evaluate(() =>
    fetch('/elsewhere').then(({ status, redirected }) => ({ status, redirected })),
  );
  expect(got).toEqual({ status: 402, redirected: true });
  await expectPaid(world, reader, []);
});

test('given up before it is made, it fails with the page’s own reason and nothing is asked', async () => {
  const reason = await reader.page.evaluate(() =>
    fetch('/dear', { signal: AbortSignal.abort('not any more') }).catch((error: unknown) => error),
  );
  expect(reason).toBe('not any more');
  expect(await reader.activity()).toEqual([]);
});

test('given up while the reader is asked, it fails at once, and nothing is paid', async () => {
  const result = reader.page.evaluate(() => {
    const controller = new AbortController();
    Object.assign(window, { giveUp: () => controller.abort('enough') });
    return fetch('/dear', { signal: controller.signal }).catch((error: unknown) => error);
  });
  await reader.question();
  await reader.page.evaluate('giveUp()');
  expect(await result).toBe('enough');
  await expectPaid(world, reader, []);
});

test('the wrapped functions look native, and work for a page that wraps them again', async () => {
  const got = await reader.page.evaluate(async () => {
    const calls: string[] = [];
    const before = window.fetch;
    window.fetch = async (...args) => {
      calls.push(String(args[0]));
      return before(...args);
    };
    const response = await window.fetch('/echo');
    return {
      calls,
      status: response.status,
      source: Function.prototype.toString.call(before),
      name: before.name,
      length: before.length,
      isXhr: new XMLHttpRequest() instanceof XMLHttpRequest,
    };
  });
  expect(got).toEqual({
    calls: ['/echo'],
    status: 200,
    source: expect.stringMatching(/\[native code\]/),
    name: 'fetch',
    length: 1,
    isXhr: true,
  });
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('wrong arguments fail as they do without the extension', async () => {
  const errors = await reader.page.evaluate(async () => {
    const caught = (promise: Promise<unknown>) => promise.catch((error: Error) => error.name);
    const bare = fetch as () => Promise<unknown>;
    return Promise.all([
      caught(bare()),
      caught(fetch('http://')),
      caught(fetch('/echo', { method: 'GET', body: 'no' })),
      caught(Reflect.apply(fetch, {}, ['/echo'])),
    ]);
  });
  expect(errors).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError']);
  await expectPaid(world, reader, []);
});
