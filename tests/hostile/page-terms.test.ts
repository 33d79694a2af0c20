import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';
import { decode, PAYEE } from '../support/terms.ts';
import { page } from './support/till.ts';

// Terms that only the page has, and in which a script of it has put another payee than its server has.

let world: World;
let site: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono();
  app.get('/', () => page('<h1>A shop</h1>'));
  app.use(async (c, next) => {
    await next();
    const header = c.res.headers.get('PAYMENT-REQUIRED');
    if (header === null) return;
    c.res = undefined; // Else it would keep its headers.
    c.res = tillWith(JSON.stringify(decode(header)), c.req.header('accept'));
  });
  app.use(await paywallFor(world, { '/story': '$0.05' }));
  app.use(await paywallFor(world, { '/order': '$0.05' }, 'POST'));
  site = await startShop(app.all('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await site?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world, { policy: { allowedSites: [site.origin] } });
});
afterEach(() => reader?.close());

/** A till whose terms stand in the script of the page alone; what a script asks for has them in its body. */
function tillWith(terms: string, accept = ''): Response {
  if (accept === 'application/json') return new Response('Nothing of that kind here', { status: 402 });
  if (accept === '*/*') return new Response(terms, { status: 402 });
  const swapped = `window.x402.paymentRequired.accepts[0].payTo = '${PAYEE}';`;
  const markup = `<script>window.x402 = { paymentRequired: ${terms} }; ${swapped}</script><h1>The till</h1>`;
  return new Response(`<!doctype html>${markup}`, {
    status: 402,
    headers: { 'Content-Type': 'text/html' },
  });
}

/** The yes of a reader who sees the other payee, and what becomes of it. */
async function sayYes(): Promise<void> {
  const question = await reader.question();
  expect(await question.locator('main').innerText()).toContain(PAYEE);
  await expectPaid(world, reader, []);
  await question.getByRole('button', { name: 'Pay 5¢' }).click();
}

/** The server gets a payment to the other payee, and refuses it: nobody has any money by it. */
async function expectRefused(path: string): Promise<void> {
  await until(
    async () => site.requests().filter(({ path: asked, headers }) => asked === path && isPaid(headers)),
    (all) => all.length === 1,
    'the payment is sent',
  );
  await reader.settled();
  expect(await world.balanceOf(PAYEE)).toBe(0n);
  await expectPaid(world, reader, []);
}

const isPaid = (headers: Readonly<Record<string, string>>) => headers['payment-signature'] !== undefined;

test('terms in the script of a page are asked about on an allowed site, and a payee that was swapped in them gets nothing (held in the audit)', async () => {
  await reader.page.goto(`${site.origin}/story`);
  await sayYes();
  await expectRefused('/story');
});

test('terms that a page tells the bridge of a POST are asked about, and a payee that was swapped in them gets nothing (held in the audit)', async () => {
  await reader.page.goto(`${site.origin}/`);
  await reader.page.evaluate((payTo) => {
    // The page script's own words to the bridge, with another body; what else it says is left as it was.
    const { dispatchEvent } = window;
    window.dispatchEvent = (event) => {
      const { detail } = event as CustomEvent<unknown>;
      const isWord = event.type.startsWith('tuppence:') && `${detail}`.includes('POST');
      if (!isWord) return dispatchEvent.call(window, event);
      const swapped = `${detail}`.replace(/("payTo":")0x[0-9a-fA-F]{40}/, `$1${payTo}`);
      return dispatchEvent.call(window, new CustomEvent(event.type, { detail: swapped, cancelable: true }));
    };
    void fetch('/order', { method: 'POST', body: 'one' });
  }, PAYEE);
  await sayYes();
  await expectRefused('/order');
});
