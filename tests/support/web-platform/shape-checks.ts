import { type Check, failure, functionShape, shapeOf } from './check.ts';

const { prototype } = XMLHttpRequest;
/** Calls what TypeScript would not let be called like that. */
const call = (target: unknown, self: unknown, ...args: unknown[]) =>
  Reflect.apply(target as () => unknown, self, args);

/** How the functions themselves look: what feature detection, polyfills and bot checks read. */
export const shapeChecks: readonly Check[] = [
  ['window.fetch: its property', () => shapeOf(window, 'fetch')],
  ['window.XMLHttpRequest: its property', () => shapeOf(window, 'XMLHttpRequest')],
  [
    'fetch: its own properties',
    () => Reflect.ownKeys(fetch).map((key) => [String(key), shapeOf(fetch, key)]),
  ],
  ['fetch has no prototype', () => ['prototype' in fetch, Object.hasOwn(fetch, 'prototype')]],
  ['fetch is no constructor', () => failure(() => Reflect.construct(fetch, ['/text']))],
  ['fetch: toString is the one of functions', () => fetch.toString === Function.prototype.toString],
  [
    'fetch is fetch',
    () => [fetch === window.fetch, fetch === self.fetch, Object.is(fetch, globalThis.fetch)],
  ],
  ['fetch: typeof, tag', () => [typeof fetch, Object.prototype.toString.call(fetch)]],
  ['fetch cannot be cloned', () => failure(() => structuredClone(fetch))],
  ['fetch without arguments', () => failure(() => call(fetch, window))],
  ['fetch of another object', () => failure(() => call(fetch, {}, '/text'))],
  ['fetch of undefined', async () => ((await call(fetch, undefined, '/text')) as Response).status],
  ['fetch bound', async () => (await fetch.bind(window)('/text')).status],
  [
    'fetch gives a promise of this page',
    () => {
      const promise = fetch('/text');
      return [promise instanceof Promise, promise.constructor === Promise, Reflect.ownKeys(promise).length];
    },
  ],
  [
    'fetch never throws, it rejects',
    () => {
      const promise = fetch('http://');
      return failure(() => promise);
    },
  ],
  [
    'XMLHttpRequest: its own properties',
    () => Reflect.ownKeys(XMLHttpRequest).map((key) => [String(key), shapeOf(XMLHttpRequest, key)]),
  ],
  [
    'XMLHttpRequest.prototype: its own properties, in order',
    () => Reflect.ownKeys(prototype).map((key) => [String(key), shapeOf(prototype, key)]),
  ],
  ['XMLHttpRequest.prototype.constructor', () => prototype.constructor === XMLHttpRequest],
  [
    'XMLHttpRequest: its line of parents',
    () => {
      const names: string[] = [];
      for (let at = Object.getPrototypeOf(XMLHttpRequest); at !== null; at = Object.getPrototypeOf(at))
        names.push(at.name ?? typeof at);
      return names;
    },
  ],
  ['XMLHttpRequest without new', () => failure(() => call(XMLHttpRequest, undefined))],
  [
    'an XHR is one',
    () => {
      const xhr = new XMLHttpRequest();
      return [
        xhr instanceof XMLHttpRequest,
        xhr instanceof XMLHttpRequestEventTarget,
        xhr.constructor === XMLHttpRequest,
        Object.prototype.toString.call(xhr),
        Object.getPrototypeOf(xhr) === prototype,
        Reflect.ownKeys(xhr).map(String),
        JSON.stringify(xhr),
        Object.keys(xhr),
      ];
    },
  ],
  [
    'an XHR: for … in',
    () => {
      const names: string[] = [];
      for (const name in new XMLHttpRequest()) names.push(name);
      return names;
    },
  ],
  [
    'an XHR as it begins',
    () => {
      const { readyState, status, statusText, response, responseText, responseURL, timeout, responseType } =
        new XMLHttpRequest();
      return { readyState, status, statusText, response, responseText, responseURL, timeout, responseType };
    },
  ],
  [
    'XHR methods and getters of another object',
    async () =>
      Promise.all([
        failure(() => call(prototype.open, {}, 'GET', '/text')),
        failure(() => call(prototype.send, {})),
        failure(() => call(prototype.abort, undefined)),
        failure(() => call(prototype.setRequestHeader, null, 'a', 'b')),
        failure(() => Reflect.get(prototype, 'readyState', {})),
        failure(() => Reflect.get(prototype, 'upload', {})),
      ]),
  ],
  [
    'XHR methods with wrong arguments',
    async () => {
      const xhr = new XMLHttpRequest();
      return Promise.all([
        failure(() => call(xhr.open, xhr)),
        failure(() => call(xhr.open, xhr, 'GET')),
        failure(() => xhr.open('TRACE', '/text')),
        failure(() => xhr.open('a b', '/text')),
        failure(() => xhr.open('GET', 'http://')),
        failure(() => xhr.send()),
        failure(() => xhr.setRequestHeader('a', 'b')),
        failure(() => xhr.abort()),
        failure(() => call(xhr.open, xhr, Symbol('no'), '/text')),
      ]);
    },
  ],
  [
    'XHR methods return nothing',
    () => {
      const xhr = new XMLHttpRequest();
      const opened = call(xhr.open, xhr, 'GET', '/never');
      return [
        opened,
        call(xhr.setRequestHeader, xhr, 'a', 'b'),
        call(xhr.send, xhr),
        call(xhr.abort, xhr),
      ].map((value) => value === undefined);
    },
  ],
  [
    'an XHR subclass',
    async () => {
      class Own extends XMLHttpRequest {
        readonly said: string[] = [];
        override open(method: string, url: string | URL) {
          this.said.push(method);
          super.open(method, url);
        }
      }
      const xhr = new Own();
      const done = new Promise((resolve) => xhr.addEventListener('loadend', resolve));
      xhr.open('GET', '/text');
      xhr.send();
      await done;
      return [
        xhr.said,
        xhr.status,
        xhr instanceof Own,
        xhr.constructor === Own,
        Object.getPrototypeOf(Own) === XMLHttpRequest,
      ];
    },
  ],
  [
    'an XHR by Reflect.construct',
    () => {
      const Other = class {};
      const made: unknown = Reflect.construct(XMLHttpRequest, [], Other);
      return [
        made instanceof Other,
        made instanceof XMLHttpRequest,
        Reflect.get(prototype, 'readyState', made),
      ];
    },
  ],
  [
    'conversion of arguments happens once',
    async () => {
      const asked: string[] = [];
      const text = (name: string, value: string) => ({ toString: () => (asked.push(name) > 0 ? value : '') });
      await call(fetch, window, text('input', '/text'));
      const xhr = new XMLHttpRequest();
      call(xhr.open, xhr, text('method', 'get'), text('url', '/text'));
      call(xhr.setRequestHeader, xhr, text('header', 'a'), text('value', 'b'));
      return asked.sort();
    },
  ],
  [
    'what a page puts in their place stays there',
    async () => {
      const { fetch: before, XMLHttpRequest: Before } = window;
      const calls: unknown[] = [];
      window.fetch = (...args) => {
        calls.push(args[0]);
        return before(...args);
      };
      window.XMLHttpRequest = class extends Before {
        constructor() {
          super();
          calls.push('xhr');
        }
      };
      const { status } = await window.fetch('/text');
      const isBefore = new window.XMLHttpRequest() instanceof Before;
      Object.assign(window, { fetch: before, XMLHttpRequest: Before });
      return { calls, status, isBefore };
    },
  ],
  [
    'a page that patches the prototype',
    async () => {
      const { send } = prototype;
      const seen: unknown[] = [];
      prototype.send = function (...args) {
        seen.push(args);
        return send.apply(this, args);
      };
      const xhr = new XMLHttpRequest();
      const done = new Promise((resolve) => xhr.addEventListener('loadend', resolve));
      xhr.open('GET', '/text');
      xhr.send();
      await done;
      prototype.send = send;
      return { seen, status: xhr.status };
    },
  ],
  [
    'a page that deletes its own method',
    () => {
      const { abort } = prototype;
      const gone = Reflect.deleteProperty(prototype, 'abort');
      const after = 'abort' in prototype;
      prototype.abort = abort;
      return { gone, after };
    },
  ],
  [
    'a frame’s functions are its own',
    () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inner = frame.contentWindow as (Window & typeof globalThis) | null;
      const found = [
        functionShape(inner?.fetch),
        inner?.fetch === fetch,
        inner?.XMLHttpRequest === XMLHttpRequest,
        inner !== null && new inner.XMLHttpRequest() instanceof XMLHttpRequest,
      ];
      frame.remove();
      return found;
    },
  ],
  [
    'a frame that is gone',
    async () => {
      const frame = document.createElement('iframe');
      document.body.append(frame);
      const inner = frame.contentWindow as (Window & typeof globalThis) | null;
      const innerFetch = inner?.fetch;
      frame.remove();
      const result = await Promise.race([
        failure(() => call(innerFetch, undefined, '/never')),
        new Promise((resolve) => setTimeout(resolve, 500, 'never')),
      ]);
      return result;
    },
  ],
  ['names on window', () => Object.getOwnPropertyNames(window).sort()],
];
