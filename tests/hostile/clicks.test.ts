import { Hono } from 'hono';
import type { Page } from 'playwright';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, PASSPHRASE, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

/** More than the default limit: every payment is asked about. */
const PRICE = 2_500_000n;
/** Milliseconds for which somebody goes on pressing, without thinking. */
const GAME = 4_000;
/** Milliseconds without a press, after which one counts. */
const PAUSE = 1_000;

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  const prices = { '/story': '$2.50', '/other': '$2.50', '/part.txt': '$2.50', '/second.txt': '$2.50' };
  app.use(await paywallFor(world, prices));
  app.get('/story', (c) => c.html('<h1>The whole story</h1>'));
  app.get('/part.txt', (c) => c.text('The first part'));
  app.get('/second.txt', (c) => c.text('The second part'));
  app.get('/album', (c) => c.html('<h1>An album</h1><img src="/part.txt">'));
  app.get('/game', (c) => c.html('<h1>Click as fast as you can</h1><button>Click</button>'));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { launch: {} }); // Its pages keep the clock that they are given.
  // Time goes on for pages when the test says so: a busy machine would make pauses between quick presses.
  await reader.context.clock.install({ time: Date.now() });
  await reader.context.clock.pauseAt(Date.now() + 60_000);
});
afterEach(() => reader?.close());

/** The question from its first moment on, long before it takes a press. */
async function freshQuestion(): Promise<Page> {
  const opening = reader.context.waitForEvent('page', (page) => page.url().includes('consent.html'));
  await reader.page.goto(`${shop.origin}/story`);
  const question = await opening;
  await question.reload(); // The first load may have set a timer before its clock was stopped.
  await payButton(question).waitFor();
  return question;
}

const payButton = (page: Page) => page.locator('button.primary');

/** Does something again and again, every `pace` milliseconds of the page's time, for {@link GAME} or until it closes. */
async function keepOn(page: Page, pace: number, press: () => Promise<void>): Promise<void> {
  for (let passed = 0; passed < GAME && !page.isClosed(); passed += pace) {
    await press().catch(() => undefined); // The window has closed under it.
    await page.clock.runFor(pace).catch(() => undefined);
  }
}

/** The question, after nobody has pressed anything for a while. */
async function armedQuestion(question: Page): Promise<Page> {
  const isArmed = async () => {
    await question.clock.runFor(PAUSE); // The window may have had its focus only now, and begun its pause anew.
    return (await payButton(question).getAttribute('aria-disabled')) === 'false';
  };
  await until(isArmed, (armed) => armed, 'the question takes a press');
  return question;
}

/** Nothing is paid, nor under way: exactly `amounts` have left the reader. */
async function expectPaidInTheEnd(amounts: readonly bigint[]): Promise<void> {
  await until(
    () => reader.activity(),
    (items) => items.every(({ encounter, payment }) => encounter.state !== 'handling' && !isOpen(payment)),
    'whatever was pressed has been acted on',
  );
  await expectPaid(world, reader, amounts);
}

const isOpen = (payment: { readonly state: string } | null) =>
  payment !== null && ['reserved', 'signed', 'sent'].includes(payment.state);

async function centreOf(page: Page, part = payButton(page)): Promise<[number, number]> {
  const box = await part.boundingBox();
  if (box === null) throw new Error('It is not there.');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

test.each([120, 200, 300])(
  'a click every %i ms that began before the window came pays nothing (audit 5)',
  async (pace) => {
    const question = await freshQuestion();
    const at = await centreOf(question);
    await keepOn(question, pace, () => question.mouse.click(...at));
    await expectPaidInTheEnd([]);
    expect(await question.locator('#readiness').innerText()).toBe(
      'Quick presses don’t count. Pause for a moment, then press.',
    );
    await question.clock.runFor(PAUSE);
    await payButton(question).click();
    await reader.page.getByText('The whole story').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [PRICE]);
  },
);

test.each(['Enter', 'Space'])(
  'a stream of presses of %s on the focused button pays nothing (audit 5)',
  async (key) => {
    const question = await freshQuestion();
    await payButton(question).focus();
    await keepOn(question, 150, () => question.keyboard.press(key));
    await expectPaidInTheEnd([]);
    const [item] = await reader.activity();
    expect(item?.encounter.state).toBe('asking');
  },
);

test('a key that was held down before the window came, and a button that was, pay nothing (audit 5)', async () => {
  const question = await freshQuestion();
  await payButton(question).focus();
  await keepOn(question, 40, () => question.keyboard.down('Enter'));
  await expectPaidInTheEnd([]);
  await question.keyboard.up('Enter');
  await question.mouse.move(...(await centreOf(question)));
  await question.mouse.down();
  await question.clock.runFor(PAUSE);
  await question.mouse.up();
  await expectPaidInTheEnd([]);
  const [item] = await reader.activity();
  expect(item?.encounter.state).toBe('asking');
});

