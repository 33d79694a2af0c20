import { Hono } from 'hono';
import { staticFiles } from '../../demo-site/server/static-files.ts';
import type { World } from '../../demo-site/world/index.ts';
import { hydratingBundle, type Rendering, rendered, styleHashesOf } from './rendered-paywall.ts';
import { paywallFor, type Shop, startShop, streamingPaywallFor } from './shop.ts';

/** As strict as a publisher's policy may be: no inline script or style, Trusted Types enforced. */
const policyFor = (styles: string): string =>
  [
    `default-src 'none'; script-src 'self'; style-src 'self' ${styles}; connect-src *; img-src blob:; media-src 'self' blob:`,
    "frame-src blob:; require-trusted-types-for 'script'; trusted-types lit-html x402-paywall dompurify",
  ].join('; ');

const FRAGMENT = '<h2>The paid text</h2>';
const DOCUMENT = `<!doctype html><html><head><title>No title</title><style>p{color:red}</style></head>
<body><nav>Not the text</nav><main><h2>The paid text</h2></main></body></html>`;
const MARKDOWN = '# The paid text\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>window.ran = 1</script>';
const TRUSTED = `<h2>The paid text</h2><script src="/ran.js"></script>`;
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** A second of WebM, 16 by 16 pixels. */
const VIDEO =
  'GkXfo59ChoEBQveBAULygQRC84EIQoKEd2VibUKHgQRChYECGFOAZwEAAAAAAAKNEU2bdLlNu4tTq4QVSalmU6yBbk27i1OrhBZUrmtTrIGTTbuLU6uEH0O2dVOsgdRNu4xTq4QcU7trU6yCAnvsrgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAVSalmoCrXsYMPQkBEiYRESfRqTYCGQ2hyb21lV0GGQ2hyb21lFlSua7yuuteBAXPFhza66klg5PKDgQFV7oEBhoVWX1ZQOOCdsIEQuoEQU8CBAVWwkFWxgQFVuYECVbqBDVW7gQEfQ7Z1AQAAAAAAAZvngQCg5KG6gQAAALACAJ0BKhAAEAAAxwiFhYiZhIgFAgJ1qgP4Agz9+wD+++F7/5glfkG7UP/3gL+8Bf3gL/7u8HWhpaaj7oEBpZ4QAgCdASoQABAABIcIhYWImYSIGAIADA1gAP72pQCgyqGqgQDIALEBAAMQQAAYADA/9AwAwgD+/D5V/9E1/RNf0TX/0TXc4HmeHmUQdaGYppbugQGlkbEBABIQ8AAYABhYL/QACAAA+4EAoMyhrIEBkADxAQADEEAAGAc4CDU/8s1A3AD+8/w3/wZg9Pmf/Bnf/l/rc4LX/LjgdaGYppbugQGlkbEBABIRDAAYABhYL/QACAAA+4HIoMuhqoECWACxAQADEEQAGAAwP/QMAMIA/ve0H/nGPzPH5tYT/87EJxWg/85kAHWhmKaW7oEBpZGxAQASESgAGAAYWC/0AAgAAPuCAZCgyaGogQMnALEBAAMQRAAYADA/9AwA7wD++/Bv/8y5rQe9/5l5yoD8PD8N0HWhmKaW7oEBpZGxAQASEUwAGAAYWC/0AAgAAPuCAlgcU7trjbuLs4EAt4b3gQHxgdQ=';
const PDF = '%PDF-1.1\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>';

export const PATHS = [
  'html',
  'document',
  'markdown',
  'json',
  'image',
  'audio',
  'video',
  'text',
  'data',
  'pdf',
  'file',
  'trusted',
  'broken',
] as const;

export type ContentShop = Shop & {
  /** Lets the rest of `/paid/stream` go. */
  finish(): void;
};

/**
 * Sells one thing of every kind for a cent, by the official v2 middleware, on pages with a strict policy.
 *
 * `/page/:kind` takes `attributes`, `inside` (markup in the element) and `rendering` from its query.
 */
