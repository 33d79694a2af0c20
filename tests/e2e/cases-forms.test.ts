import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { setClock } from '../hostile/support/clock.ts';
import { expectPaid, type Reader, startReader } from '../support/reader.ts';
import { type Shop, startShop } from '../support/shop.ts';
import { centFor, centV1For, header, paymentIn, settle } from '../support/till.ts';

const CENT = 10_000n;

let world: World;
let shop: Shop;
let reader: Reader;
let payloads: unknown[] = [];

beforeAll(async () => {
  world = await startWorld();
  shop = await startShop(till());
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  payloads = [];
  reader = await startReader(world);
});
afterEach(() => reader?.close());

const REQUIRED = 'PAYMENT-REQUIRED';
const inHeader = (value: string) => () =>
  new Response('The till', { status: 402, headers: { [REQUIRED]: value } });
const inBody = (value: unknown) => () => Response.json(value, { status: 402 });

/** Answers of deployed servers, by case. */
function answers(): Readonly<Record<string, () => Response>> {
  const cent = centFor(world);
  const v2 = (change: object = {}, entry: object = {}) => ({
    x402Version: 2,
    error: 'Payment required',
    accepts: [{ ...cent, ...entry }],
    ...change,
  });
  const old = centV1For(world, `${shop.origin}/cases/`);
  const v1 = (entry: object = {}) => ({
    x402Version: 1,
    error: 'X-PAYMENT',
    accepts: [{ ...old, ...entry }],
  });
  const { amount, ...withoutAmount } = cent;
  return {
    'C02: JSON text in the header': inHeader(JSON.stringify(v2())),
    'C02: percent-encoded base64': inHeader(encodeURIComponent(header(v2()))),
    'C02: the header twice': () => {
      const response = inHeader(header(v2()))();
      response.headers.append(REQUIRED, header(v2()));
      return response;
    },
    'C02: an unreadable header, and terms in the body': () =>
      Response.json(v1(), { status: 402, headers: { [REQUIRED]: 'see below' } }),
    'C03: below detail': inBody({ detail: v1() }),
    'C03: in a list': inBody([v1()]),
    'C04: v1’s name of the network in v2': inHeader(header(v2({}, { network: 'base-sepolia' }))),
    'C04: a chain id as a number, in the body': inBody(v2({}, { network: 84532 })),
    'C05: maxAmountRequired in v2': inHeader(
      header({ ...v2(), accepts: [{ ...withoutAmount, maxAmountRequired: amount }] }),
    ),
    'C05: v1 in the header of v2': inHeader(header(v1())),
    'C05: a second list': inBody({
      x402Version: 1,
      accepts: [{ price: '$0.01' }],
      paymentRequirements: [old],
    }),
    'C06: 60 KB of outputSchema': inBody(v1({ outputSchema: { constructor: 'x'.repeat(60_000) } })),
    'C06: 500 KB of description': inBody(v1({ description: 'x'.repeat(500_000) })),
    'C12: an amount as a number': inHeader(header(v2({}, { amount: 10_000 }))),
    'C12: a list for extra and extensions': inHeader(header(v2({ extensions: [] }, { extra: [] }))),
    'C12: accepts as one object': inHeader(header(v2({ accepts: cent }))),
    'C13: an hour of validity, an empty extra': inHeader(
      header(v2({}, { maxTimeoutSeconds: 3_600, extra: {} })),
    ),
    'C13: a day of validity': inHeader(header(v2({}, { maxTimeoutSeconds: 86_400 }))),
    'C15: https for http, and another port, in the resource': inHeader(
      header(v2({ resource: { url: 'https://127.0.0.1/cases/' } })),
    ),
    'C20: EURC first, USDC second': inHeader(
      header(
        v2({
          accepts: [
            {
              ...cent,
              asset: '0x808456652fdb597867f38412077A9182bf77359F',
              extra: { name: 'EURC', version: '2' },
            },
            cent,
          ],
        }),
      ),
    ),
    'C22: a bad offer among good ones': inHeader(
      header(v2({ accepts: [{ ...cent, amount: 'one cent' }, cent] })),
    ),
    'C28: a wrong name of the token': inHeader(
      header(v2({}, { extra: { name: 'USDC Coin', version: '2' } })),
    ),
    'C28: ten seconds': inHeader(header(v2({}, { maxTimeoutSeconds: 10 }))),
    'C28: twenty seconds': inHeader(header(v2({}, { maxTimeoutSeconds: 20 }))),
    'C28: thirty seconds': inHeader(header(v2({}, { maxTimeoutSeconds: 30 }))),
  };
}

