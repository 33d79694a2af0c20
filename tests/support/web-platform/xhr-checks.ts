import { atRest, type Check, failure, other } from './check.ts';

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];

type Asked = {
  readonly method?: string;
  readonly url: string;
  readonly body?: XMLHttpRequestBodyInit | Document | null;
  /** After `open`, before `send`. */
  readonly prepare?: (xhr: XMLHttpRequest) => void;
  /** Called for each event, so that a page can do something in the middle. */
  readonly during?: (xhr: XMLHttpRequest, event: Event) => void;
  readonly uploads?: boolean;
  /** The event, with its state, in which it is aborted; it may have no `loadend` after that. */
  readonly abortAt?: string;
};

/** Sends one, with a listener of both sorts for everything, and tells all that was heard and all that came. */
async function request(asked: Asked) {
  const { method = 'GET', url, body = null, prepare, during, uploads = false, abortAt } = asked;
  const xhr = new XMLHttpRequest();
  let abort = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    abort = () => {
      xhr.abort();
      resolve();
    };
  });
  const heard: string[] = [];
  const note = (event: Event) => {
    const counts =
      event instanceof ProgressEvent ? ` ${event.lengthComputable} ${event.loaded}/${event.total}` : '';
    heard.push(`${event.type} ${event.constructor.name} ${xhr.readyState} ${xhr.status}${counts}`);
    during?.(xhr, event);
    if (`${event.type} ${xhr.readyState}` === abortAt) abort();
  };
  for (const name of EVENTS) xhr.addEventListener(name, note);
  xhr.onload = ({ target, currentTarget, bubbles, cancelable }) =>
    heard.push(`onload ${target === xhr} ${currentTarget === xhr} ${bubbles} ${cancelable}`);
  if (uploads)
    for (const name of EVENTS)
      xhr.upload.addEventListener(name, (event) =>
        heard.push(`upload ${event.type} ${(event as ProgressEvent).loaded}`),
      );
  const ended = new Promise((resolve) => xhr.addEventListener('loadend', resolve));
  xhr.open(method, url);
  prepare?.(xhr);
  xhr.send(body);
  heard.push(`sent ${xhr.readyState}`);
  await Promise.race([ended, aborted.then(atRest)]);
  return { heard: collapsed(heard), ...stateOf(xhr) };
}

/** How many pieces a body comes in is the network's affair. */
function collapsed(heard: readonly string[]): string[] {
  const isPiece = (text: string | undefined) =>
    /^(progress|readystatechange \w+ 3|upload progress)/.test(text ?? '');
  return heard.filter((text, at) => !isPiece(text) || text !== heard[at - 2]);
}

function stateOf(xhr: XMLHttpRequest) {
  const { readyState, status, statusText, responseURL, responseType, withCredentials, timeout } = xhr;
  const headers = xhr.getAllResponseHeaders().replace(/^date:.*\r\n/m, '');
  return {
    readyState,
    status,
    statusText,
    responseURL,
    responseType,
    withCredentials,
    timeout,
    headers,
    response: plain(xhr.response),
  };
}

function plain(response: unknown): unknown {
  if (response instanceof ArrayBuffer)
    return { bytes: [...new Uint8Array(response)].slice(0, 4), of: response.byteLength };
  if (response instanceof Blob) return { size: response.size, type: response.type };
  if (response instanceof Document)
    return { text: response.documentElement?.outerHTML, type: response.contentType };
  return response;
}

const kinds = ['', 'text', 'json', 'blob', 'arraybuffer', 'document'] as const;
/** Does something to a request that is on its way, when another one of the page has come in the meantime. */
const onceUnderway = (work: () => void) => void atRest().then(work);
/** How it ended, and not what came before: the beginning of an answer may have come, or not. */
const endOf = async (asked: Asked) => {
  const { heard, ...state } = await request(asked);
  return { heard: heard.slice(-3), ...state };
};

