import { readFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import type { Loopback } from '../../demo-site/world/loopback.ts';
import { startV2Server } from '../support/official-servers.ts';
import { expectPaid, type Reader, startReader, until } from '../support/reader.ts';
import { PAYER } from '../support/terms.ts';

// The official server with its extension `offer-receipt` signs what it asks and what it was paid.

let world: World;
let server: Loopback;
let reader: Reader;

beforeAll(async () => {
  world = await startWorld();
  server = await startV2Server(world, world.facilitatorUrl);
});
afterAll(async () => {
  await server?.stop();
  await world?.stop();
});
beforeEach(async () => {
  reader = await startReader(world);
});
afterEach(() => reader?.close());

test('a signed offer and a signed receipt are verified and kept with the payment', async () => {
  await reader.page.goto(`${server.origin}/signed`);
  await reader.page.getByText('The paid text.').waitFor();
  await reader.settled();
  await expectPaid(world, reader, [10_000n]);
  const worth = { state: 'signed', signer: PAYER.address, byPayee: false };
  const [payment] = await until(
    async () => (await reader.ask('overview', { tabId: null })).payments,
    ([newest]) => newest?.signed?.receipt?.worth !== null,
    'the receipt verified',
  );
  expect(payment?.signed).toMatchObject({
    offer: { payload: { amount: '10000', payTo: world.payee }, worth },
    receipt: { payload: { payer: reader.address, resourceUrl: `${server.origin}/signed` }, worth },
  });

  const { page } = await reader.newTab();
  await page.goto(reader.extensionUrl('popup.html'));
  await page.getByText('· signed receipt').waitFor();
  await page.goto(reader.extensionUrl('options.html'));
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'JSON' }).click(),
  ]);
  const [row] = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(row).toMatchObject({
    signed_offer: payment?.signed?.offer,
    signed_receipt: payment?.signed?.receipt,
  });
});

test('a site that signs nothing leaves a receipt without such words', async () => {
  await reader.page.goto(`${server.origin}/page`);
  await reader.page.getByText('The paid text.').waitFor();
  const [item] = await reader.settled();
  expect(item?.payment).toMatchObject({ state: 'settled' });
  expect(item?.payment).not.toHaveProperty('signed');
  await expectPaid(world, reader, [10_000n]);
});
