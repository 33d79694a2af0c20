import { asAddress } from 'tuppence/core';
import { openVisit } from '../../extension/reader/visit.ts';
import { orElse } from '../../extension/reader/waiting.ts';
import type { Balances, Reading } from './reading.ts';
import type { Stage } from './stage.ts';
import { firstPaidWords, type Stop } from './stops.ts';

type OpenPage = Awaited<ReturnType<typeof openVisit>>['tab']['page'];

/** Milliseconds in which the paid text has to appear. It takes a hundredth of that. */
const PATIENCE = 30_000;

/** Opens the article in a tab of its own, pays for it, and takes its picture. */
export async function readArticle(stage: Stage, stop: Stop, picture: string): Promise<Reading> {
  const { session, publication, world } = stage;
  const url = publication.origin + stop.article.path;
  const earlier = world.settlements().length;
  const before = await balances(stage);
  const { tab, activity, paymentsEnd } = await openVisit(session.browser);
  const milliseconds = await timeToContent(tab.page, url, stop);
  await orElse(paymentsEnd(), undefined, PATIENCE);
  const after = await balances(stage);
  const payments = (await activity()).flatMap(({ payment }) => payment ?? []);
  await tab.page.screenshot({ path: picture });
  await tab.page.close();
  const settlements = world.settlements().slice(earlier);
  return { stop, url, payments, before, after, settlements, milliseconds, picture };
}

/** Milliseconds from the last 402 until the first paid words can be seen; null when they never can. */
async function timeToContent(page: OpenPage, url: string, stop: Stop): Promise<number | null> {
  let askedAt: number | null = null;
  page.on('response', (response) => {
    if (response.status() === 402) askedAt = performance.now();
  });
  page.setDefaultTimeout(PATIENCE);
  await page.emulateMedia({ reducedMotion: 'reduce' }); // Text that is still fading in can't be read.
  try {
    await page.goto(url, { waitUntil: 'commit' });
    await stop.act(page);
    await page.getByText(firstPaidWords(stop.article)).waitFor({ state: 'visible' });
  } catch {
    return null;
  }
  return askedAt === null ? null : performance.now() - askedAt;
}

async function balances({ world, session }: Stage): Promise<Balances> {
  const [reader, publisher] = await Promise.all([
    world.balanceOf(asAddress(session.payer, 'payer')),
    world.balanceOf(world.payee),
  ]);
  return { reader, publisher };
}