/** `XMLHttpRequest` against a local server: states, events, kinds of answers, and what fails in which way. */
export const xhrChecks: readonly Check[] = [
  ['a text', () => request({ url: '/text' })],
  ['an empty answer', () => request({ url: '/empty' })],
  ['a streamed answer', () => request({ url: '/stream' })],
  ['a URL object, a fragment', () => request({ url: `${new URL('/text#part', location.href)}` })],
  ...kinds.map(
    (kind): Check => [
      `an answer as ${kind || 'default'}`,
      async () => {
        const as = (url: string) =>
          request({
            url,
            prepare: (xhr) => {
              xhr.responseType = kind;
            },
          });
        return [await as('/json'), await as('/xml'), await as('/html'), await as('/bytes')];
      },
    ],
  ),
  [
    'responseXML',
    async () => {
      const found: unknown[] = [];
      for (const url of ['/xml', '/html', '/text'])
        await request({
          url,
          during: (xhr, { type }) =>
            type === 'load' && found.push(xhr.responseXML?.documentElement?.outerHTML ?? null),
        });
      return found;
    },
  ],
  [
    'responseText of another kind',
    () => {
      const xhr = new XMLHttpRequest();
      xhr.responseType = 'blob';
      return failure(() => xhr.responseText);
    },
  ],
  [
    'responseType when it is too late',
    async () => {
      const failures: unknown[] = [];
      await request({
        url: '/text',
        during: (xhr, { type }) => {
          if (type === 'load')
            failures.push(
              failure(() => {
                xhr.responseType = 'json';
              }),
            );
        },
      });
      return Promise.all(failures);
    },
  ],
  [
    'overrideMimeType',
    async () => {
      const asked = (type: string) =>
        request({ url: '/bytes', prepare: (xhr) => xhr.overrideMimeType(type) });
      return [
        await asked('text/plain; charset=x-user-defined'),
        await asked('text/plain; charset=iso-8859-1'),
      ];
    },
  ],
  [
    'POST, each kind of body',
    async () => {
      const form = new URLSearchParams({ a: 'b' });
      const bodies = [
        'text ä',
        '',
        null,
        form,
        new Blob(['blob'], { type: 'text/x-own' }),
        new Uint8Array([65, 66]),
      ];
      const found: unknown[] = [];
      for (const body of bodies)
        found.push(await request({ method: 'POST', url: '/echo', body, uploads: true }));
      return found;
    },
  ],
  [
    'POST a form',
    async () => {
      const form = new FormData();
      form.set('file', new File(['04:12 high'], 'tides.txt'));
      const { response } = await request({ method: 'POST', url: '/echo', body: form });
      return String(response).replaceAll(/WebKitFormBoundary\w+/g, 'boundary');
    },
  ],
  [
    'POST a document',
    () =>
      request({
        method: 'POST',
        url: '/echo',
        body: document.implementation.createDocument(null, 'tides'),
      }),
  ],
  [
    'upload events',
    () => request({ method: 'POST', url: '/length', body: new Uint8Array(300_000), uploads: true }),
  ],
  ['no upload events for a GET', () => request({ url: '/text', uploads: true })],
  [
    'methods and headers are normalised',
    () =>
      request({
        method: 'patch',
        url: '/echo',
        prepare: (xhr) => {
          xhr.setRequestHeader('X-One', ' a ');
          xhr.setRequestHeader('x-one', 'b');
          xhr.setRequestHeader('Cookie', 'forbidden');
        },
      }),
  ],
  ['lower case get', () => request({ method: 'get', url: '/echo' })],
  [
    'response headers, their order and case',
    () => {
      const xhr = new XMLHttpRequest();
      return new Promise((resolve) => {
        xhr.onload = () =>
          resolve([
            xhr
              .getAllResponseHeaders()
              .split('\r\n')
              .map((line) => line.split(':')[0]),
            xhr.getResponseHeader('X-OnE'),
            xhr.getResponseHeader('none'),
            xhr.getResponseHeader('set-cookie'),
          ]);
        xhr.open('GET', '/text');
        xhr.send();
      });
    },
  ],
  ['a redirect', () => request({ url: '/redirect?to=/text' })],
  [
    'statuses',
    () => Promise.all([204, 304, 404, 412, 500].map((status) => request({ url: `/status?is=${status}` }))),
  ],
  [
    'a server that is not there',
    () => request({ url: 'http://127.0.0.1:1/', uploads: true, method: 'POST', body: 'a' }),
  ],
  ['an answer that breaks off', () => request({ url: '/broken' })],
  [
    'a time limit',
    () =>
      request({
        url: '/never',
        prepare: (xhr) => {
          xhr.timeout = 60;
        },
      }),
  ],
  [
    'a time limit set on the way',
    () =>
      request({
        url: '/never',
        during: (xhr, { type }) => {
          if (type === 'loadstart') xhr.timeout = 60;
        },
      }),
  ],
  [
    'a time limit in the body',
    () =>
      request({
        url: '/hang',
        during: (xhr, { type }) => {
          if (type === 'progress') xhr.timeout = 1;
        },
      }),
  ],
  [
    'CORS: open, closed',
    async () => [await request({ url: other('/cors/text') }), await request({ url: other('/text') })],
  ],
  [
    'CORS: a simple POST has no preflight',
    () => request({ method: 'POST', url: other('/strict/echo'), body: 'simple' }),
  ],
  [
    'CORS: upload listeners cause one',
    () => request({ method: 'POST', url: other('/strict/echo'), body: 'simple', uploads: true }),
  ],
  [
    'CORS: touching upload causes none',
    () =>
      request({
        method: 'POST',
        url: other('/strict/echo?touched'),
        body: 'a',
        prepare: (xhr) => void xhr.upload,
      }),
  ],
  [
    'CORS: preflight',
    () =>
      request({
        method: 'PUT',
        url: other('/cors/echo'),
        body: '{}',
        prepare: (xhr) => xhr.setRequestHeader('X-One', 'a'),
      }),
  ],
  [
    'CORS: with credentials',
    () =>
      request({
        url: other('/cors/echo'),
        prepare: (xhr) => {
          xhr.withCredentials = true;
        },
      }),
  ],
  [
    'CORS: a redirect there',
    () => request({ url: `/redirect?to=${encodeURIComponent(other('/cors/text'))}` }),
  ],
  [
    'a user and a password',
    async () => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/echo', true, 'user', 'word');
      const done = new Promise((resolve) => {
        xhr.onloadend = resolve;
      });
      xhr.send();
      await done;
      return xhr.responseText;
    },
  ],
  [
    'synchronous',
    () => {
      const xhr = new XMLHttpRequest();
      const heard: string[] = [];
      for (const name of EVENTS)
        xhr.addEventListener(name, ({ type }) => heard.push(`${type} ${xhr.readyState}`));
      xhr.open('POST', '/echo', false);
      xhr.send('in one go');
      return { heard, ...stateOf(xhr) };
    },
  ],
  [
    'synchronous, plain 402',
    () => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/plain-402', false);
      xhr.send();
      return stateOf(xhr);
    },
  ],
  [
    'synchronous, what is forbidden',
    () => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/text', false);
      return Promise.all([
        failure(() => {
          xhr.responseType = 'json';
        }),
        failure(() => {
          xhr.timeout = 5;
        }),
        failure(() => {
          new XMLHttpRequest().open('GET', 'http://127.0.0.1:1/', false);
        }),
      ]);
    },
  ],
  [
    'synchronous, undefined is not false',
    async () => {
      const xhr = new XMLHttpRequest();
      Reflect.apply(xhr.open, xhr, ['GET', '/text', undefined]);
      xhr.send();
      return [xhr.readyState, xhr.status];
    },
  ],
  [
    'synchronous, a falsy value',
    () => {
      const xhr = new XMLHttpRequest();
      Reflect.apply(xhr.open, xhr, ['GET', '/plain-402', 0]);
      xhr.send();
      return [xhr.readyState, xhr.status];
    },
  ],
  ...(
    [
      'readystatechange 1',
      'loadstart 1',
      'readystatechange 2',
      'readystatechange 3',
      'readystatechange 4',
      'load 4',
    ] as const
  ).map(
    (when): Check => [
      `abort at ${when}`,
      () =>
        request({
          url: when.endsWith('1') ? '/never' : '/stream',
          // At the first, it is not sent yet.
          ...(when === 'readystatechange 1'
            ? { prepare: (xhr) => setTimeout(() => xhr.abort()) }
            : { abortAt: when }),
        }),
    ],
  ),
  [
    'abort before send, and after the end',
    async () => {
      const xhr = new XMLHttpRequest();
      const heard: string[] = [];
      for (const name of EVENTS)
        xhr.addEventListener(name, ({ type }) => heard.push(`${type} ${xhr.readyState}`));
      xhr.open('GET', '/text');
      xhr.abort();
      heard.push(`opened ${xhr.readyState}`);
      xhr.open('GET', '/text');
      const done = new Promise((resolve) => {
        xhr.onloadend = resolve;
      });
      xhr.send();
      await done;
      xhr.abort();
      return { heard, ...stateOf(xhr) };
    },
  ],
  [
    'abort of an upload',
    () =>
      request({
        method: 'POST',
        url: '/never',
        body: 'text',
        uploads: true,
        // As soon as it is sent: after a time, the server may have had it or not.
        prepare: (xhr) => queueMicrotask(() => xhr.abort()),
      }),
  ],
  [
    'abort after an upload',
    () =>
      request({
        method: 'POST',
        url: '/never',
        body: 'text',
        uploads: true,
        prepare: (xhr) => xhr.upload.addEventListener('loadend', () => xhr.abort(), { once: true }),
      }),
  ],
  [
    'opened anew on the way',
    async () => {
      const xhr = new XMLHttpRequest();
      const heard: string[] = [];
      for (const name of EVENTS)
        xhr.addEventListener(name, ({ type }) => heard.push(`${type} ${xhr.readyState} ${xhr.status}`));
      const done = new Promise((resolve) => {
        xhr.onload = resolve;
      });
      xhr.open('GET', '/never');
      xhr.send();
      xhr.open('GET', '/text');
      xhr.send();
      await done;
      return { heard: collapsed(heard), ...stateOf(xhr) };
    },
  ],
  ...(['readystatechange 2', 'readystatechange 3', 'readystatechange 4', 'load 4', 'loadend 4'] as const).map(
    (when): Check => [
      `opened anew at ${when}`,
      async () => {
        const found: string[] = [];
        for (const url of ['/text', '/plain-402']) {
          const xhr = new XMLHttpRequest();
          let isSecond = false;
          const note = ({ type }: Event) => {
            if (isSecond) found.push(`${type} ${xhr.readyState} ${xhr.status}`);
            if (isSecond || `${type} ${xhr.readyState}` !== when) return;
            isSecond = true;
            xhr.open('GET', '/json');
            found.push(`opened ${xhr.readyState} ${xhr.status}`);
            xhr.send();
          };
          for (const name of EVENTS) xhr.addEventListener(name, note);
          const done = new Promise((resolve) =>
            xhr.addEventListener(
              'loadend',
              () => isSecond && xhr.readyState === 4 && xhr.responseURL.endsWith('/json') && resolve(null),
            ),
          );
          xhr.open('GET', url);
          xhr.send();
          await done;
          await atRest();
          found.push(xhr.responseText.slice(-15));
        }
        // What is left of the first request differs from run to run; how the second one goes does not.
        return found.filter((text) => /^opened|^(?!progress).*4 200$|\}$/.test(text));
      },
    ],
  ),
  [
    'one object, three requests',
    async () => {
      const xhr = new XMLHttpRequest();
      const found: unknown[] = [];
      for (const url of ['/text', '/plain-402', '/json']) {
        const done = new Promise((resolve) => {
          xhr.onloadend = resolve;
        });
        xhr.open('GET', url);
        xhr.send();
        await done;
        found.push(stateOf(xhr));
      }
      return found;
    },
  ],
  [
    'sent twice',
    async () => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', '/never');
      xhr.send();
      const found = [
        await failure(() => xhr.send()),
        await failure(() => xhr.setRequestHeader('a', 'b')),
        await failure(() => {
          xhr.withCredentials = true;
        }),
      ];
      xhr.abort();
      return found;
    },
  ],
  [
    'listeners: once, objects, removed, in order',
    async () => {
      const xhr = new XMLHttpRequest();
      const heard: string[] = [];
      const removed = () => heard.push('removed');
      const object = { handleEvent: ({ type }: Event) => heard.push(`object ${type}`) };
      xhr.addEventListener('load', () => heard.push('once'), { once: true });
      xhr.addEventListener('load', object);
      xhr.addEventListener('load', removed);
      xhr.onload = function (this: unknown) {
        heard.push(`onload ${this === xhr}`);
      };
      xhr.addEventListener('load', () => heard.push('captured'), true);
      xhr.removeEventListener('load', removed);
      xhr.addEventListener('load', (event) => {
        heard.push('stops');
        event.stopImmediatePropagation();
      });
      xhr.addEventListener('load', () => heard.push('never'));
      for (const url of ['/text', '/plain-402']) {
        const done = new Promise((resolve) => {
          xhr.onloadend = resolve;
        });
        xhr.open('GET', url);
        xhr.send();
        await done;
      }
      return heard;
    },
  ],
  [
    'events of the page’s own',
    () => {
      const xhr = new XMLHttpRequest();
      const heard: unknown[] = [];
      for (const name of [...EVENTS, 'own'])
        xhr.addEventListener(name, ({ type, isTrusted }) => heard.push([type, isTrusted]));
      xhr.upload.addEventListener('progress', ({ type }) => heard.push(['upload', type]));
      for (const name of [...EVENTS, 'own']) xhr.dispatchEvent(new Event(name));
      xhr.upload.dispatchEvent(new ProgressEvent('progress'));
      return heard;
    },
  ],
  ['402 in plain words', () => request({ url: '/plain-402' })],
  [
    '402 in plain words, POST with upload events',
    () => request({ method: 'POST', url: '/plain-402', body: 'text', uploads: true }),
  ],
  [
    '402, each kind of answer',
    async () => {
      const found: unknown[] = [];
      for (const kind of kinds)
        found.push(
          await request({
            url: '/json-402',
            prepare: (xhr) => {
              xhr.responseType = kind;
            },
          }),
        );
      return found;
    },
  ],
  ['402 without a body', () => request({ url: '/empty-402' })],
  ['402 behind a redirect', () => request({ url: '/redirect?to=/plain-402' })],
  [
    '402 of the other origin',
    async () => [
      await request({ url: other('/cors/plain-402') }),
      await request({ url: other('/plain-402') }),
    ],
  ],
  ['402 whose body breaks off', () => request({ url: '/broken-402' })],
  [
    '402, a time limit in its body',
    () =>
      endOf({
        url: '/hang-402',
        prepare: (xhr) =>
          onceUnderway(() => {
            xhr.timeout = 1;
          }),
      }),
  ],
  ...(['readystatechange 2', 'readystatechange 3', 'readystatechange 4', 'load 4'] as const).map(
    (when): Check => [`402, abort at ${when}`, () => request({ url: '/plain-402', abortAt: when })],
  ),
  [
    '402, abort from outside while its body comes',
    () => endOf({ url: '/hang-402', prepare: (xhr) => onceUnderway(() => xhr.abort()) }),
  ],
];
