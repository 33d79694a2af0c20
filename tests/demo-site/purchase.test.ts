import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Article } from '../../demo-site/pages/article.ts';
import { bridgeReport, pennyPost, soldTheTime, tideMachine } from '../../demo-site/pages/articles/index.ts';
import { type Publication, startPublication } from '../../demo-site/server/index.ts';
import { startWorld, type World } from '../../demo-site/world/index.ts';
import { buyV1, buyV2, type Purchase, type Reader, reader } from './official-clients.ts';

type Sale = {
  article: Article;
  price: bigint;
  network: string;
  buy(url: string, account: Reader): Promise<Purchase>;
};

const v2 = { network: 'eip155:84532', buy: buyV2 };
const v1 = { network: 'base-sepolia', buy: buyV1 };
const sales: readonly Sale[] = [
  { article: tideMachine, price: 50_000n, ...v2 },
  { article: pennyPost, price: 20_000n, ...v2 },
  { article: bridgeReport, price: 2_500_000n, ...v2 },
  { article: soldTheTime, price: 30_000n, ...v1 },
];
const purse = 5_000_000n;

let world: World;
let publication: Publication;

beforeAll(async () => {
  world = await startWorld();
  publication = await startPublication(world);
});

afterAll(async () => {
  await publication?.stop();
  await world?.stop();
});

describe.each(sales)('$article.slug', ({ article, price, network, buy }) => {
  test('a payment moves exactly the price, once, and brings the text', async () => {
    const account = await reader(world, purse);
    const earned = await world.balanceOf(world.payee);
    const settled = world.settlements().length;

    const purchase = await buy(publication.origin + article.paidPath, account);

    expect(purchase.status).toBe(200);
    expect(purchase.body).toContain(article.rest.markup.trim());
    expect(purchase.headers.get('cache-control')).toBe('private, max-age=600');
    expect(await world.balanceOf(account.address)).toBe(purse - price);
    expect(await world.balanceOf(world.payee)).toBe(earned + price);
    const { transaction } = purchase;
    expect(await world.transfers({ from: account.address })).toEqual([
      { from: account.address, to: world.payee, value: price, transaction },
    ]);
    expect(world.settlements().slice(settled)).toEqual([
      {
        payer: account.address,
        payTo: world.payee,
        amount: String(price),
        network,
        transaction,
        success: true,
      },
    ]);
  });

  test('a reader without money gets no text and pays nothing', async () => {
    const account = await reader(world, price - 1n);
    const purchase = await buy(publication.origin + article.paidPath, account);
    expect(purchase.status).toBe(402);
    expect(purchase.body).not.toContain('</p>');
    expect(await world.balanceOf(account.address)).toBe(price - 1n);
    expect(await world.transfers({ from: account.address })).toEqual([]);
  });
});

test('readers who pay at the same moment are all served', async () => {
  const accounts = await Promise.all(Array.from({ length: 8 }, () => reader(world, purse)));
  const purchases = await Promise.all(
    accounts.map((account, index) => {
      const { article, buy } =
        index % 2 === 0 ? { article: tideMachine, ...v2 } : { article: soldTheTime, ...v1 };
      return buy(publication.origin + article.paidPath, account);
    }),
  );
  expect(purchases.map(({ status }) => status)).toEqual(Array(8).fill(200));
  expect(new Set(purchases.map(({ transaction }) => transaction)).size).toBe(8);
});
