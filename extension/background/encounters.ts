import { type Policy, parseAtomic, type Quote, type Terms, TuppenceError } from 'tuppence/core';
import { database } from '../storage/database.ts';
import { asEncounter, type EncounterRecord, type PriceRecord } from '../storage/encounter-record.ts';

/** What the browser has said of the request. */
type Seen = 'tabId' | 'frameId' | 'documentId' | 'kind' | 'initiator' | 'isTabless' | 'url' | 'method';
type Change = Partial<Omit<EncounterRecord, 'id' | 'at'>>;

/** Writes a 402 down as being looked at. */
export async function newEncounter(
  seen: Pick<EncounterRecord, 'site' | 'again' | 'bodyHash' | Seen>,
): Promise<EncounterRecord> {
  const encounter: EncounterRecord = {
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
  };
  await (await database()).put('encounters', encounter);
  return encounter;
}

export async function changeEncounter(id: string, change: Change): Promise<EncounterRecord> {
  const transaction = (await database()).transaction('encounters', 'readwrite');
  const next = { ...asEncounter(await transaction.store.get(id)), ...change };
  await transaction.store.put(next);
  await transaction.done;
  return next;
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
  const stored = await transaction.store.get(id);
  if (stored?.state !== state) throw new StaleQuestionError();
  const claimed = { ...asEncounter(stored), state: 'handling' as const };
  await transaction.store.put(claimed);
  await transaction.done;
  return claimed;
}

export async function encounterOf(id: string): Promise<EncounterRecord | null> {
  const stored = await (await database()).get('encounters', id);
  return stored === undefined ? null : asEncounter(stored);
}

export async function encountersIn(state: EncounterRecord['state']): Promise<readonly EncounterRecord[]> {
  const range = IDBKeyRange.bound([state], [state, []]);
  return (await (await database()).getAllFromIndex('encounters', 'stateAt', range)).map(asEncounter);
}

/** Every 402 of a tab, oldest first. */
export async function encountersOfTab(tabId: number): Promise<readonly EncounterRecord[]> {
  const found = await (await database()).getAllFromIndex('encounters', 'tabId', tabId);
  return found.map(asEncounter).sort((one, other) => one.at - other.at);
}

/** Every 402 that this request of this document has got. */
export async function encountersOfRequest(
  documentId: string,
  url: string,
): Promise<readonly EncounterRecord[]> {
  const found = await (await database()).getAllFromIndex('encounters', 'documentUrl', [documentId, url]);
  return found.map(asEncounter);
}

/** The newest 402s that were not paid, newest first. */
export async function newestUnpaid(limit: number): Promise<readonly EncounterRecord[]> {
  const found: EncounterRecord[] = [];
  const index = (await database()).transaction('encounters').store.index('stateAt');
  const range = IDBKeyRange.bound(['unpaid'], ['unpaid', []]);
  for (
    let at = await index.openCursor(range, 'prev');
    at !== null && found.length < limit;
    at = await at.continue()
  )
    found.push(asEncounter(at.value));
  return found;
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

/** What is left of today's budget, in millionths of a US dollar; null when there is no budget. */
export function leftOf(policy: Policy, spentToday: bigint): bigint | null {
  if (policy.dayBudget === null) return null;
  return policy.dayBudget > spentToday ? policy.dayBudget - spentToday : 0n;
}

/** The question was answered already, or the page that asked it is gone. */
export class StaleQuestionError extends TuppenceError {
  override readonly name = 'Encounter.StaleQuestionError';
  constructor() {
    super('This question is not open any more. Nothing was paid by it.');
  }
}
