import { MalformedError, parseAtomic, type Quote, type Terms, TuppenceError } from 'tuppence/core';
import { database } from '../storage/database.ts';
import {
  asEncounter,
  type EncounterRecord,
  MAX_SENTENCE,
  type PriceRecord,
} from '../storage/encounter-record.ts';
import { asTermsText, type TermsText } from '../storage/terms-record.ts';
import { makeRoom } from './making-room.ts';

/** What the browser has said of the request. */
type Seen = 'tabId' | 'frameId' | 'documentId' | 'kind' | 'initiator' | 'isTabless' | 'url' | 'method';
type Change = Partial<Omit<EncounterRecord, 'id' | 'at'>>;
type State = EncounterRecord['state'];

/** Newest 402s of a tab that are read: it may have been open for weeks. */
const OF_TAB = 500;

/**
 * Writes a 402 down as being looked at.
 *
 * @throws {MalformedError} when it could not be read back: nothing is written then.
 */
export async function newEncounter(
  seen: Pick<EncounterRecord, 'site' | 'again' | 'bodyHash' | Seen> &
    Partial<Pick<EncounterRecord, 'askedBy' | 'topDocumentId' | 'redirectedFrom'>>,
): Promise<EncounterRecord> {
  const encounter = asEncounter({
    ...seen,
    id: crypto.randomUUID(),
    at: Date.now(),
    state: 'handling',
    verdict: null,
    sentence: null,
    price: null,
    intentId: null,
    terms: null,
    windowId: null,
    figures: null,
    freeWay: null,
    freeWayHelped: false,
    isUndone: false,
  });
  await (await database()).put('encounters', encounter);
  await makeRoom(encounter);
  return encounter;
}

/** Changes a record. Its terms go once nobody can answer it any more. @throws {MalformedError} */
export async function changeEncounter(id: string, change: Change): Promise<EncounterRecord> {
  const transaction = (await database()).transaction(['encounters', 'terms'], 'readwrite');
  const encounters = transaction.objectStore('encounters');
  const words = change.sentence == null ? {} : { sentence: change.sentence.slice(0, MAX_SENTENCE) };
  const next = asEncounter({ ...asEncounter(await encounters.get(id)), ...change, ...words });
  await encounters.put(next);
  if (next.state === 'paid' || next.state === 'unpaid') await transaction.objectStore('terms').delete(id);
  await transaction.done;
  return next;
}

/** Keeps the terms of a 402 that is put to the reader, until it is answered. @throws {MalformedError} */
export async function keepTerms(id: string, terms: TermsText): Promise<void> {
  await (await database()).put('terms', { id, ...asTermsText(terms) });
}

/** The terms that the reader was asked about; null when there are none that can be read. */
export async function termsKeptOf(id: string): Promise<TermsText | null> {
  return readable(asTermsText, await (await database()).get('terms', id));
}

/**
 * Takes an open question, or one that waits in the popup, to answer it. Two windows, a double click, a late click:
 * only the first gets it.
 *
 * @throws {StaleQuestionError}
 */
export async function claimQuestion(
  id: string,
  state: 'asking' | 'listed' = 'asking',
): Promise<EncounterRecord> {
  const transaction = (await database()).transaction('encounters', 'readwrite');
  const stored = readable(asEncounter, await transaction.store.get(id));
  if (stored?.state !== state) throw new StaleQuestionError();
  const claimed = { ...stored, state: 'handling' as const };
  await transaction.store.put(claimed);
  await transaction.done;
  return claimed;
}

/** The record of one 402; null when there is none that can be read. */
export async function encounterOf(id: string): Promise<EncounterRecord | null> {
  return readable(asEncounter, await (await database()).get('encounters', id));
}

export async function encountersIn(state: State): Promise<readonly EncounterRecord[]> {
  return readableOf(await (await database()).getAllFromIndex('encounters', 'stateAt', allOf(state)));
}

/** The 402s of a tab that are in a state, oldest first, or the oldest `limit` of them. */
export async function encountersOfTabIn(
  tabId: number,
  state: State,
  limit?: number,
): Promise<readonly EncounterRecord[]> {
  const range = IDBKeyRange.bound([tabId, state], [tabId, state, []]);
  return readableOf(await (await database()).getAllFromIndex('encounters', 'tabState', range, limit));
}

