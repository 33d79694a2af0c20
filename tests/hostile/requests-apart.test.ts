import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { ENTRY_V2, termsHeader } from '../support/terms.ts';
import { page } from './support/till.ts';

// Requests that no rule of the browser can tell apart from others: nothing is signed for them.

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const terms = termsHeader([{ ...ENTRY_V2, payTo: world.payee }]);
  shop = await startShop(
    new Hono()
      .get('/', () => page('<h1>The shop</h1>'))
      .get('/with', (c) => page(`<iframe sandbox="allow-scripts" srcdoc='${c.req.query('in')}'></iframe>`))
      .get('/apart', (c) => {
        c.header('Content-Security-Policy', 'sandbox allow-scripts');
        return c.html(`<!doctype html><title>Apart</title>${c.req.query('has')}`);
      })
      .all('/paid/*', (c) =>
        c.text('It costs a cent.', 402, { 'PAYMENT-REQUIRED': terms, 'Access-Control-Allow-Origin': '*' }),
      ),
  );
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  // The reader has agreed to everything that there is to agree to beforehand.
  const allowedSites = [shop.origin];
  reader = await startReader(world, { policy: { anySite: true, allowedSites } });
});
afterEach(() => reader?.close());

const dealtWith = () =>
  until(
    () => reader.activity(),
    (all) => all.length > 0 && all.every(({ encounter }) => encounter.state !== 'handling'),
    'the 402 is dealt with',
  );

/** The reader says yes to whatever is put to them, in a window or in the popup. */
async function agree(): Promise<void> {
  const states = (await dealtWith()).map(({ encounter }) => encounter.state);
  const yes = 'button.primary:not([aria-disabled=true])';
  if (states.includes('asking')) await (await reader.question()).locator(yes).click();
  if (states.includes('listed')) await (await reader.popup()).locator(yes).first().click();
}

/** Nothing was signed, counted or sent, though the reader agrees to all, and they are told why in a code. */
async function expectNothingSigned(): Promise<void> {
  await agree();
  const items = await dealtWith();
  const { payments, spentToday } = await reader.ask('overview', { tabId: null });
  expect({ payments, spentToday }).toEqual({ payments: [], spentToday: '0' });
  for (const { encounter } of items) {
    expect(encounter.sentence).toBe(null);
    expect(encounter.verdict).toEqual({ outcome: 'deny', reason: 'not-attachable' });
  }
  expect(await reader.own().evaluate('chrome.declarativeNetRequest.getSessionRules()')).toEqual([]);
  expect(await world.transfers({ from: reader.address })).toEqual([]);
}

const address = (name: string) => `${shop.origin}/paid/${name}`;

test.each<[string, () => string]>([
  [
    'what the script of a sandboxed frame fetches',
    () => `/with?in=${encodeURIComponent(`<script>fetch("${address('fetch')}")</script>`)}`,
  ],
  [
    'what it asks for by XMLHttpRequest',
    () =>
      `/with?in=${encodeURIComponent(`<script>const x = new XMLHttpRequest(); x.open("GET", "${address('xhr')}"); x.send()</script>`)}`,
  ],
  [
    'the picture in a sandboxed frame',
    () => `/with?in=${encodeURIComponent(`<img src="${address('picture')}">`)}`,
  ],
  [
    'what a page fetches whose own policy has taken its origin away',
    () => `/apart?has=${encodeURIComponent(`<script>fetch("${address('page')}")</script>`)}`,
  ],
])('%s is refused before anything is signed (audit 17)', async (_, path) => {
  await reader.page.goto(shop.origin + path());
  await expectNothingSigned();
});

test('the same, after a press in the sandboxed frame, asks the reader nothing that a yes could not carry out (audit 17)', async () => {
  const press = `<button>Read on</button><script>onclick = () => fetch("${address('pressed')}")</script>`;
  await reader.page.goto(`${shop.origin}/with?in=${encodeURIComponent(press)}`);
  await reader.page.frameLocator('iframe').getByRole('button').click();
  await expectNothingSigned();
});

test.each(['PROPFIND', 'REPORT', 'MKCOL', 'QUERY'])(
  'a request with the method %s, which rules do not know, is refused before anything is signed (audit 24)',
  async (method) => {
    await reader.page.goto(shop.origin);
    const status = reader.page.evaluate(async ([url, method]) => (await fetch(url, { method })).status, [
      address(method),
      method,
    ] as const);
    await expectNothingSigned();
    expect(await status).toBe(402);
  },
);

test('the same by XMLHttpRequest (audit 24)', async () => {
  await reader.page.goto(shop.origin);
  const status = reader.page.evaluate(
    (url) =>
      new Promise<number>((resolve) => {
        const xhr = new XMLHttpRequest();
        xhr.onload = () => resolve(xhr.status);
        xhr.open('PROPFIND', url);
        xhr.send();
      }),
    address('xhr'),
  );
  await expectNothingSigned();
  expect(await status).toBe(402);
});
