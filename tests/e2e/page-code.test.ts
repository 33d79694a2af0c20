import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { LoggedRequest } from '../../demo-site/server/request-log.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

let world: World;
let site: Shop;
let other: Shop;
let reader: Reader;
/** Lets the answer of `/slow` go; null while nobody waits for it. */
let finish: (() => void) | null = null;
/** Settles once `/told` may answer. */
let told = Promise.resolve();

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  // Written in by hand: every origin may read with credentials, and no preflight is answered.
  app.use(async (c, next) => {
    if (c.req.method === 'OPTIONS') return c.text('No preflight here', 405);
    await next();
    c.res.headers.set('Access-Control-Allow-Origin', c.req.header('origin') ?? '*');
    c.res.headers.set('Access-Control-Allow-Credentials', 'true');
    return undefined;
  });
  app.use(await paywallFor(world, { '/echo': '$0.01', '/slow': '$0.01', '/dear': '$1.50' }));
  app.use(await paywallFor(world, { '/echo': '$0.01' }, 'POST'));
  app.get('/', (c) => c.html('<!doctype html><title>A site</title><body>'));
  app.get('/asks', (c) => c.html(asking('/dear')));
  app.get('/asks-when-told', (c) => c.html(ASKING_WHEN_TOLD));
  app.get('/inner', (c) => c.html(asking('/echo')));
  app.get('/told', async (c) => {
    await told;
    return c.text('Now');
  });
  app.get('/moved', (c) => c.redirect('/echo'));
  app.get('/slow', async (c) => {
    await new Promise<void>((resolve) => {
      finish = resolve;
    });
    return c.text('late');
  });
  app.all('/:name', async (c) =>
    c.json({ ...c.req.header(), method: c.req.method, body: await c.req.text() }),
  );
  [site, other] = await Promise.all([startShop(app), startShop(app)]);
});
afterAll(async () => {
  await Promise.all([site?.stop(), other?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  const allowedOrigins = [{ site: site.origin, origin: other.origin }];
  reader = await startReader(world, { policy: { allowedOrigins } });
  await reader.page.goto(site.origin);
});
afterEach(() => reader?.close());

/** A page that asks by itself, with no press of the reader's, and keeps what came of it. */
function asking(path: string): string {
  return `<!doctype html><title>Asks by itself</title><script>
  window.got = fetch('${path}').then(({ status }) => status, (error) => error.name);</script>`;
}

/** The same once the server answers `/told`. */
const ASKING_WHEN_TOLD = `<!doctype html><title>Asks when told</title><script>
  window.got = fetch('/told').then(() => fetch('/dear')).then(({ status }) => status);</script>`;

const isPaid = ({ headers }: LoggedRequest) => headers['payment-signature'] !== undefined;

type Options = Pick<RequestInit, 'credentials' | 'mode' | 'referrer' | 'redirect' | 'cache'>;

test.each<[string, boolean, Options, object]>([
  ['credentials: omit', false, { credentials: 'omit' }, { cookie: undefined }],
  ['credentials: include, of another origin', true, { credentials: 'include' }, { cookie: 'session=mine' }],
  ['mode: same-origin', false, { mode: 'same-origin' }, { 'sec-fetch-mode': 'same-origin' }],
  ['mode: cors, of another origin', true, { mode: 'cors' }, { cookie: undefined }],
  ['no referrer', false, { referrer: '' }, { referer: undefined }],
  ['redirect: manual', false, { redirect: 'manual' }, { method: 'GET' }],
  ['redirect: error', false, { redirect: 'error' }, { method: 'GET' }],
  ['cache: force-cache', false, { cache: 'force-cache' }, { method: 'GET' }],
])('fetch with %s is paid, and the paid request is the same', async (_, away, init, told) => {
  const shop = away ? other : site;
  const before = shop.requests().length;
  const status = await reader.page.evaluate(
    async ({ url, options }) => {
      await cookieStore.set('session', 'mine');
      return (await fetch(url, options)).status;
    },
    { url: `${shop.origin}/echo`, options: init },
  );
  expect(status).toBe(200);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  const [paid] = shop.requests().slice(before).filter(isPaid);
  expect({ method: paid?.method, ...paid?.headers }).toMatchObject(
    Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined)),
  );
  for (const [name, value] of Object.entries(told))
    if (value === undefined) expect(paid?.headers).not.toHaveProperty(name);
});