export async function startContentShop(world: World): Promise<ContentShop> {
  let finish = (): void => {};
  const app = new Hono();
  const hydrating = await hydratingBundle();
  app.get('/hydrating.js', (c) => c.body(hydrating, 200, { 'Content-Type': 'text/javascript' }));
  app.get('/page/:kind', async (c) => {
    const { attributes = '', inside = '', rendering } = c.req.query();
    const page = await pageFor(
      c.req.param('kind'),
      attributes,
      inside,
      rendering === 'hydrated' ? 'hydrated' : 'client-rendered',
    );
    return c.html(page, 200, { 'Content-Security-Policy': policyFor(styleHashesOf(page)) });
  });
  app.get('/ran.js', (c) => c.body('window.ran = true;', 200, { 'Content-Type': 'text/javascript' }));
  // What a browser uses by itself, said so that axe sees it too.
  app.get('/page.css', (c) =>
    c.body(':root { background: Canvas; color: CanvasText }', 200, { 'Content-Type': 'text/css' }),
  );
  app.get('/open/audio', (c) => rangeOf(c.req.header('range')));
  app.route('/', staticFiles());
  // Who has a subscription is let in before anybody asks for money.
  app.use('/paid/html', (c, next) =>
    c.req.header('cookie')?.includes('member=yes') ? Promise.resolve(c.html(FRAGMENT)) : next(),
  );
  app.use('/paid/stream', await streamingPaywallFor(world, { '/paid/stream': '$0.01' }));
  app.use(await paywallFor(world, Object.fromEntries(PATHS.map((path) => [`/paid/${path}`, '$0.01']))));
  const sell = (
    path: (typeof PATHS)[number],
    type: string,
    body: () => BodyInit,
    more: Record<string, string> = {},
  ) => app.get(`/paid/${path}`, () => new Response(body(), { headers: { 'Content-Type': type, ...more } }));
  sell('html', 'text/html', () => FRAGMENT);
  sell('document', 'text/html; charset=utf-8', () => DOCUMENT);
  sell('markdown', 'text/markdown', () => MARKDOWN);
  sell(
    'json',
    'application/json',
    () => '{"title":"The paid text","rows":[{"n":1},{"n":2}],"html":"<b>no</b>"}',
  );
  sell('image', 'image/png', () => Buffer.from(PIXEL, 'base64'));
  sell('audio', 'audio/wav', () => wave(4));
  sell('video', 'video/webm', () => Buffer.from(VIDEO, 'base64'));
  sell('text', 'text/plain; charset=utf-8', () => 'The paid text, <b>as it is</b>');
  sell('data', 'application/json', () => '{"title":"The paid text"}');
  sell('pdf', 'application/pdf', () => PDF);
  sell('file', 'text/csv', () => 'a,b\n1,2\n', {
    'Content-Disposition': `attachment; filename*=UTF-8''r%C3%A9sum%C3%A9.csv`,
  });
  sell('trusted', 'text/html', () => TRUSTED);
  app.get('/paid/stream', () => {
    const body = slowly('The paid text ', 'and its end', (go) => {
      finish = go;
    });
    return new Response(body, { headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
  });
  app.get('/paid/broken', () => {
    throw new Error('the page failed');
  });
  app.onError((_error, c) => c.text('failed', 500));
  return { ...(await startShop(app)), finish: () => finish() };
}

async function pageFor(
  kind: string,
  attributes: string,
  inside: string,
  rendering: Rendering,
): Promise<string> {
  const [folder, name] = kind.startsWith('open-') ? ['open', kind.slice(5)] : ['paid', kind];
  const template =
    kind === 'json'
      ? '<template><h2>{{ title }}</h2><ul><li data-each="rows">No. {{ n }}</li></ul><p>{{ html }}</p></template>'
      : '';
  const paywall = `<x402-paywall src="/${folder}/${name}" ${attributes}><p>The free part.</p>${template}${inside}</x402-paywall>`;
  const script = rendering === 'hydrated' ? '/hydrating.js' : '/x402-paywall.js';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/page.css"><script type="module" src="${script}"></script></head>
<body><main><h1>Shop</h1>${await rendered(paywall, rendering)}</main></body></html>`;
}

function slowly(first: string, rest: string, onHold: (go: () => void) => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      controller.enqueue(encoder.encode(first));
      onHold(() => {
        controller.enqueue(encoder.encode(rest));
        controller.close();
      });
    },
  });
}

/** So many seconds of silence, 8-bit mono at 8 kHz. */
function wave(seconds: number): Buffer<ArrayBuffer> {
  const data = Buffer.alloc(8000 * seconds, 128);
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + data.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8000, 24);
  head.writeUInt32LE(8000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write('data', 36);
  head.writeUInt32LE(data.length, 40);
  return Buffer.concat([head, data]);
}

function rangeOf(range: string | undefined): Response {
  const all = wave(60);
  const headers = { 'Content-Type': 'audio/wav', 'Accept-Ranges': 'bytes' };
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (from === undefined) return new Response(all, { headers });
  const end = to ? Number(to) : all.length - 1;
  const part = all.subarray(Number(from), end + 1);
  return new Response(part, {
    status: 206,
    headers: { ...headers, 'Content-Range': `bytes ${from}-${end}/${all.length}` },
  });
}