/** How many 402s of a tab are in a state: counted, not read. */
export async function countOfTabIn(tabId: number, state: State): Promise<number> {
  return (await database()).countFromIndex(
    'encounters',
    'tabState',
    IDBKeyRange.bound([tabId, state], [tabId, state, []]),
  );
}

/** The newest 402s of a tab, oldest first. @param since unix milliseconds. */
export async function encountersOfTab(tabId: number, since = 0): Promise<readonly EncounterRecord[]> {
  const found = await newestOf('tabAt', IDBKeyRange.bound([tabId, since], [tabId, []]), OF_TAB);
  return found.reverse();
}

/** Every 402 that this request of this document has got. */
export async function encountersOfRequest(
  documentId: string,
  url: string,
): Promise<readonly EncounterRecord[]> {
  return readableOf(await (await database()).getAllFromIndex('encounters', 'documentUrl', [documentId, url]));
}

/** The newest 402s that were not paid, newest first. */
export async function newestUnpaid(limit: number): Promise<readonly EncounterRecord[]> {
  return newestOf('stateAt', allOf('unpaid'), limit);
}

/**
 * Ends what was begun before `before`, in unix milliseconds, and is still being looked at. It is found by its key: one
 * that can't be read is deleted, and holds up none of the others.
 */
export async function endHandling(before: number, change: Change): Promise<void> {
  const range = IDBKeyRange.bound(['handling'], ['handling', before], false, true);
  for (const id of await (await database()).getAllKeysFromIndex('encounters', 'stateAt', range))
    try {
      await changeEncounter(id, change);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      await deleteEncounters([id]);
    }
}

/** Deletes records, and the terms that are kept for them, without a look at what is in them. */
export async function deleteEncounters(ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const transaction = (await database()).transaction(['encounters', 'terms'], 'readwrite');
  for (const id of ids) {
    await transaction.objectStore('encounters').delete(id);
    await transaction.objectStore('terms').delete(id);
  }
  await transaction.done;
}

async function newestOf(
  name: 'stateAt' | 'tabAt',
  range: IDBKeyRange,
  limit: number,
): Promise<EncounterRecord[]> {
  const found: EncounterRecord[] = [];
  const index = (await database()).transaction('encounters').store.index(name);
  for (
    let at = await index.openCursor(range, 'prev');
    at !== null && found.length < limit;
    at = await at.continue()
  )
    found.push(at.value);
  return readableOf(found);
}

/** Those that can be read. The others answer nothing any more: they are deleted, and hold up nobody. */
async function readableOf(stored: readonly EncounterRecord[]): Promise<EncounterRecord[]> {
  const records = stored.map((one) => readable(asEncounter, one));
  await deleteEncounters(stored.flatMap(({ id }, index) => (records[index] === null ? [id] : [])));
  return records.filter((one) => one !== null);
}

/** What was stored, or null when it can't be read. 402s decide nothing about money: payments do. */
function readable<T>(parse: (value: unknown) => T, stored: unknown): T | null {
  try {
    return parse(stored);
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

function allOf(state: State): IDBKeyRange {
  return IDBKeyRange.bound([state], [state, []]);
}

export function priceOf({ requirements, asset, network, payTo, microUsd }: Quote): PriceRecord {
  return {
    amount: requirements.amount.toString(),
    microUsd: microUsd.toString(),
    asset: asset.address,
    symbol: asset.symbol,
    decimals: asset.decimals,
    network: network.id,
    payTo,
  };
}

/** The price of a 402 as terms, to compare it with others. @throws {NotAnAmountError} */
export function termsOfPrice({ amount, microUsd, ...rest }: PriceRecord): Terms {
  return { ...rest, amount: parseAtomic(amount), microUsd: parseAtomic(microUsd) };
}

/** The question was answered already, or the page that asked it is gone. */
export class StaleQuestionError extends TuppenceError {
  override readonly name = 'Encounter.StaleQuestionError';
  constructor() {
    super('This question is not open any more. Nothing was paid by it.');
  }
}
