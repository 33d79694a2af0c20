import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { changeRows } from '../support/own-database.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { paywallFor, type Shop, startShop } from '../support/shop.ts';

// A yes covers the terms that were shown, and no others.

let world: World;
let shop: Shop;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  const app = new Hono().use(await paywallFor(world, { '/two-prices': ['$1.60', '$1.50'] }));
  shop = await startShop(app.get('/:name', (c) => c.text(`the content of ${c.req.param('name')}`)));
});
afterAll(async () => {
  await shop?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

/** Opens the page and has its question be about `microUsd`, as when an older version had held that for the best. */
async function askedAbout(microUsd: string) {
  await reader.page.goto(`${shop.origin}/two-prices`);
  const question = await reader.question();
  const shown = (row: Readonly<Record<string, unknown>>, _: number, amount: unknown) => ({
    ...row,
    price: { ...Object(row['price']), amount, microUsd: amount },
  });
  await changeRows(question, 'encounters', shown, microUsd);
  return question;
}

test('of two prices the lower is asked about and paid', async () => {
  await reader.page.goto(`${shop.origin}/two-prices`);
  const question = await reader.question();
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  await reader.page.getByText('the content of two-prices').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [1_500_000n]);
});

test('the price that was shown is paid, even when another has become the better one', async () => {
  const question = await askedAbout('1600000');
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  await reader.page.getByText('the content of two-prices').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [1_600_000n]);
});

test('when the price that was shown is gone, nothing is paid, and the new one is asked about', async () => {
  const question = await askedAbout('900000');
  await question.getByRole('button', { name: 'Pay $1.50' }).click();
  const [item] = await until(
    () => reader.activity(),
    ([first]) => first?.encounter.state === 'asking' && first.encounter.price?.amount === '1500000',
    'asked anew',
  );
  expect(item?.payment).toBeNull();
  await expectPaid(world, reader, []);
});