test('clicks and keys by turns tick nothing and pay nothing, with a locked key as well (audit 5)', async () => {
  await reader.changePolicy({ anySite: false, autoPay: '3000000' });
  await reader.ask('lock', {});
  const question = await freshQuestion();
  await question.getByLabel('Passphrase').fill(PASSPHRASE);
  const at = await centreOf(question);
  const tick = question.getByRole('checkbox');
  const tickAt = await centreOf(question, tick);
  await keepOn(question, 90, async () => {
    await question.mouse.click(...tickAt);
    await question.keyboard.press('Enter');
    await question.mouse.click(...at);
  });
  await expectPaidInTheEnd([]);
  expect(await tick.isChecked()).toBe(false);
  expect((await reader.ask('overview', { tabId: null })).policy.allowedSites).toEqual([]);
});

test('a click beside the button, just before it, starts the pause anew (audit 5)', async () => {
  const question = await freshQuestion();
  await armedQuestion(question);
  const at = await centreOf(question);
  await question.getByText('Paid to').click();
  await question.mouse.click(...at);
  await expectPaidInTheEnd([]);
  const [item] = await reader.activity();
  expect(item?.encounter.state).toBe('asking');
  expect(await payButton(question).getAttribute('aria-disabled')).toBe('true');
});

test('the popup’s button that pays takes no stream of clicks either (audit 5)', async () => {
  await reader.page.goto(`${shop.origin}/album`);
  const listed = () => reader.activity().then((items) => items.map(({ encounter }) => encounter.state));
  await until(listed, (states) => states.includes('listed'), 'it waits in the popup');
  const popup = await reader.popup();
  await payButton(popup).waitFor();
  await popup.bringToFront(); // A tab behind others takes clicks when it likes.
  const at = await centreOf(popup);
  await keepOn(popup, 120, () => popup.mouse.click(...at));
  await expectPaidInTheEnd([]);
  expect(await listed()).toEqual(['listed']);
  await popup.clock.runFor(PAUSE);
  await payButton(popup).click();
  await until(listed, (states) => states.includes('paid'), 'it was paid');
  await reader.settled();
  await expectPaid(world, reader, [PRICE]);
});

test('a second question in the same window is not answered by the clicks on the first (audit 5)', async () => {
  await reader.page.goto(`${shop.origin}/game`);
  const opening = reader.context.waitForEvent('page', (page) => page.url().includes('consent.html'));
  await reader.page.evaluate(`document.querySelector('button').onclick = () => {
    fetch('/part.txt'); fetch('/second.txt'); };`);
  await reader.page.getByRole('button').click();
  const question = await opening;
  await question.reload();
  await until(
    () => reader.activity(),
    (items) => items.filter(({ encounter }) => encounter.state === 'asking').length === 2,
    'both are asked about',
  );
  await armedQuestion(question);
  const first = question.url();
  const at = await centreOf(question);
  await question.mouse.click(...at);
  await keepOn(question, 120, () => question.mouse.click(...at));
  await expectPaidInTheEnd([PRICE]);
  expect(question.url()).not.toBe(first);
  expect(await question.getByText(/^Question \d of \d$/).innerText()).toBe('Question 2 of 2');
  const asked = await reader.activity();
  expect(asked.filter(({ encounter }) => encounter.state === 'asking')).toHaveLength(1);
});

test('Escape is a refusal, and the focus never begins on a button', async () => {
  const question = await freshQuestion();
  await armedQuestion(question);
  expect(await question.evaluate('document.activeElement.tagName')).toBe('H1');
  expect(await question.title()).toBe(`Pay $2.50 to ${new URL(shop.origin).host}?`);
  const closed = question.waitForEvent('close');
  // The window may be gone before the browser has answered for the press.
  await question.keyboard.press('Escape').catch(() => undefined);
  await closed;
  const [item] = await reader.settled();
  expect(item?.encounter.verdict?.reason).toBe('refused');
  await expectPaid(world, reader, []);
});

test('Enter in the field of the passphrase is no yes (held in the audit)', async () => {
  await reader.ask('lock', {});
  const question = await freshQuestion();
  const field = question.getByLabel('Passphrase');
  await field.fill(PASSPHRASE);
  await armedQuestion(question);
  await field.press('Enter');
  await question.evaluate('document.forms[0].requestSubmit()');
  const [item] = await reader.activity();
  expect(item?.encounter.state).toBe('asking');
  expect((await reader.ask('overview', { tabId: null })).wallet).toBe('locked');
  await expectPaid(world, reader, []);
});
