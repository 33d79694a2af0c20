import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { type Reader, startReader, until } from '../support/reader.ts';
import { page, startTill, type Till } from './support/till.ts';

// A forum that its reader has allowed, and what strangers put on its pages.

let world: World;
let forum: Till;
let stranger: Till;
let reader: Reader;
/** What stands on the forum's page. */
let body: () => string;

beforeAll(async () => {
  world = await startWorld();
  stranger = await startTill(world, (app) =>
    app
      .get('/ad', () => page("<script>for (let i = 0; i < 5; i++) fetch('/paid/ad' + i)</script>"))
      .get('/ad-for-forum', () => page(`<script>fetch('${forum.origin}/paid/theirs').catch(String)</script>`))
      .get('/nested', (c) => page(`<iframe src="${new URL(c.req.url).origin}/ad"></iframe>`)),
  );
  forum = await startTill(world, (app) =>
    app
      .get('/thread', () => page(body()))
      .get(
        '/worker.js',
        () =>
          new Response(`fetch('${stranger.origin}/paid/work', { mode: 'no-cors' })`, {
            headers: { 'Content-Type': 'text/javascript' },
          }),
      ),
  );
});
afterAll(async () => {
  await Promise.all([forum?.stop(), stranger?.stop()]);
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { anySite: false, allowedSites: [forum.origin] } });
});
afterEach(() => reader?.close());

const far = (name: string) => `${stranger.origin}/paid/${name}`;
const paidOut = () => world.transfers({ from: reader.address });

async function dealtWith(count: number) {
  return until(
    () => reader.activity(),
    (items) => items.length >= count && items.every(({ encounter }) => encounter.state !== 'handling'),
    `${count} 402s dealt with`,
  );
}

test.each<[string, () => string, number]>([
  [
    'five pictures in a comment',
    () => [1, 2, 3, 4, 5].map((n) => `<img src="${far(`image${n}`)}">`).join(''),
    5,
  ],
  ['a script', () => `<script src="${far('script')}"></script>`, 1],
  ['a style sheet', () => `<link rel="stylesheet" href="${far('style')}">`, 1],
  [
    'a font',
    () => `<style>@font-face { font-family: f; src: url("${far('font')}") } p { font-family: f }</style><p>x`,
    1,
  ],
  ['a frame', () => `<iframe src="${far('frame')}"></iframe>`, 1],
  ['what a frame’s script fetches', () => `<iframe src="${stranger.origin}/ad"></iframe>`, 5],
  ['what a frame in a frame fetches', () => `<iframe src="${stranger.origin}/nested"></iframe>`, 5],
  ['a fetch of the page itself', () => `<script>fetch('${far('fetch')}')</script>`, 1],
  [
    'an XMLHttpRequest',
    () => `<script>const x = new XMLHttpRequest(); x.open('GET', '${far('xhr')}'); x.send()</script>`,
    1,
  ],
  [
    'a picture in a frame of the page’s own text',
    () => `<iframe srcdoc='<img src="${far('srcdoc')}">'></iframe>`,
    1,
  ],
])(
  'on a site that is allowed, nothing of another origin is paid unasked: %s (audit 2)',
  async (_, has, count) => {
    body = has;
    await reader.page.goto(`${forum.origin}/thread`);
    const items = await dealtWith(count);
    for (const { encounter } of items)
      expect(encounter.verdict).toMatchObject({
        outcome: 'ask',
        reasons: expect.arrayContaining(['other-origin']),
      });
    expect(await paidOut()).toEqual([]);
  },
);

test('a frame of another site has not even the site’s own things paid (audit 2)', async () => {
  body = () => `<iframe src="${stranger.origin}/ad-for-forum"></iframe>`;
  await reader.page.goto(`${forum.origin}/thread`);
  const [item] = await dealtWith(1);
  expect(item?.encounter.verdict).toMatchObject({
    outcome: 'ask',
    reasons: expect.arrayContaining(['other-origin']),
  });
  expect(await paidOut()).toEqual([]);
});

test('a frame without an origin has not even the site’s own things paid', async () => {
  body = () => '<iframe sandbox="allow-scripts" srcdoc=\'<img src="/paid/own">\'></iframe>';
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(1);
  expect(await paidOut()).toEqual([]);
});

test('on a site that is allowed, nothing of another origin is paid unasked that a worker fetches', async () => {
  body = () => "<script>new Worker('/worker.js')</script>";
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(1);
  expect(await paidOut()).toEqual([]);
});

test('under “any site”, nothing of another origin is paid unasked either', async () => {
  await reader.changePolicy({ anySite: true });
  body = () => `<img src="${far('any')}"><script>fetch('${far('fetched')}')</script>`;
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(2);
  expect(await paidOut()).toEqual([]);
});