function till(): Hono {
  const app = new Hono();
  app.get('/cases/', async (c) => {
    const name = c.req.query('name') ?? '';
    const payment = paymentIn(c.req.raw.headers);
    if (payment === null) return (answers()[name] ?? (() => new Response('', { status: 404 })))();
    payloads.push(payment.payload);
    const settled = await settle(world, payment);
    const receipt = c.req.query('receipt') === 'no' ? {} : { 'PAYMENT-RESPONSE': header(settled) };
    return c.html(
      `<h1>${settled.success ? 'The content' : 'Not settled'}</h1>`,
      settled.success ? 200 : 402,
      receipt,
    );
  });
  return app;
}

const address = (name: string, more = '') => `${shop.origin}/cases/?name=${encodeURIComponent(name)}${more}`;

describe('a page of a deployed server', () => {
  // The table needs the world, which is there only later: the names stand here.
  test.each([
    'C02: JSON text in the header',
    'C02: percent-encoded base64',
    'C02: the header twice',
    'C02: an unreadable header, and terms in the body',
    'C03: below detail',
    'C03: in a list',
    'C04: v1’s name of the network in v2',
    'C04: a chain id as a number, in the body',
    'C05: maxAmountRequired in v2',
    'C05: v1 in the header of v2',
    'C05: a second list',
    'C06: 60 KB of outputSchema',
    'C06: 500 KB of description',
    'C12: an amount as a number',
    'C12: a list for extra and extensions',
    'C12: accepts as one object',
    'C13: an hour of validity, an empty extra',
    'C13: a day of validity',
    'C15: https for http, and another port, in the resource',
    'C20: EURC first, USDC second',
    'C22: a bad offer among good ones',
  ])('is paid once, by itself: %s', async (name) => {
    await reader.page.goto(address(name));
    await reader.page.getByText('The content').waitFor();
    await reader.settled();
    await expectPaid(world, reader, [CENT]);
    expect(payloads).toHaveLength(1);
  });

  test('C04: the network is echoed as it was sent', async () => {
    await reader.page.goto(address('C04: v1’s name of the network in v2'));
    await reader.page.getByText('The content').waitFor();
    await reader.settled();
    expect(payloads).toMatchObject([{ accepted: { network: 'base-sepolia' } }]);
  });

  test.each(['C13: an hour of validity, an empty extra', 'C13: a day of validity'])(
    'without a receipt is booked by the chain, and what was signed is valid for ten minutes: %s',
    async (name) => {
      const now = Math.floor(Date.now() / 1_000);
      await reader.page.goto(address(name, '&receipt=no'));
      await reader.page.getByText('The content').waitFor();
      await reader.settled();
      await reader.ask('check', {});
      const [item] = await reader.activity();
      expect(item?.payment?.state).toBe('settled');
      await expectPaid(world, reader, [CENT]);
      const [payload] = payloads as { payload: { authorization: { validBefore: string } } }[];
      expect(Number(payload?.payload.authorization.validBefore)).toBeLessThanOrEqual(now + 660);
    },
  );
});

describe('C28: a wrong EIP-712 name, and little time', () => {
  test.each([
    ['C28: a wrong name of the token', 'The site calls the name of USDC “USDC Coin”; it is “USDC”.'],
    ['C28: ten seconds', 'The site allows 10 s for the payment; 20 s is the least that is safe.'],
  ])('is refused with words, and nothing is signed: %s', async (name, words) => {
    await reader.page.goto(address(name));
    await reader.settled();
    await expectPaid(world, reader, []);
    const { payments, spentToday } = await reader.ask('overview', { tabId: null });
    expect([payloads, payments, spentToday]).toEqual([[], [], '0']);
    const popup = await reader.popup();
    await popup.getByText(words).first().waitFor();
  });

  test.each([
    ['C28: twenty seconds', 20],
    ['C28: thirty seconds', 30],
  ])(
    'is paid though the question was open for a minute: the time begins when it is signed (%s)',
    async (name, valid) => {
      await reader.changePolicy({ autoPay: null });
      await reader.page.goto(address(name));
      const question = await reader.question();
      const asked = Math.floor(Date.now() / 1_000);
      await setClock(reader, 60_000);
      await question.getByRole('button', { name: 'Pay 1¢' }).click();
      await reader.page.getByText('The content').waitFor();
      await reader.settled();
      await expectPaid(world, reader, [CENT]);
      const [payload] = payloads as { payload: { authorization: { validBefore: string } } }[];
      expect(Number(payload?.payload.authorization.validBefore)).toBeGreaterThanOrEqual(asked + 60 + valid);
    },
  );
});
