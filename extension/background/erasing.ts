import { type Intent, isUndecided } from 'tuppence/core';
import { asEncounter } from '../storage/encounter-record.ts';
import { fromIntentRecord } from '../storage/intent-record.ts';
import { write } from '../storage/transact.ts';
import { dayOf } from '../storage/windows.ts';
import { boughtKey } from './bought.ts';
import { type Cursor, newestIntents, undecidedIntents } from './ledger-queries.ts';

const AT_A_TIME = 500;

/**
 * Erases the history: payments, 402s, what is remembered of sites, and counters of days that are over.
 *
 * What keeps the reader from paying twice stays: payments that are undecided, whole; of those that have settled, a
 * hash of what was bought and when; and what today and this month have cost, so that erasing opens no budget.
 * @returns how many payments are kept because their end is not known yet.
 */
export async function eraseHistory(): Promise<{ readonly kept: number }> {
  let before: Cursor | null = null;
  for (;;) {
    const page: readonly Intent[] = await newestIntents(AT_A_TIME, before);
    await erase(page);
    const last = page.at(-1);
    if (last === undefined) break;
    before = last;
  }
  await eraseRest((await undecidedIntents()).length > 0);
  return { kept: (await undecidedIntents()).length };
}

async function erase(page: readonly Intent[]): Promise<void> {
  const keys = new Map<string, string>();
  for (const { id, purchase } of page) keys.set(id, await boughtKey(purchase));
  await write(['intents', 'bought'], async (transaction) => {
    const [intents, bought] = [transaction.objectStore('intents'), transaction.objectStore('bought')];
    for (const [id, key] of keys) {
      const stored = await intents.get(id);
      if (stored === undefined) continue;
      const intent = fromIntentRecord(stored); // As it stands now, not as it stood when the page was read.
      if (isUndecided(intent)) continue;
      if (intent.state === 'settled')
        await bought.put(Math.max((await bought.get(key)) ?? 0, intent.createdAt), key);
      await intents.delete(id);
    }
  });
}

/** Windows of undecided payments are kept as well: they are given back to them when they expire. */
async function eraseRest(someUndecided: boolean): Promise<void> {
  await write(['counters', 'origins', 'encounters', 'terms'], async (transaction) => {
    const counters = transaction.objectStore('counters');
    const latest = (await counters.get('latest')) ?? dayOf(Date.now());
    const isCurrent = (key: string) =>
      key === 'latest' || key.startsWith(`month:${latest.slice(0, 7)}`) || key.includes(`:${latest}`);
    if (!someUndecided)
      for (const key of await counters.getAllKeys()) if (!isCurrent(key)) await counters.delete(key);
    await transaction.objectStore('origins').clear();
    const encounters = transaction.objectStore('encounters');
    for (let at = await encounters.openCursor(); at !== null; at = await at.continue())
      if (!isOpen(at.value)) {
        await transaction.objectStore('terms').delete(at.primaryKey);
        await at.delete();
      }
  });
}

/** Whether somebody waits for the 402's answer. One that can't be read has no answer to come. */
function isOpen(stored: unknown): boolean {
  try {
    return !['paid', 'unpaid'].includes(asEncounter(stored).state);
  } catch {
    return false;
  }
}