test('the site’s own things on its pages are paid by themselves', async () => {
  body = () => '<img src="/paid/own"><script>fetch("/paid/data")</script>';
  await reader.page.goto(`${forum.origin}/thread`);
  await until(paidOut, (all) => all.length === 2, 'both are paid');
});

/** The popup's lists of what waits, one for each of whose it is: `count` of them. */
async function waitingLists(count: number) {
  const popup = await reader.popup();
  const lists = popup.locator('form.card').filter({ hasText: 'on this page' });
  await lists.first().waitFor();
  await popup.bringToFront(); // A tab behind others takes no yes.
  expect(await lists.count()).toBe(count);
  return lists;
}

test('the popup lists what waits by whose it is, with a button each, and its tick allows that pair alone (audit 32)', async () => {
  await reader.changePolicy({ allowedSites: [] });
  body = () => `<img src="/paid/own"><img src="${far('one')}"><img src="${far('two')}">`;
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(3);
  const groups = await waitingLists(2);
  expect(await groups.nth(0).innerText()).toContain(new URL(forum.origin).host);
  const strangers = groups.nth(1);
  expect(await strangers.innerText()).toContain(new URL(stranger.origin).host);
  await strangers.locator('button.primary[aria-disabled=false]').waitFor();
  await strangers.getByRole('checkbox').check();
  await strangers.getByRole('button', { name: 'Pay all for 20¢' }).click();
  await until(paidOut, (all) => all.length === 2, 'the two of that origin are paid');
  const paid = await paidOut();
  expect(paid.every(({ to }) => to.toLowerCase() === stranger.account.toLowerCase())).toBe(true);
  const { policy } = await reader.ask('overview', { tabId: null });
  expect(policy.allowedSites).toEqual([]);
  expect(policy.allowedOrigins).toEqual([{ site: forum.origin, origin: stranger.origin }]);
  // The next picture of that origin is paid on this site by itself.
  body = () => `<img src="${far('three')}">`;
  await reader.page.bringToFront();
  await reader.page.goto(`${forum.origin}/thread`);
  await until(paidOut, (all) => all.length === 3, 'the third is paid');
});

test('what an ad frame asks for, though it is the site’s own, has no part in the press that pays for the site’s page (audit 32)', async () => {
  await reader.changePolicy({ allowedSites: [] });
  body = () => `<img src="/paid/own"><iframe src="${stranger.origin}/ad-for-forum"></iframe>`;
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(2);
  const lists = await waitingLists(2);
  await lists.nth(0).locator('button.primary[aria-disabled=false]').waitFor();
  await lists.nth(0).getByRole('button', { name: 'Pay 10¢' }).click();
  await until(paidOut, (all) => all.length === 1, 'the picture is paid');
  const items = await reader.activity();
  const stateOf = (end: string) =>
    items.find(({ encounter }) => encounter.url.endsWith(end))?.encounter.state;
  expect([stateOf('/paid/own'), stateOf('/paid/theirs')]).toEqual(['paid', 'listed']);
});

test('a refusal of what one origin asks for leaves what the others ask for (audit 32)', async () => {
  await reader.changePolicy({ allowedSites: [] });
  body = () => `<img src="/paid/own"><img src="${far('one')}"><img src="${far('two')}">`;
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(3);
  const lists = await waitingLists(2);
  await lists.nth(1).getByRole('button', { name: 'Don’t pay' }).click();
  const overview = await until(
    () => reader.ask('overview', { tabId: reader.tabId }),
    ({ listed }) => listed.length < 3,
    'some are refused',
  );
  expect(overview.listed.map(({ url }) => url)).toEqual([`${forum.origin}/paid/own`]);
  expect(await paidOut()).toEqual([]);
});

test('what waits of one origin and goes over the day together is said so, and paid with the one press (audit 13)', async () => {
  await reader.changePolicy({ dayBudget: '250000' });
  body = () => [1, 2, 3].map((n) => `<img src="${far(`together${n}`)}">`).join('');
  await reader.page.goto(`${forum.origin}/thread`);
  await dealtWith(3);
  const popup = await reader.popup();
  await popup.getByText('All of it: It would go over today’s budget of 25¢.').waitFor();
  await popup.bringToFront();
  await popup.locator('button.primary[aria-disabled=false]').waitFor();
  await popup.getByRole('button', { name: 'Pay all for 30¢' }).click();
  await until(paidOut, (all) => all.length === 3, 'all three are paid');
});

test('a frame of another site that is paid once from the popup asks nothing more', async () => {
  await reader.changePolicy({ allowedSites: [] });
  body = () => `<iframe src="${stranger.origin}/ad-for-forum"></iframe>`;
  await reader.page.goto(`${forum.origin}/thread`);
  const [item] = await dealtWith(1);
  await reader.ask('answerListed', {
    tabId: reader.tabId,
    ids: [item?.encounter.id ?? ''],
    approve: true,
    allowSite: false,
  });
  await until(paidOut, (all) => all.length === 1, 'it is paid');
});
