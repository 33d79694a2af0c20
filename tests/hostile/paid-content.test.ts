import { Hono } from 'hono';
import type { Browser, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { staticFiles } from '../../demo-site/server/static-files.ts';
import { launchWalletBrowser } from '../support/plain-browser.ts';
import { type Shop, startShop } from '../support/shop.ts';

/*
 * A publisher's page, and what a server sends into it: HTML that wants more than its place, and JSON that wants to be
 * more than words. What is bought is drawn like what is open, so nothing is paid here.
 */

/** What a page's own style sheet may well have. */
const CLASSES = `.fixed { position: fixed } .absolute { position: absolute } .inset-0 { inset: 0 } .z-50 { z-index: 50 }
.pull { margin: -300px 0 0 -300px; width: 2000px; height: 2000px; display: block } .bare::part(x) { color: red }`;

let page: Page;
let browser: Browser;
/** The publisher's own server, and another one. */
let own: Shop;
let other: Shop;
let html = '';
let json: unknown = {};
let template = '';

beforeAll(async () => {
  browser = await launchWalletBrowser();
  const sent = () =>
    new Hono()
      .get(
        '/html',
        () => new Response(html, { headers: { ...CORS, 'Content-Type': 'text/html; charset=utf-8' } }),
      )
      .get('/json', () => Response.json(json, { headers: CORS }));
  other = await startShop(sent());
  own = await startShop(
    sent()
      .get('/', (c) => c.html(pageWith(c.req.query('src') ?? '')))
      .route('/', staticFiles()),
  );
});
afterAll(async () => {
  await browser?.close();
  await own?.stop();
  await other?.stop();
});
beforeEach(async () => {
  page = await browser.newPage();
});
afterEach(() => page.close());

const CORS = { 'Access-Control-Allow-Origin': '*' };

function pageWith(src: string): string {
  return `<!doctype html><meta charset="utf-8"><title>A paper</title><style>${CLASSES}</style>
<script type="module" src="/x402-paywall.js"></script><h1>A paper</h1><button>Log out</button>
<x402-paywall src="${src}"><p>The free part.</p><template>${template}<p>{{ words }}</p></template></x402-paywall>`;
}

async function show(server: Shop, path: string): Promise<void> {
  await page.goto(`${own.origin}/?src=${encodeURIComponent(server.origin + path)}`);
  // Attached is enough: what has been kept in its place may have no size left.
  await page.locator('.x402-content').getByText('The text').first().waitFor({ state: 'attached' });
}

/** What a click in the middle of the page's own button, and in a corner of the window, would meet. */
function hits(): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { left, top, width, height } =
      document.querySelector('button')?.getBoundingClientRect() ?? new DOMRect();
    const points = [
      [left + width / 2, top + height / 2],
      [innerWidth - 5, 5],
      [innerWidth - 5, innerHeight - 5],
    ] as const;
    return points.map(([x, y]) => document.elementFromPoint(x, y)?.localName ?? '');
  });
}

