import { isUndecided, resolve } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { database } from '../storage/database.ts';
import { chain, deadFrom } from './chain.ts';
import { ledger } from './ledger.ts';
import { intentOf, intentsWithoutReceipt, undecidedIntents } from './ledger-queries.ts';
import { onePurchaseAtATime } from './one-at-a-time.ts';
import { settlingTransaction } from './settling-transaction.ts';

const ALARM = 'resolve undecided payments';
const TRIES = 'resolve tries';
/** Minutes from one try to the next; half a minute is the least an alarm may wait. The last one repeats. */
const WAITS = [0.5, 0.5, 1, 2, 5, 15, 60];

/** Seconds by which the chain's clock may be behind ours, and the newest of its blocks behind that. */
const BEHIND = 30n;

/** What a look at the chain left open. */
export type Checked = { readonly undecided: number; readonly withoutReceipt: number };

/** Asks the chain about undecided payments soon; the alarm and the count of tries survive the background. */
export async function resolveLater(): Promise<void> {
  await (await database()).delete('settings', TRIES);
  await schedule(0);
}

/** For every start of the background: goes on where an earlier life stopped, and lets it rest when there is nothing. */
export async function resolveLeftovers(): Promise<void> {
  const open = (await undecidedIntents()).length + (await intentsWithoutReceipt()).length;
  if (open > 0 && (await browser.alarms.get(ALARM)) === undefined) await schedule(await triesSoFar());
}

/** Asks now, and again later, ever less often, while anything stays open. */
export async function resolveNow(): Promise<Checked> {
  const checked = await check();
  const db = await database();
  if (checked.undecided + checked.withoutReceipt === 0) await db.delete('settings', TRIES);
  else {
    const tries = (await triesSoFar()) + 1;
    await db.put('settings', tries, TRIES);
    await schedule(tries);
  }
  return checked;
}

async function check(): Promise<Checked> {
  let undecided = 0;
  for (const { purchase, id } of await undecidedIntents()) {
    const after = await onePurchaseAtATime(purchase, async () => {
      const intent = await intentOf(id); // Read again: it may have ended while its turn came.
      return isUndecided(intent) ? resolve(intent, { ledger, chain }) : intent;
    });
    if (isUndecided(after)) undecided += 1;
  }
  let withoutReceipt = 0;
  for (const intent of await intentsWithoutReceipt()) {
    const transaction = await settlingTransaction(intent);
    if (transaction === null) withoutReceipt += 1;
    else await ledger.advance(intent.id, { state: 'settled', transaction });
  }
  return { undecided, withoutReceipt };
}

/** After a wait that grows, but no later than a payment can be over: what it has reserved is the reader's again then. */
async function schedule(tries: number): Promise<void> {
  const now = Date.now();
  const wait = now + (WAITS[Math.min(tries, WAITS.length - 1)] ?? 60) * 60_000;
  const ends = (await endsOfUndecided()).filter((end) => end > now);
  await browser.alarms.create(ALARM, { when: Math.min(wait, ...ends) });
}

/** When each undecided payment can be over, unix milliseconds. */
async function endsOfUndecided(): Promise<readonly number[]> {
  const ends = (await undecidedIntents()).map(async ({ terms, payment }) =>
    payment === null ? 0n : (await deadFrom(terms.network, payment.authorization.validBefore)) + BEHIND,
  );
  return (await Promise.all(ends)).map((end) => Number(end) * 1000);
}

async function triesSoFar(): Promise<number> {
  const stored = await (await database()).get('settings', TRIES);
  return typeof stored === 'number' ? stored : 0;
}
