import { atRest, type Check, failure, other } from './check.ts';

/** What a page sees of an answer. */
async function answer(call: Promise<Response>): Promise<unknown> {
  const response = await call;
  const { status, statusText, ok, url, redirected, type, bodyUsed } = response;
  const headers = [...response.headers].filter(([name]) => name !== 'date');
  const body = type === 'opaque' || type === 'opaqueredirect' ? null : await response.text();
  return { status, statusText, ok, url, redirected, type, bodyUsed, headers, body };
}

const post = (body: BodyInit | null, init: RequestInit = {}) =>
  answer(fetch('/echo', { method: 'POST', body, ...init }));
const stream = () => new Blob(['from a stream']).stream();

/** `fetch` against a local server: what is sent, what comes back, and what fails in which way. */
export const fetchChecks: readonly Check[] = [
  ['a text', () => answer(fetch('/text'))],
  ['a URL object', () => answer(fetch(new URL('/text?a=b#part', location.href)))],
  ['a Request', () => answer(fetch(new Request('/text#part')))],
  ['an address relative to the base', () => answer(fetch('text'))],
  [
    'data: and blob:',
    async () => {
      const url = URL.createObjectURL(new Blob(['in a blob'], { type: 'text/x-own' }));
      const asked = fetch(url);
      URL.revokeObjectURL(url);
      const { status, type, headers } = await asked;
      return [status, type, [...headers], await answer(fetch('data:text/plain,hello'))];
    },
  ],
  ['an address that is none', () => failure(() => fetch('http://'))],
  ['credentials in the address', () => failure(() => fetch('http://user:word@localhost/'))],
  ['a scheme that is not known', () => failure(() => fetch('nothing:here'))],
  ['a server that is not there', () => failure(() => fetch('http://127.0.0.1:1/'))],
  ['GET with a body', () => failure(() => fetch('/echo', { body: 'no' }))],
  [
    'wrong options',
    () =>
      Promise.all([
        failure(() => fetch('/text', { method: 'a b' })),
        failure(() => fetch('/text', { method: 'CONNECT' })),
        failure(() => fetch('/text', { mode: 'navigate' })),
        failure(() => fetch('/text', JSON.parse('{"mode":"unknown"}'))),
        failure(() => fetch('/text', JSON.parse('{"signal":{}}'))),
        failure(() => fetch('/text', JSON.parse('{"headers":5}'))),
        failure(() => fetch('/text', JSON.parse('5'))),
        failure(() => fetch('/text', { headers: { 'a b': 'c' } })),
        failure(() => fetch('/text', { headers: [['a', 'b\n\0c']] })),
        failure(() => fetch('/text', { cache: 'only-if-cached' })),
        failure(() => fetch('/text', { referrer: 'http://' })),
        failure(() => fetch('/text', { window: JSON.parse('5') })),
      ]),
  ],
  [
    'null and undefined options',
    async () => [
      await answer(Reflect.apply(fetch, window, ['/text', null])),
      await answer(fetch('/text', undefined)),
    ],
  ],
  [
    'each option is read once',
    async () => {
      const read: string[] = [];
      const init = new Proxy(
        { method: 'POST', body: 'text', priority: 'low' },
        {
          get: (target, key) => {
            read.push(String(key));
            return Reflect.get(target, key);
          },
        },
      );
      await fetch('/echo', init as RequestInit);
      return ['method', 'body', 'priority', 'headers', 'signal'].map((key) => [key, read.includes(key)]);
    },
  ],
  [
    'methods are normalised as ever',
    async () => {
      const methods = ['get', 'post', 'patch', 'PATCH', 'put', 'delete', 'options', 'head', 'own'];
      return Promise.all(methods.map((method) => answer(fetch('/echo', { method }))));
    },
  ],
  [
    'headers are normalised',
    () =>
      answer(
        fetch('/echo', {
          headers: [
            ['X-One', ' a '],
            ['x-one', 'b'],
            ['X-Two', ''],
          ],
        }),
      ),
  ],
  [
    'forbidden headers are left out',
    () =>
      answer(
        fetch('/echo', {
          headers: { 'X-One': 'a', Host: 'b', Cookie: 'c', 'Sec-Own': 'd', 'Proxy-Own': 'e' },
        }),
      ),
  ],
  [
    'Accept of its own',
    () => answer(fetch('/echo', { headers: { Accept: 'text/x-own', 'Accept-Language': 'fr' } })),
  ],
  ['POST text', () => post('plain words: ä')],
  ['POST an empty text, and null', async () => [await post(''), await post(null)]],
  ['POST JSON', () => post('{"a":1}', { headers: { 'Content-Type': 'application/json' } })],
  ['POST URLSearchParams', () => post(new URLSearchParams({ a: 'b c', d: 'é' }))],
  ['POST a Blob', () => post(new Blob(['in a blob'], { type: 'text/x-own' }))],
  ['POST a Blob without a type', () => post(new Blob(['in a blob']))],
  [
    'POST a buffer, and a view of it',
    async () => {
      const bytes = new TextEncoder().encode('bytes of it');
      return [await post(bytes.buffer), await post(bytes.subarray(0, 5))];
    },
  ],
  [
    'POST a buffer that changes afterwards',
    async () => {
      const bytes = new TextEncoder().encode('before');
      const sent = post(bytes);
      bytes.fill(65);
      return sent;
    },
  ],
  [
    'POST a form',
    async () => {
      const form = new FormData();
      form.set('name', 'tide table');
      form.set('file', new File(['04:12 high'], 'tides.txt', { type: 'text/plain' }));
      const { body, headers } = await (await fetch('/echo', { method: 'POST', body: form })).json();
      const isForm = String(headers['content-type']).startsWith(
        'multipart/form-data; boundary=----WebKitFormBoundary',
      );
      return [isForm, String(body).replaceAll(/WebKitFormBoundary\w+/g, 'boundary')];
    },
  ],
  [
    'POST a stream',
    () => failure(() => fetch('/echo', { method: 'POST', body: stream(), duplex: 'half' } as RequestInit)),
  ],
  ['POST a stream without duplex', () => failure(() => fetch('/echo', { method: 'POST', body: stream() }))],
  [
    'POST a Request with a stream',
    () =>
      failure(() =>
        fetch(new Request('/echo', { method: 'POST', body: stream(), duplex: 'half' } as RequestInit)),
      ),
  ],
  [
    'PUT a body of a megabyte',
    async () => {
      const response = await fetch('/length', { method: 'PUT', body: new Uint8Array(1_048_576) });
      return response.json();
    },
  ],
  [
    'a Request is used up by its fetch, at once',
    async () => {
      const request = new Request('/echo', { method: 'POST', body: 'once' });
      const before = request.bodyUsed;
      const first = fetch(request);
      const during = request.bodyUsed;
      const again = await failure(() => fetch(request));
      return [
        before,
        during,
        again,
        await answer(first),
        request.bodyUsed,
        await failure(() => request.text()),
      ];
    },
  ],
  [
    'a Request without a body can be used again',
    async () => {
      const request = new Request('/text');
      return [await answer(fetch(request)), await answer(fetch(request)), request.bodyUsed];
    },
  ],
  [
    'a Request whose body is replaced',
    async () => {
      const request = new Request('/echo', { method: 'POST', body: 'first' });
      return [await answer(fetch(request, { body: 'second' })), request.bodyUsed];
    },
  ],
  [
    'a Request whose body was read',
    async () => {
      const request = new Request('/echo', { method: 'POST', body: 'once' });
      await request.text();
      return failure(() => fetch(request));
    },
  ],
  [
    'a Request with a locked body',
    async () => {
      const request = new Request('/echo', { method: 'POST', body: 'once' });
      request.body?.getReader();
      return failure(() => fetch(request));
    },
  ],
  [
    'a Request of a subclass',
    async () => {
      class Own extends Request {}
      return answer(fetch(new Own('/echo', { method: 'PUT', body: 'of its own' })));
    },
  ],
  [
    'options over a Request',
    () => {
      const request = new Request('/echo', { headers: { 'X-One': 'a' }, method: 'PUT', body: 'one' });
      return answer(fetch(request, { method: 'POST', headers: { 'X-Two': 'b' } }));
    },
  ],
  [
    'abort before',
    async () => [
      await failure(() => fetch('/text', { signal: AbortSignal.abort() })),
      await failure(() => fetch('/text', { signal: AbortSignal.abort('own reason') })),
      await failure(() => fetch(new Request('/text', { signal: AbortSignal.abort() }))),
    ],
  ],
  [
    'abort while it waits',
    async () => {
      const controller = new AbortController();
      const asked = fetch('/never', { signal: controller.signal });
      setTimeout(() => controller.abort(), 50);
      return failure(() => asked);
    },
  ],
  [
    'the reason of an abort is the page’s own object',
    async () => {
      const reason = { mine: true };
      const controller = new AbortController();
      const asked = fetch('/never', { signal: controller.signal });
      controller.abort(reason);
      return asked.then(
        () => 'answered',
        (error: unknown) => error === reason,
      );
    },
  ],
  [
    'abort while the body comes',
    async () => {
      const controller = new AbortController();
      const response = await fetch('/hang', { signal: controller.signal });
      const reader = response.body?.getReader();
      const first = await reader?.read();
      controller.abort();
      return [
        first?.value?.length,
        await failure(() => reader?.read()),
        await failure(() => response.clone()),
      ];
    },
  ],
  [
    'abort through a Request',
    async () => {
      const controller = new AbortController();
      const request = new Request('/never', { signal: controller.signal });
      const asked = fetch(request);
      controller.abort('given up');
      return [await failure(() => asked), request.signal.aborted];
    },
  ],
  [
    'abort of a POST leaves its Request used',
    async () => {
      const controller = new AbortController();
      const request = new Request('/never', { method: 'POST', body: 'once', signal: controller.signal });
      const asked = fetch(request);
      controller.abort();
      return [await failure(() => asked), request.bodyUsed];
    },
  ],
  ['a time limit', () => failure(() => fetch('/never', { signal: AbortSignal.timeout(50) }))],
  [
    'abort after the end',
    async () => {
      const controller = new AbortController();
      const response = await fetch('/text', { signal: controller.signal });
      const text = await response.text();
      controller.abort();
      return text;
    },
  ],
  ['a redirect', () => answer(fetch('/redirect?to=/text'))],
  [
    'redirects of a POST, by status',
    async () => {
      const sent = (status: number) =>
        answer(fetch(`/redirect?status=${status}&to=/echo`, { method: 'POST', body: 'moved' }));
      return [await sent(301), await sent(302), await sent(303), await sent(307), await sent(308)];
    },
  ],
  ['redirect: manual', () => answer(fetch('/redirect?to=/text', { redirect: 'manual' }))],
  ['redirect: error', () => failure(() => fetch('/redirect?to=/text', { redirect: 'error' }))],
  ['redirects without end', () => failure(() => fetch('/redirect?to=%2Fredirect'))],
  [
    'a redirect to the other origin',
    () => answer(fetch(`/redirect?to=${encodeURIComponent(other('/cors/text'))}`)),
  ],
  ['CORS: an open answer', () => answer(fetch(other('/cors/text')))],
  ['CORS: a closed one', () => failure(() => fetch(other('/text')))],
  [
    'CORS: simple POST, no preflight',
    () => answer(fetch(other('/cors/echo'), { method: 'POST', body: 'simple' })),
  ],
  [
    'CORS: preflight',
    () =>
      answer(
        fetch(other('/cors/echo'), {
          method: 'PUT',
          body: '{}',
          headers: { 'X-One': 'a', 'Content-Type': 'application/json' },
        }),
      ),
  ],
  ['CORS: preflight refused', () => failure(() => fetch(other('/strict/echo'), { method: 'DELETE' }))],
  ['CORS: with credentials', () => answer(fetch(other('/cors/echo'), { credentials: 'include' }))],
  [
    'CORS: hidden headers',
    async () => {
      const { headers } = await fetch(other('/cors/text'));
      return [headers.get('x-shown'), headers.get('x-hidden'), [...headers.keys()].includes('x-hidden')];
    },
  ],
  ['mode: no-cors', () => answer(fetch(other('/text'), { mode: 'no-cors' }))],
  [
    'mode: no-cors, POST',
    () => answer(fetch(other('/echo'), { mode: 'no-cors', method: 'POST', body: 'blind' })),
  ],
  [
    'mode: same-origin',
    async () => [
      await answer(fetch('/text', { mode: 'same-origin' })),
      await failure(() => fetch(other('/cors/text'), { mode: 'same-origin' })),
    ],
  ],
  [
    'credentials: omit and include',
    async () => {
      const set = await cookieStore.set('session', 'of this site');
      const asked = (credentials: RequestCredentials) => answer(fetch('/echo', { credentials }));
      const found = [set, await asked('omit'), await asked('same-origin'), await asked('include')];
      await cookieStore.delete('session');
      return found;
    },
  ],
  [
    'cookies that an answer sets',
    async () => {
      const response = await fetch('/cookie');
      const found = [response.headers.get('set-cookie'), (await cookieStore.get('given'))?.value];
      await cookieStore.delete('given');
      return found;
    },
  ],
  [
    'referrer',
    async () => [
      await answer(fetch('/echo', { referrer: '/elsewhere' })),
      await answer(fetch('/echo', { referrer: '' })),
      await answer(fetch('/echo', { referrer: 'https://elsewhere.example/' })),
    ],
  ],
  [
    'referrer policy',
    async () => {
      const asked = (referrerPolicy: ReferrerPolicy) =>
        answer(fetch(other('/cors/echo'), { referrerPolicy }));
      return [
        await asked('no-referrer'),
        await asked('origin'),
        await asked('unsafe-url'),
        await asked('same-origin'),
      ];
    },
  ],
  [
    'integrity',
    async () => [
      await answer(fetch('/text', { integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=' })),
      await failure(() =>
        fetch('/text', { integrity: 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=' }),
      ),
    ],
  ],
  [
    'cache modes',
    async () => {
      const asked = async (cache: RequestCache) =>
        (await fetch('/count', { cache, mode: 'same-origin' })).text();
      const first = Number(await asked('default'));
      const modes = [
        'default',
        'force-cache',
        'only-if-cached',
        'no-store',
        'default',
        'reload',
        'no-cache',
        'default',
      ];
      const counts: number[] = [];
      for (const mode of modes as RequestCache[]) counts.push(Number(await asked(mode)) - first);
      return counts;
    },
  ],
  [
    'only-if-cached without a cached answer',
    () => failure(() => fetch('/text?never-seen', { cache: 'only-if-cached', mode: 'same-origin' })),
  ],
  ['keepalive', () => post('to the last', { keepalive: true })],
  ['keepalive: too much of it', () => failure(() => post('x'.repeat(70_000), { keepalive: true }))],
  [
    'priority',
    async () => [
      await answer(fetch('/echo', { priority: 'high' })),
      await answer(fetch('/echo', { priority: 'low', referrer: '' })),
      await answer(fetch(other('/cors/echo'), { priority: 'low', referrerPolicy: 'unsafe-url' })),
      await failure(() => fetch('/echo', JSON.parse('{"priority":"odd"}'))),
    ],
  ],
  [
    'a streamed body arrives piece by piece',
    async () => {
      const response = await fetch('/asked-for');
      const pieces: string[] = [];
      for await (const piece of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        pieces.push(piece);
        await fetch('/next-piece');
      }
      return pieces;
    },
  ],
  [
    'server-sent events',
    async () => {
      const source = new EventSource('/events');
      const heard: unknown[] = [];
      await new Promise((resolve) => {
        source.onmessage = ({ data, lastEventId }) => heard.push([data, lastEventId]);
        source.onerror = resolve;
      });
      source.close();
      return [heard, await answer(fetch('/events', { headers: { Accept: 'text/event-stream' } }))];
    },
  ],
  [
    'a body that breaks off',
    async () => {
      const response = await fetch('/broken');
      return [response.status, await failure(() => response.text())];
    },
  ],
  [
    'a body is read once',
    async () => {
      const response = await fetch('/json');
      const first: unknown = await response.json();
      return [
        first,
        response.bodyUsed,
        await failure(() => response.text()),
        await failure(() => response.clone()),
      ];
    },
  ],
  [
    'a clone',
    async () => {
      const response = await fetch('/json');
      const copy = response.clone();
      return [await response.text(), await copy.text()];
    },
  ],
  [
    'bytes, blob, form',
    async () => {
      const bytes = new Uint8Array(await (await fetch('/bytes')).arrayBuffer());
      const blob = await (await fetch('/bytes')).blob();
      return [
        [...bytes.subarray(0, 3)],
        bytes.length,
        blob.size,
        blob.type,
        await failure(async () => (await fetch('/text')).formData()),
      ];
    },
  ],
  [
    'statuses',
    async () => {
      const statuses = [204, 205, 304, 400, 401, 404, 412, 418, 500, 503];
      return Promise.all(statuses.map((status) => answer(fetch(`/status?is=${status}`))));
    },
  ],
  [
    'a response cannot be changed',
    async () => {
      const response = await fetch('/text');
      return failure(() => response.headers.set('x-own', 'a'));
    },
  ],
  ['402 in plain words', () => answer(fetch('/plain-402'))],
  [
    '402 in plain words, through each option',
    async () => [
      await answer(fetch('/plain-402', { method: 'POST', body: 'text' })),
      await answer(
        fetch('/plain-402', { redirect: 'manual', cache: 'no-store', referrer: '', keepalive: true }),
      ),
      await answer(fetch(new Request('/plain-402', { method: 'PUT', body: 'text' }))),
      await answer(fetch('/plain-402', { method: 'HEAD' })),
    ],
  ],
  [
    '402 in plain words, of the other origin',
    async () => [
      await answer(fetch(other('/cors/plain-402'))),
      await answer(fetch(other('/plain-402'), { mode: 'no-cors' })),
      await failure(() => fetch(other('/plain-402'))),
    ],
  ],
  ['402 of JSON that is no payment', () => answer(fetch('/json-402', { method: 'POST' }))],
  ['402 without a body', () => answer(fetch('/empty-402'))],
  [
    '402 whose body breaks off',
    async () => {
      const response = await fetch('/broken-402', { method: 'POST' });
      return [response.status, await failure(() => response.text())];
    },
  ],
  ['402 behind a redirect', () => answer(fetch('/redirect?to=/plain-402'))],
  [
    '402 and its Request',
    async () => {
      const request = new Request('/plain-402', { method: 'POST', body: 'once' });
      const response = await fetch(request);
      return [request.bodyUsed, response.bodyUsed, await response.text()];
    },
  ],
  [
    '402, given up while its body comes',
    async () => {
      const controller = new AbortController();
      const response = await fetch('/hang-402', { signal: controller.signal });
      setTimeout(() => controller.abort('enough'), 50);
      return [response.status, await failure(() => response.text())];
    },
  ],
  [
    'timings are those of one request',
    async () => {
      performance.clearResourceTimings();
      await (await fetch('/text?timed')).text();
      const timed = () =>
        performance.getEntriesByType('resource').filter(({ name }) => name.includes('timed'));
      do await atRest();
      while (timed().length === 0);
      return timed().map((entry) =>
        entry instanceof PerformanceResourceTiming ? entry.initiatorType : null,
      );
    },
  ],
  [
    'a rejection that nobody handles is told once',
    async () => {
      const told: string[] = [];
      let allTold = (): void => undefined;
      const both = new Promise<void>((resolve) => {
        allTold = resolve;
      });
      const note = (event: PromiseRejectionEvent) => {
        event.preventDefault();
        told.push(String(event.reason));
        if (told.length === 2) allTold();
      };
      addEventListener('unhandledrejection', note);
      void fetch('http://127.0.0.1:1/');
      void fetch('/never', { signal: AbortSignal.abort('nobody listens') });
      await both;
      await atRest();
      removeEventListener('unhandledrejection', note);
      return told;
    },
  ],
];
