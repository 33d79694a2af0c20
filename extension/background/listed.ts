import type { Verdict } from 'tuppence/core';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { showListed } from './badge.ts';
import {
  changeEncounter,
  claimQuestion,
  countOfTabIn,
  encountersIn,
  encountersOfTabIn,
} from './encounters.ts';
import { isStanding } from './sites.ts';

const LEFT = { state: 'unpaid', sentence: 'The page was left before an answer.' } as const;

/** Puts a 402 on the popup's list, and its number on the badge. */
export async function listForReader(id: string, verdict: Verdict): Promise<void> {
  const { tabId } = await changeEncounter(id, { state: 'listed', verdict });
  await showListed(tabId, await countListed(tabId));
}

/** What waits in the popup of a tab, oldest first. @param limit how many are read. */
export function listedOf(tabId: number, limit?: number): Promise<readonly EncounterRecord[]> {
  return encountersOfTabIn(tabId, 'listed', limit);
}

/** How many wait in the popup of a tab. */
export function countListed(tabId: number): Promise<number> {
  return countOfTabIn(tabId, 'listed');
}

/** Takes what still waits off the list, to answer it; what is gone or answered already is left out. */
export async function claimListed(ids: readonly string[]): Promise<readonly EncounterRecord[]> {
  const claims = await Promise.allSettled(ids.map((id) => claimQuestion(id, 'listed')));
  const claimed = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
  const [first] = claimed;
  if (first !== undefined) await showListed(first.tabId, await countListed(first.tabId));
  return claimed;
}

/** The page that they were on is gone. */
export async function withdrawListed(tabId: number): Promise<void> {
  await leave(await listedOf(tabId));
}

/** Those whose page has gone while nobody was there to see it. */
export async function withdrawLost(): Promise<void> {
  const listed = await encountersIn('listed');
  const there = await Promise.all(listed.map(isStanding));
  await leave(listed.filter((_, index) => there[index] !== true));
}

async function leave(listed: readonly EncounterRecord[]): Promise<void> {
  for (const { id } of await claimListed(listed.map(({ id }) => id))) await changeEncounter(id, LEFT);
}
