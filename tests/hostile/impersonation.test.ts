import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { pennyPost } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';

// Pages that pose as the extension, or want to reach its own parts.

let world: World;
let publication: Publication;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
});
afterAll(async () => {
  await publication?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

/** A script that hushes the extension's provider and announces one of its own, which keeps what it is called with. */
const IMPOSTOR = `
  window.calls = [];
  const mine = { info: { uuid: 'impostor', name: 'Tuppence', rdns: 'org.tuppence', icon: '' } };
  const answer = (status) => async (...args) => {
    calls.push(JSON.stringify(args));
    return status === 200 ? new Response('A lie') : realFetch(args[0]);
  };
  const realFetch = (url) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('GET', url, false);
    request.send();
    const required = request.getResponseHeader('PAYMENT-REQUIRED');
    resolve(new Response('', { status: 402, headers: { 'PAYMENT-REQUIRED': required } }));
  });
  mine.provider = { quote: answer(402), fetch: answer(200) };
  addEventListener('x402:announceProvider', (event) => {
    if (event.detail !== mine) event.stopImmediatePropagation();
  }, true);
  addEventListener('x402:requestProvider', () =>
    dispatchEvent(new CustomEvent('x402:announceProvider', { detail: mine })));
`;

test('a page that poses as the extension before the paywall element has nothing signed (held in the audit)', async () => {
  await reader.page.addInitScript(IMPOSTOR);
  await reader.page.goto(publication.origin + pennyPost.path);
  await reader.page.getByRole('button', { name: 'Read on for 2¢' }).click();
  await reader.page.getByText('A lie').waitFor(); // To its own reader, about its own content.
  const calls = await reader.page.evaluate<readonly string[]>('calls');
  expect(calls.length).toBeGreaterThan(0);
  expect(calls.join(' ')).not.toMatch(/signature|authorization|0x[0-9a-f]{40}/i);
  expect(publication.requests().filter(({ headers }) => headers['payment-signature'])).toEqual([]);
  expect((await reader.ask('overview', { tabId: null })).payments).toEqual([]);
  await expectPaid(world, reader, []);
});

test('a page can neither frame nor open the question, the popup and the options, nor read a file of them (held in the audit)', async () => {
  await reader.page.goto(publication.origin);
  const urls = ['consent.html', 'popup.html', 'options.html', 'welcome.html'].map(reader.extensionUrl);
  const seen = await reader.page.evaluate(async (addresses) => {
    const framed = addresses.map(async (src) => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      frame.src = src;
      await loaded;
      return frame.contentDocument === null ? 'another document' : 'none';
    });
    const read = addresses.map((url) => fetch(url).then(String, ({ name }) => String(name)));
    return { framed: await Promise.all(framed), read: await Promise.all(read) };
  }, urls);
  expect(seen.read).toEqual(urls.map(() => 'TypeError'));
  // What stands in the frames is the browser's own page of an error: none of the extension's has come about.
  const frames = reader.page.frames().slice(1);
  expect(frames.map((frame) => frame.url())).toEqual(urls.map(() => 'chrome-error://chromewebdata/'));
});

test('a page that knows the extension’s id can send it no message (held in the audit)', async () => {
  await reader.page.goto(publication.origin);
  const id = new URL(reader.extensionUrl('popup.html')).host;
  const outcome = await reader.page.evaluate(async (extension) => {
    const { chrome } = window as typeof window & {
      chrome?: { runtime?: { sendMessage(to: string, message: object): Promise<unknown> } };
    };
    if (chrome?.runtime === undefined) return 'there is nobody to say it to';
    return chrome.runtime.sendMessage(extension, { kind: 'setPolicy', input: {} }).then(
      () => 'it was taken',
      () => 'nobody took it',
    );
  }, id);
  expect(outcome).toMatch(/^(there is nobody to say it to|nobody took it)$/);
  expect((await reader.ask('overview', { tabId: null })).policy.autoPay).toBe('100000');
});
