import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, LIMITS, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/** A tenth of a cent, for the page and for each of its parts: 39 pictures and a style sheet. */
const EACH = 1_000n;
const PICTURES = Array.from({ length: 39 }, (_, at) => `/zone/${at}.svg`);
const PARTS = PICTURES.length + 1;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const images = PICTURES.map((src) => `<img src="${src}" alt="">`).join('');
  const page = `<!doctype html><title>A zone</title><link rel="stylesheet" href="/zone/style.css"><h1>The page</h1>${images}`;
  const picture = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
  shop = await startShop(
    new Hono()
      .use(await paywallFor(world, { '/zone/*': '$0.001' }))
      .get('/zone/page', (c) => c.html(page))
      .get('/zone/style.css', (c) =>
        c.body('h1 { color: rgb(1, 2, 3) }', 200, { 'Content-Type': 'text/css' }),
      )
      .get('/zone/:picture', (c) => c.body(picture, 200, { 'Content-Type': 'image/svg+xml' })),
  );
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const paid = () => world.transfers({ from: reader.address });
const all = (count: number) => Array.from({ length: count }, () => EACH);
const listed = async () => (await reader.ask('overview', { tabId: reader.tabId })).listedCount;
/** How much of the page is there: its pictures, and the colour of its style sheet. */
const there = () =>
  reader.page.evaluate(() => {
    const pictures = [...document.images].filter(
      ({ complete, naturalWidth }) => complete && naturalWidth > 0,
    );
    const heading = document.querySelector('h1');
    const isStyled = heading !== null && getComputedStyle(heading).color === 'rgb(1, 2, 3)';
    return pictures.length + Number(isStyled);
  });
const isComplete = () => until(there, (count) => count === PARTS, 'the page is complete', 60_000);

describe('C14: a site that prices each of its files', () => {
  test('and is allowed gives a whole page: its parts are no payments of the minute', async () => {
    await reader.changePolicy({ ...LIMITS, anySite: false, allowedSites: [shop.origin], perMinute: 2 });
    await reader.page.goto(`${shop.origin}/zone/page`);
    await isComplete();
    await reader.settled(PARTS + 1);
    await expectPaid(world, reader, all(PARTS + 1));
    expect(await listed()).toBe(0);
  });

  test('is one decision in the window: with its tick the whole page comes', async () => {
    await reader.changePolicy({ ...LIMITS, anySite: false });
    await reader.page.goto(`${shop.origin}/zone/page`);
    const question = await reader.question();
    await question.getByRole('checkbox').check();
    await question.getByRole('button', { name: 'Pay 0.1¢' }).click();
    await reader.page.bringToFront();
    await isComplete();
    await reader.settled(PARTS + 1);
    await expectPaid(world, reader, all(PARTS + 1));
  });

  test('is one decision in the popup, which says that the site prices each file', async () => {
    await reader.changePolicy({ ...LIMITS, anySite: false });
    await reader.page.goto(`${shop.origin}/zone/page`);
    await (await reader.question()).getByRole('button', { name: 'Pay 0.1¢' }).click();
    await reader.page.bringToFront();
    await until(listed, (count) => count === PARTS, 'every part waits');
    await expectPaid(world, reader, all(1));
    const popup = await reader.popup();
    await popup.getByText(`${PARTS} paid items on this page`).waitFor();
    await popup.getByText('This site prices each file of its pages.').waitFor();
    await popup.bringToFront(); // A tab behind others takes no yes.
    await popup.locator('button.primary[aria-disabled=false]').waitFor();
    await popup.getByRole('button', { name: 'Pay all for 4¢' }).click();
    await reader.page.bringToFront(); // As under a popup.
    await isComplete();
    expect(await listed()).toBe(0);
    await expectPaid(world, reader, all(PARTS + 1));
  });

  test('is paid up to the budget of the day and no further; the rest waits', async () => {
    await reader.changePolicy({ ...LIMITS, anySite: false, allowedSites: [shop.origin], dayBudget: '20000' });
    await reader.page.goto(`${shop.origin}/zone/page`);
    await until(listed, (count) => count === PARTS + 1 - 20, 'what goes over the budget waits', 60_000);
    await until(there, (count) => count === 19, 'what was paid for is there');
    await expectPaid(world, reader, all(20));
    expect((await paid()).length).toBe(20);
  });
});
