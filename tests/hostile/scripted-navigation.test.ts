import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import type { Shop } from '../support/shop.ts';
import { page, startTill, type Till } from './support/till.ts';

// "On any site" pays where the reader goes. It does not pay where a page sends them.

let world: World;
let mallory: Till[];
let start: Shop;
let reader: Reader;
/** What the page that the reader opens does; `next` is the address of something that costs 10¢, of another host. */
let body: (next: string) => string;

beforeAll(async () => {
  world = await startWorld();
  mallory = await Promise.all([startTill(world, withFreePage), startTill(world), startTill(world)]);
  start = await startTill(world, (app) => app.get('/start', () => page(body(paid(0)))));
});
afterAll(async () => {
  await Promise.all([start, ...(mallory ?? [])].map((till) => till?.stop()));
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const paid = (host: number) => `${mallory[host]?.origin}/paid/thing`;
const paidOut = () => world.transfers({ from: reader.address });

/** A page for nothing, whose script fetches ten things at 10¢. */
const withFreePage: Parameters<typeof startTill>[1] = (app) =>
  app.get('/free', () => page("<script>for (let i = 0; i < 10; i++) fetch('/paid/' + i)</script>"));

/** Opens a page that may have gone elsewhere before it is loaded. */
const openStart = () => reader.page.goto(`${start.origin}/start`).catch(() => null);

/** Waits until the newest 402 of the tab is dealt with, and says how. */
async function whatCame(): Promise<string | undefined> {
  const items = await until(
    () => reader.activity(),
    (all) => all.length > 0 && all.every(({ encounter: { state } }) => state !== 'handling'),
    'a 402 that is dealt with',
  );
  const { state, verdict } = items[0]?.encounter ?? {};
  return `${state} ${verdict?.outcome === 'ask' ? verdict.reasons.join(' ') : verdict?.reason}`;
}

test.each<[string, (next: string) => string]>([
  [
    'location.href after a moment',
    (next) => `<script>setTimeout(() => { location.href = '${next}' }, 300)</script>`,
  ],
  ['location.replace at once', (next) => `<script>location.replace('${next}')</script>`],
  ['a refresh in the markup', (next) => `<meta http-equiv="refresh" content="0;url=${next}">`],
  [
    'a link that a script clicks',
    (next) => `<a id="a" href="${next}">x</a><script>setTimeout(() => a.click(), 300)</script>`,
  ],
  [
    'a form that a script sends',
    (next) =>
      `<form id="f" action="${next}"></form><script>setTimeout(() => f.requestSubmit(), 300)</script>`,
  ],
])(
  'on any site, a page that sends its reader on by %s gets nothing without a question (audit 12)',
  async (_, does) => {
    body = does;
    await openStart();
    expect(await whatCame()).toMatch(/^(asking|listed) unprompted$/);
    expect(await paidOut()).toEqual([]);
  },
);

test('on any site, a free page that its reader was sent to has nothing paid that it fetches', async () => {
  body = () => `<script>setTimeout(() => { location.href = '${mallory[0]?.origin}/free' }, 300)</script>`;
  await openStart();
  await until(
    () => reader.activity(),
    (items) => items.length === 10 && items.every(({ encounter }) => encounter.state !== 'handling'),
    'ten 402s dealt with',
  );
  expect(await paidOut()).toEqual([]);
});

test('on any site, three hosts that send their reader round get nothing (audit 12)', async () => {
  const next = (host: number) => `${mallory[host]?.origin}/paid/${Math.random()}`;
  for (const host of [1, 2]) {
    body = () => `<script>setTimeout(() => { location.href = '${next(host)}' }, 300)</script>`;
    await openStart();
    await until(
      () => reader.activity(),
      (items) =>
        items.filter(({ encounter }) => encounter.url.startsWith(`${mallory[host]?.origin}/`)).length > 0,
      'the 402 of that host',
    );
  }
  await until(
    () => reader.activity(),
    (items) => items.every(({ encounter }) => encounter.state !== 'handling'),
    'all of it dealt with',
  );
  expect(await paidOut()).toEqual([]);
});

test.each<[string, (next: string) => string, string]>([
  ['a link', (next) => `<a id="press" href="${next}">Read it</a>`, 'same'],
  ['a link that opens a tab', (next) => `<a id="press" href="${next}" target="_blank">Read it</a>`, 'new'],
  [
    'a button whose script goes there',
    (next) => `<button id="press" onclick="location.href='${next}'">Read it</button>`,
    'same',
  ],
  [
    'a button whose script opens a tab',
    (next) => `<button id="press" onclick="window.open('${next}')">Read it</button>`,
    'new',
  ],
  [
    'the button of a form',
    (next) => `<form action="${next}"><button id="press">Read it</button></form>`,
    'same',
  ],
])('on any site, the reader’s own press on %s pays by itself', async (_, has, where) => {
  body = has;
  await reader.page.goto(`${start.origin}/start`);
  const [shown] = await Promise.all([
    where === 'new' ? reader.context.waitForEvent('page') : reader.page,
    reader.page.click('#press'),
  ]);
  await shown.getByText('the content of').waitFor();
  await until(paidOut, (all) => all.length === 1, 'one payment');
});

test('on any site, the reader’s own press counts although the background had stopped', async () => {
  body = (next) => `<a id="press" href="${next}">Read it</a>`;
  await reader.page.goto(`${start.origin}/start`);
  await reader.stopBackground();
  await reader.page.click('#press');
  await reader.page.getByText('the content of').waitFor();
  await until(paidOut, (all) => all.length === 1, 'one payment');
});