test('with redirect: manual, a redirect to something paid is left where it is', async () => {
  const type = await reader.page.evaluate(() =>
    fetch('/moved', { redirect: 'manual' }).then((answer) => answer.type),
  );
  expect(type).toBe('opaqueredirect');
  await expectPaid(world, reader, []);
});

test('given up while the paid request is under way, it is paid once and kept in the books', async () => {
  const result = reader.page.evaluate(() => {
    const controller = new AbortController();
    Object.assign(window, { giveUp: () => controller.abort('enough') });
    return fetch('/slow', { signal: controller.signal }).catch((error: unknown) => error);
  });
  await until(
    async () => finish,
    (waits) => waits !== null,
    'the paid request',
  );
  await reader.page.evaluate('giveUp()');
  expect(await result).toBe('enough');
  finish?.();
  const [item] = await reader.settled();
  await until(
    () => world.transfers({ from: reader.address }),
    ({ length }) => length === 1,
    'the transfer',
  );
  await expectPaid(world, reader, [10_000n]);
  expect(item?.payment?.state).not.toBe('expired');
});

test('given up after it was paid, the page has its error and the reader the receipt', async () => {
  const reason = await reader.page.evaluate(async () => {
    const controller = new AbortController();
    const response = await fetch('/echo', { signal: controller.signal });
    controller.abort('read enough');
    return response.text().catch((error: unknown) => error);
  });
  expect(reason).toBe('read enough');
  const [item] = await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(item?.payment).toMatchObject({ state: 'settled', transaction: expect.stringMatching(/^0x/) });
});

test.each(['text', 'json', 'blob', 'arraybuffer', 'document'] as const)(
  'an XHR for %s is paid, and its answer is of that kind',
  async (kind) => {
    const got = await reader.page.evaluate(
      (responseType) =>
        new Promise((resolve) => {
          const xhr = new XMLHttpRequest();
          xhr.onload = () => {
            const { status, response } = xhr;
            resolve({ status, kind: Object.prototype.toString.call(response), type: xhr.responseType });
          };
          xhr.open('GET', '/echo');
          xhr.responseType = responseType;
          if (responseType === 'document') xhr.overrideMimeType('text/html');
          xhr.timeout = 30_000;
          xhr.send();
        }),
      kind,
    );
    await reader.settled();
    await expectPaid(world, reader, [10_000n]);
    const kinds = {
      text: 'String',
      json: 'Object',
      blob: 'Blob',
      arraybuffer: 'ArrayBuffer',
      document: 'HTMLDocument',
    };
    expect(got).toEqual({ status: 200, kind: `[object ${kinds[kind]}]`, type: kind });
  },
);

test('an XHR POST to another origin that answers no preflight is paid, with its cookies', async () => {
  const before = [site, other].map((shop) => shop.requests().length);
  const got = await reader.page.evaluate(async (url) => {
    await cookieStore.set('session', 'mine');
    return new Promise<{ cookie: string; body: string }>((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.onload = () => resolve(JSON.parse(xhr.responseText));
      xhr.open('POST', url);
      xhr.withCredentials = true;
      xhr.send('an order');
    });
  }, `${other.origin}/echo`);
  expect(got).toMatchObject({ cookie: 'session=mine', body: 'an order' });
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  expect(
    other
      .requests()
      .slice(before[1])
      .map(({ method }) => method),
  ).toEqual(['POST', 'POST']);
});

