import { sentenceOf } from 'tuppence/core';
import { UnavailableError } from '../storage/transact.ts';
import { showUnpaid } from './badge.ts';

let sentence: string | null = null;

/** What stands between the reader and their records, in words; null when nothing does. */
export function trouble(): string | null {
  return sentence;
}

/** The records work, as was just seen. */
export function noTrouble(): void {
  sentence = null;
}

/**
 * The records failed where they were needed, so nothing was paid, and that could not be written down either: the
 * badge and the popup say so.
 */
export async function reportTrouble(error: unknown, tabId: number): Promise<void> {
  console.error('A 402 could not be handled.', error);
  sentence = sentenceOf(error instanceof DOMException ? new UnavailableError(error) : error);
  await showUnpaid(tabId);
}
