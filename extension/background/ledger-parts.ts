import type { IDBPObjectStore, StoreNames } from 'idb';
import { MalformedError, type Payee, type Purchase, parseAtomic, sameAddress } from 'tuppence/core';
import type { TuppenceDatabase } from '../storage/database.ts';
import { asOrigin, type OriginRecord } from '../storage/origin-record.ts';
import { dayOf } from '../storage/windows.ts';

type Store<Name extends StoreNames<TuppenceDatabase>, Mode extends IDBTransactionMode> = IDBPObjectStore<
  TuppenceDatabase,
  StoreNames<TuppenceDatabase>[],
  Name,
  Mode
>;
type Reading = 'readonly' | 'readwrite';

/** A counter's figure, zero before its window's first payment. @throws {MalformedError} @throws {NotAnAmountError} */
export async function counterOf(counters: Store<'counters', Reading>, key: string): Promise<bigint> {
  const value: unknown = await counters.get(key);
  return value === undefined ? 0n : parseAtomic(value);
}

/** @throws {NotAnAmountError} when more would be given back than was counted: something is damaged then. */
export async function addTo(
  counters: Store<'counters', 'readwrite'>,
  key: string,
  microUsd: bigint,
): Promise<void> {
  const sum = (await counterOf(counters, key)) + microUsd;
  await counters.put(parseAtomic(sum.toString()).toString(), key);
}

/** The day that `now` counts in: never one before the latest that was counted, so that no clock opens a new budget. */
export async function dayFor(counters: Store<'counters', Reading>, now: number): Promise<string> {
  const latest: unknown = (await counters.get('latest')) ?? '';
  if (typeof latest !== 'string') throw new MalformedError('counters.latest', 'a day');
  const today = dayOf(now);
  return latest > today ? latest : today;
}

type Asked = Pick<Purchase, 'site' | 'url'>;

/**
 * Under what is remembered whom an origin was paid for: itself in the address bar, and apart from that on the pages of
 * each other site, where somebody else may have put what it serves.
 */
function originKey({ site, url }: Asked): string {
  const { origin } = new URL(url);
  return origin === site ? origin : `${site} ${origin}`;
}

/** What is remembered of the origin that is asked. @throws {MalformedError} */
export async function originOf(origins: Store<'origins', Reading>, asked: Asked): Promise<OriginRecord> {
  const origin = originKey(asked);
  return asOrigin((await origins.get(origin)) ?? { origin });
}

export async function changeOrigin(
  origins: Store<'origins', 'readwrite'>,
  asked: Asked,
  change: (origin: OriginRecord) => OriginRecord,
): Promise<void> {
  const known = await originOf(origins, asked);
  const next = change(known);
  if (next !== known) await origins.put(next);
}

/** Whether these terms may be paid to an origin without a question: they were before, or it was never paid. */
export function isPinned({ payees }: OriginRecord, { network, asset, payTo }: Payee): boolean {
  const same = (one: Payee) =>
    one.network === network && sameAddress(one.asset, asset) && sameAddress(one.payTo, payTo);
  return payees.length === 0 || payees.some(same);
}

/**
 * Payments of a site since `since`, but for those of parts of its pages. Those that a clock set back has put in the
 * future count as well.
 */
export async function paymentsSince(
  intents: Store<'intents', Reading>,
  site: string,
  since: number,
): Promise<number> {
  const found = await intents.index('siteAt').getAll(IDBKeyRange.bound([site, since], [site, []], true));
  return found.filter(({ part }) => part !== true).length;
}
