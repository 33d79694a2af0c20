import { database } from '../storage/database.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';

/** Newest 402s that have ended, paid ones and others, and the characters of address that each kind may take. */
const MOST = 1_500;
const MOST_CHARACTERS = 2_000_000;
/** New records, and characters of address in them, after which older ones make room. */
const EVERY = 200;
const EVERY_CHARACTERS = 500_000;

let records = 0;
let characters = 0;

/** A new record came: when enough of them have, the oldest that have ended make room. */
export async function makeRoom({ url }: Pick<EncounterRecord, 'url'>): Promise<void> {
  records += 1;
  characters += url.length;
  if (records < EVERY && characters < EVERY_CHARACTERS) return;
  [records, characters] = [0, 0];
  await dropOldest();
}

/** Keeps the newest records that have ended. Others wait for their end: see `closeLeftovers`. */
export async function dropOldest(): Promise<void> {
  const transaction = (await database()).transaction('encounters', 'readwrite');
  for (const state of ['paid', 'unpaid'] as const) {
    const range = IDBKeyRange.bound([state], [state, []]);
    let [count, length] = [0, 0];
    const index = transaction.store.index('stateAt');
    for (let at = await index.openCursor(range, 'prev'); at !== null; at = await at.continue()) {
      count += 1;
      length += String(at.value.url).length; // It may be anything: nothing of it is parsed here.
      if (count > MOST || length > MOST_CHARACTERS) await at.delete();
    }
  }
  await transaction.done;
}
