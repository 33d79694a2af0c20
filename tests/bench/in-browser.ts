import {
  decide,
  figuresOf,
  type History,
  type Policy,
  parsePaymentRequiredHeader,
  quote,
  termsOf,
} from 'tuppence/core';
import { ledger } from '../../extension/background/ledger.ts';
import { newestIntents } from '../../extension/background/ledger-queries.ts';
import { database } from '../../extension/storage/database.ts';
import { toIntentRecord } from '../../extension/storage/intent-record.ts';
import { timeOrderedId } from '../../extension/storage/time-ordered-id.ts';
import { dayOf, windowKeys } from '../../extension/storage/windows.ts';

const NOW = 1_795_262_400_000;
const POLICY: Policy = {
  paused: false,
  autoPay: 100_000n,
  dayBudget: 10n ** 15n,
  siteDayBudget: 10n ** 15n,
  monthBudget: 10n ** 15n,
  perMinute: 1_000_000,
  priceTolerance: 400,
  anySite: true,
  allowedSites: [],
};
const HEADER = btoa(
  JSON.stringify({
    x402Version: 2,
    resource: { url: '' },
    accepts: [
      {
        scheme: 'exact',
        network: 'eip155:84532',
        amount: '10000',
        asset: '0x036CbD53842c5426634e7929541eC2318f3dCF7e',
        payTo: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
        maxTimeoutSeconds: 60,
        extra: { name: 'USDC', version: '2' },
      },
    ],
  }),
);
const OFFER = quote(parsePaymentRequiredHeader(HEADER));

/** Stores settled payments until there are `total`: a thousand sites, a year, as a reader would have them. */
async function fill(from: number, total: number): Promise<void> {
  const db = await database();
  for (let start = from; start < total; start += 5_000) {
    const transaction = db.transaction('intents', 'readwrite', { durability: 'relaxed' });
    for (let at = start; at < Math.min(total, start + 5_000); at += 1) void transaction.store.put(record(at));
    await transaction.done;
  }
}

function record(at: number) {
  const site = `https://site-${at % 1_000}.example`;
  const createdAt = NOW - 86_400_000 - at * 31_000;
  const terms = termsOf(OFFER);
  return toIntentRecord(
    {
      id: timeOrderedId(createdAt),
      purchase: { site, url: `${site}/article/${at}`, method: 'GET', bodyHash: null },
      terms,
      state: 'settled',
      verdict: { outcome: 'allow', reason: 'under-threshold' },
      payment: null,
      transaction: `0x${at.toString(16).padStart(64, '0')}`,
      note: null,
      createdAt,
      updatedAt: createdAt,
    },
    windowKeys(site, dayOf(createdAt)),
  );
}

/** Milliseconds of each of `count` decisions with their reservations, and of one page of history. */
async function measure(count: number): Promise<{ decisions: number[]; pages: number[] }> {
  const decisions: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const started = performance.now();
    await decideAndReserve(`https://site-${at % 1_000}.example/new/${crypto.randomUUID()}`);
    decisions.push(performance.now() - started);
  }
  const pages: number[] = [];
  let before: Awaited<ReturnType<typeof newestIntents>>[number] | null = null;
  for (let at = 0; at < 20; at += 1) {
    const started = performance.now();
    const page: Awaited<ReturnType<typeof newestIntents>> = await newestIntents(50, before);
    pages.push(performance.now() - started);
    before = page.at(-1) ?? null;
  }
  return { decisions, pages };
}

/** What the line does between terms and signature. */
async function decideAndReserve(url: string): Promise<void> {
  const purchase = { site: new URL(url).origin, url, method: 'GET', bodyHash: null };
  await ledger.find(purchase);
  const history: History | undefined = await ledger.history?.(purchase, NOW);
  const context = {
    site: purchase.site,
    url,
    evidence: 'header',
    resourceUrl: null,
    wallet: 'ready',
    paidBefore: false,
    ...(history === undefined ? {} : { history }),
  } as const;
  const verdict = decide(OFFER, POLICY, history?.spent.day ?? 0n, context);
  figuresOf(OFFER, POLICY, history?.spent.day ?? 0n, context);
  const draft = { purchase, terms: termsOf(OFFER), verdict, createdAt: NOW };
  const limits = { siteDay: 10n ** 15n, month: 10n ** 15n, perMinute: 1_000_000 };
  if ((await ledger.reserve(draft, POLICY.dayBudget, limits)) === null) throw new Error('Not reserved.');
}

Object.assign(globalThis, { bench: { fill, measure } });