test('the upload of a paid POST is reported once, piece by piece', async () => {
  const heard = await reader.page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const xhr = new XMLHttpRequest();
        const events: string[] = [];
        for (const name of ['loadstart', 'load', 'loadend'])
          xhr.upload.addEventListener(name, (event) =>
            events.push(`${event.type} ${(event as ProgressEvent).loaded}`),
          );
        xhr.onloadend = () => resolve([...events, `${xhr.status}`]);
        xhr.open('POST', '/echo');
        xhr.send('x'.repeat(5_000));
      }),
  );
  expect(heard).toEqual(['loadstart 0', 'load 5000', 'loadend 5000', '200']);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

test('an XHR object that is used again pays for each of its requests, and for nothing else', async () => {
  const statuses = await reader.page.evaluate(async () => {
    const xhr = new XMLHttpRequest();
    const found: string[] = [];
    for (const url of ['/echo', '/free', '/echo?more']) {
      const ended = new Promise((resolve) => {
        xhr.onloadend = resolve;
      });
      xhr.open('GET', url);
      xhr.send();
      await ended;
      found.push(`${xhr.status} ${xhr.responseURL.slice(location.origin.length)}`);
    }
    return found;
  });
  expect(statuses).toEqual(['200 /echo', '200 /free', '200 /echo?more']);
  await reader.settled(2);
  await expectPaid(world, reader, [10_000n, 10_000n]);
});

test('a page that speaks to the bridge itself has nothing paid, and nobody asked', async () => {
  const channel = await reader.page.evaluate(() => {
    const { dispatchEvent } = window;
    return new Promise<string>((resolve) => {
      window.dispatchEvent = (event) => {
        if (/^tuppence:[-0-9a-f]{36}$/.test(event.type)) resolve(event.type);
        return dispatchEvent.call(window, event);
      };
      void fetch('/echo');
    });
  });
  expect(await reader.settled()).toHaveLength(1);
  const urls = [
    `${site.origin}/echo`,
    `${site.origin}/dear`,
    `${other.origin}/echo`,
    'chrome://settings/',
    '',
  ];
  const answers = await reader.page.evaluate(
    ({ name, asked }) =>
      Promise.all(
        asked.map(
          (url, at) =>
            new Promise((resolve) => {
              addEventListener(`${name}:answer`, (event) => {
                const [id, word] = String((event as CustomEvent).detail).split(' ');
                if (id === `forged${at}` && word !== 'heard') resolve(word);
              });
              dispatchEvent(new CustomEvent(name, { detail: `forged${at} true GET ${url} 0 ` }));
            }),
        ),
      ),
    { name: channel, asked: urls },
  );
  expect(answers).toEqual(urls.map(() => '')); // Leave it.
  expect(await reader.activity()).toHaveLength(1);
  await expectPaid(world, reader, [10_000n]);
});

test('frozen prototypes and functions that cannot be replaced change nothing', async () => {
  const statuses = await reader.page.evaluate(async () => {
    for (const one of [
      XMLHttpRequest.prototype,
      Request.prototype,
      Response.prototype,
      EventTarget.prototype,
    ])
      Object.freeze(one);
    Object.freeze(XMLHttpRequest);
    Object.defineProperty(window, 'fetch', { writable: false, configurable: false });
    const { status } = await fetch('/echo');
    const xhr = new XMLHttpRequest();
    const ended = new Promise((resolve) => xhr.addEventListener('loadend', resolve));
    xhr.open('GET', '/echo?more');
    xhr.send();
    await ended;
    return [status, xhr.status];
  });
  expect(statuses).toEqual([200, 200]);
  await reader.settled(2);
  await expectPaid(world, reader, [10_000n, 10_000n]);
});

test('a synchronous XHR gets its 402, and the popup lists it', async () => {
  const status = await reader.page.evaluate(() => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/echo', false);
    xhr.send();
    return xhr.status;
  });
  expect(status).toBe(402);
  await until(listed, ({ length }) => length === 1, 'the list of the popup');
  await expectPaid(world, reader, []);
});