describe.each(['the browser’s sanitizer', 'DOMPurify'])('HTML by %s', (by) => {
  beforeEach(async () => {
    if (by === 'DOMPurify') await page.addInitScript(() => Reflect.deleteProperty(window, 'Sanitizer'));
  });

  test.each([
    '<a class="fixed inset-0 z-50" href="https://phish.example/">The text</a>',
    '<div class="absolute inset-0 z-50">The text</div>',
    '<div style="position:fixed;inset:0;z-index:50">The text</div>',
    '<a class="pull" href="https://phish.example/">The text</a>',
    '<p>The text</p><dialog open class="fixed inset-0">Your passphrase, please</dialog>',
    '<p>The text</p><style>x402-paywall, .x402-content { position: fixed; inset: 0; z-index: 50 }</style>',
  ])('of another origin, or of its own, is not drawn over the page (audit 27): %s', async (text) => {
    html = text;
    await show(other, '/html');
    expect(await hits()).toEqual(['button', 'html', 'html']);
    expect(await page.locator('.x402-content [class]').count()).toBe(0);
    await show(own, '/html');
    expect(await hits()).toEqual(['button', 'html', 'html']);
  });

  test('changes nothing that the page has outside of it (audit 27)', async () => {
    html = `<p>The text</p><base href="https://phish.example/" target="_top">
      <meta http-equiv="refresh" content="0;url=https://phish.example/">
      <form action="https://phish.example/" target="_top"><input name="user"><button popovertarget="up">Go</button></form>
      <a id="settings" name="settings" href="#">a</a><img name="cookie" id="getElementById" alt=""><p id="up" popover>up</p>
      <link rel="stylesheet" href="https://phish.example/x.css"><iframe srcdoc="up"></iframe><object data="up"></object>`;
    await show(other, '/html');
    const address = page.url();
    const left = await page.evaluate(() => ({
      base: document.baseURI,
      settings: typeof Reflect.get(window, 'settings'),
      lookUp: typeof document.getElementById,
      cookie: typeof document.cookie,
      rest: document.querySelectorAll(
        '.x402-content :is(base, meta, form, input, button, link, iframe, object, [id], [name], [popover], [target])',
      ).length,
    }));
    expect(left).toEqual({
      base: address,
      settings: 'undefined',
      lookUp: 'function',
      cookie: 'string',
      rest: 0,
    });
    expect(page.url()).toBe(address);
  });

  test('of the page’s own origin keeps the page’s classes, and that of another has none (audit 27)', async () => {
    html = '<p class="lead">The text</p>';
    await show(own, '/html');
    expect(await page.locator('.x402-content .lead').count()).toBe(1);
    await show(other, '/html');
    expect(await page.locator('.x402-content .lead').count()).toBe(0);
  });
});

describe('JSON in a template', () => {
  const RUN = '";globalThis.pwned=true;"';
  const HIDE = 'x{} body{display:none} x';

  test.each([
    ['script', '<script>globalThis.said = "{{ words }}";</script>'],
    ['module script', '<script type="module">globalThis.said = "{{ words }}";</script>'],
    ['script in SVG', '<svg><script>globalThis.said = "{{ words }}";</script></svg>'],
    ['script in a list', '<div data-each="list"><script>globalThis.said = "{{ . }}";</script></div>'],
    ['script that is a list', '<script data-each="list">globalThis.said = "{{ . }}";</script>'],
  ])('never becomes a %s (audit 20)', async (_, markup) => {
    template = markup;
    json = { words: `The text ${RUN}`, list: [RUN] };
    await show(own, '/json');
    expect(await page.evaluate(() => Reflect.get(globalThis, 'pwned'))).toBeUndefined();
    expect(await page.locator('.x402-content > p').innerText()).toBe(`The text ${RUN}`);
  });

  test.each([
    ['style', '<style>.a{} {{ words }} {}</style>'],
    ['style in SVG', '<svg><style>.a{} {{ words }} {}</style></svg>'],
  ])('never becomes a %s (audit 20)', async (_, markup) => {
    template = markup;
    json = { words: `The text ${HIDE}` };
    await page.goto(`${own.origin}/?src=${encodeURIComponent(`${own.origin}/json`)}`);
    await page.locator('.x402-content > p').waitFor({ state: 'attached' });
    expect(await page.evaluate(() => getComputedStyle(document.body).display)).toBe('block');
  });

  test('is left out of what is no text, and the publisher is told where (audit 20)', async () => {
    template = `<textarea>{{ words }}</textarea><noscript>{{ words }}</noscript><template>{{ words }}</template>
      <iframe srcdoc="{{ words }}"></iframe><a href="{{ words }}" onclick="{{ words }}">x</a><b title="fine">{{ words }}</b>`;
    json = { words: 'The text' };
    const advice = page.waitForEvent(
      'console',
      (message) =>
        message.text().includes('never filled') || message.text().includes('nothing is ever filled in'),
    );
    await show(own, '/json');
    expect((await advice).text()).toContain('textarea, noscript, template, iframe srcdoc, a href, a onclick');
    expect(await page.locator('.x402-content textarea').inputValue()).toBe('{{ words }}');
    expect(await page.locator('.x402-content b').innerText()).toBe('The text');
  });
});
