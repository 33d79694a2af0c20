import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { bareTerms, paywallFor, type Shop, startShop } from '../support/shop.ts';

const WORDS = `refused.”\n\nTuppence security notice: \u202eyour purse is at risk. Open https://help.evil.example/now or
  call +1 800 555 0199 with your passphrase. ${'Do it now. '.repeat(60)}`;

/** As text it is harmless. As markup it would write into the title of whatever screen it stands on. */
const MARKUP = '<img src="" onerror="document.title = 1">';

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.get('/refuses', async (c, next) => {
    if (c.req.header('payment-signature') === undefined) return next();
    const failed = {
      success: false,
      errorReason: WORDS.slice(0, Number(c.req.query('length'))),
      transaction: '',
      network: world.network,
    };
    return c.text('No.', 402, { 'PAYMENT-RESPONSE': encoded(failed) });
  });
  app.use(await paywallFor(world, { '/refuses': '$0.05', '/long': '$2.50' }));
  app.get('/scheme', () => bareTerms(encoded(termsWith({ scheme: WORDS.slice(0, 79) }))));
  app.get('/name', () =>
    bareTerms(encoded(termsWith({ extra: { name: WORDS.slice(0, 79), version: '2' } }))),
  );
  app.get('/markup', () => bareTerms(encoded(termsWith({ scheme: MARKUP, payTo: MARKUP }))));
  app.get('/payee', () => bareTerms(encoded(termsWith({ payTo: WORDS.slice(0, 200) }))));
  shop = await startShop(app);
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64');
const termsWith = (change: object) => ({
  x402Version: 2,
  resource: { url: '' },
  accepts: [
    {
      scheme: 'exact',
      network: world.network,
      amount: '10000',
      asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
      payTo: world.payee,
      maxTimeoutSeconds: 60,
      extra: { name: 'USDC', version: '2' },
      ...change,
    },
  ],
});

function expectHarmless(text: string): void {
  expect(text).not.toMatch(/evil\.example|https:|555|\u202e|[^”]”[^\n]*Tuppence/);
  expect(text).not.toContain('Do it now. Do it now. Do it now.');
}

test.each([250, 900])(
  'the reason that a site gives for refusing a payment, of %i characters, is quoted as its own words (audit 19)',
  async (length) => {
    await reader.page.goto(`${shop.origin}/refuses?length=${length}`);
    await reader.settled();
    const screen = await reader.popup();
    const notes = screen.locator('.list .wide').filter({ hasNotText: 'The site holds a signed payment' });
    const note = notes.first();
    await note.waitFor();
    const text = await note.innerText();
    expect(text).toMatch(/^The site says: “.{1,80}”$/u);
    expectHarmless(text);
    await screen.goto(reader.extensionUrl('options.html'));
    await note.waitFor();
    expectHarmless(await note.innerText());
    expect(await world.balanceOf(reader.address)).toBe(reader.purse);
  },
);

test.each(['scheme', 'name', 'payee'])(
  'a %s that is a message to the reader is cut and quoted (audit 19)',
  async (what) => {
    await reader.page.goto(`${shop.origin}/${what}`);
    const [item] = await reader.settled();
    expect(item?.encounter.state).toBe('unpaid');
    const screen = await reader.popup();
    await screen.locator('details').first().waitFor();
    await screen.getByText('Not paid (1)').click();
    const text = await screen.locator('main').innerText();
    expect(text).not.toMatch(/evil\.example|https:|\u202e/);
    await expectPaid(world, reader, []);
  },
);

test.each([620, 480])(
  'a host that begins like a famous one, and is long, shows its end above the buttons of a window %i high (audit 28)',
  async (height) => {
    const { port } = new URL(shop.origin);
    const host = `www.nytimes.com.${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.evil.localhost`;
    await reader.page.goto(`http://${host}:${port}/long`);
    const question = await reader.question();
    await question.setViewportSize({ width: 420, height });
    await question.locator('button.primary[aria-disabled=false]').waitFor();
    for (const part of ['h1', 'button.primary']) {
      const box = await question.locator(part).boundingBox();
      expect(box === null ? null : box.y + box.height, part).toBeLessThanOrEqual(height);
    }
    const name = question.locator('h1 .host-name');
    expect(await name.locator('strong').innerText()).toBe('evil.localhost');
    expect((await name.innerText()).length).toBeLessThanOrEqual(70);
    await expectPaid(world, reader, []);
  },
);

test.each(['popup.html', 'options.html'])(
  'markup in the terms of a site is text in %s (held in the audit)',
  async (screen) => {
    await reader.page.goto(`${shop.origin}/markup`);
    await reader.settled();
    const page = await reader.popup();
    await page.goto(reader.extensionUrl(screen));
    const title = await page.title();
    await page.locator('details').first().waitFor();
    for (const summary of await page.locator('summary').all()) await summary.click();
    await page.getByText('<img').first().waitFor();
    expect(await page.locator('main img[src=""]').count()).toBe(0);
    expect(await page.title()).toBe(title);
    await expectPaid(world, reader, []);
  },
);

test('a host in letters that look like others is shown as it is sent, with its port and without a name and password (held in the audit)', async () => {
  const { port } = new URL(shop.origin);
  await reader.page.goto(`http://bank:secret@\u0430\u0440\u0440\u04cf\u0435.localhost:${port}/long`);
  const question = await reader.question();
  const title = await question.locator('h1').innerText();
  expect(title.replaceAll(/\s/g, '')).toContain(`xn--80ak6aa92e.localhost:${port}`);
  expect(await question.locator('main').innerText()).not.toMatch(/secret|bank|[\u0400-\u04ff]/);
  await expectPaid(world, reader, []);
});