test('a fetch in no-cors mode, which sees nothing, is listed and not paid', async () => {
  const type = await reader.page.evaluate(
    (url) => fetch(url, { mode: 'no-cors' }).then((answer) => answer.type),
    `${other.origin}/echo`,
  );
  expect(type).toBe('opaque');
  await until(listed, ({ length }) => length === 1, 'the list of the popup');
  await expectPaid(world, reader, []);
});

test('above the threshold and without a press, a fetch waits in the popup, and goes on once it is paid there', async () => {
  await reader.page.goto(`${site.origin}/asks`);
  const ids = await until(listed, ({ length }) => length === 1, 'the list of the popup');
  await expectPaid(world, reader, []);
  await answerListed(ids, true);
  expect(await reader.page.evaluate('got')).toBe(200);
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
});

test('with no answer, a fetch gets its 402 after half a minute; paid in the popup after that, it comes with the page', async () => {
  await reader.page.goto(`${site.origin}/asks-when-told`);
  const ids = await until(listed, ({ length }) => length === 1, 'the list of the popup');
  expect(await reader.page.evaluate('got')).toBe(402);
  expect(await listed()).toEqual(ids);
  await expectPaid(world, reader, []);
  let tell = () => {};
  told = new Promise((resolve) => {
    tell = resolve;
  });
  const loaded = reader.page.waitForEvent('load');
  await answerListed(ids, true);
  await loaded;
  await reader.activity(); // The extension has seen by now that the page is another document.
  tell();
  expect(await reader.page.evaluate('got')).toBe(200);
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
}, 120_000);

test('refused in the popup, it gets its 402 at once', async () => {
  await reader.page.goto(`${site.origin}/asks`);
  await answerListed(await until(listed, ({ length }) => length === 1, 'the list of the popup'), false);
  expect(await reader.page.evaluate('got')).toBe(402);
  await expectPaid(world, reader, []);
});

test.each(['the same origin', 'srcdoc', 'about:blank'])(
  'a fetch in a frame of %s is paid as the page’s own',
  async (kind) => {
    await reader.page.evaluate(
      ({ of, document: inner }) =>
        new Promise((resolve) => {
          const frame = document.createElement('iframe');
          frame.onload = resolve;
          if (of === 'srcdoc') frame.srcdoc = inner;
          else if (of !== 'about:blank') frame.src = '/inner';
          document.body.append(frame);
        }),
      { of: kind, document: '<p>A frame' },
    );
    const status = await reader.page.evaluate(() => {
      const frame = window[0] as (Window & typeof globalThis) | undefined;
      return frame?.fetch('/echo?frame').then((answer) => answer.status);
    });
    expect(status).toBe(200);
    const own = kind === 'the same origin' ? [10_000n, 10_000n] : [10_000n];
    await reader.settled(own.length);
    await expectPaid(world, reader, own);
  },
);

test('a fetch in a frame of another origin waits in the popup, and goes on once it is paid there', async () => {
  const { policy } = await reader.ask('overview', { tabId: null });
  await reader.ask('setPolicy', { policy: { ...policy, allowedOrigins: [] } });
  await reader.page.evaluate((src) => {
    const frame = document.createElement('iframe');
    frame.src = src;
    document.body.append(frame);
  }, `${other.origin}/inner`);
  const ids = await until(listed, ({ length }) => length === 1, 'the list of the popup');
  await expectPaid(world, reader, []);
  await answerListed(ids, true);
  const inner = reader.page.frames().find((frame) => frame.url().startsWith(other.origin));
  expect(await inner?.evaluate('got')).toBe(200);
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
});

async function listed(): Promise<readonly string[]> {
  const { listed: found } = await reader.ask('overview', { tabId: reader.tabId });
  return found.map(({ id }) => id);
}

async function answerListed(ids: readonly string[], approve: boolean): Promise<void> {
  await reader.ask('answerListed', { tabId: reader.tabId, ids, approve, allowSite: false });
}
