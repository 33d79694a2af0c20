import { changeEncounter, encountersIn } from './encounters.ts';

/**
 * What an earlier life of the background was in the middle of looking at is over: nobody waits for it any more.
 * Payments are not touched; they have states of their own.
 */
export async function closeLeftovers(): Promise<void> {
  for (const { id, at } of await encountersIn('handling')) {
    if (at < startedAt)
      await changeEncounter(id, { state: 'unpaid', sentence: 'Interrupted. Load the page again.' });
  }
}

const startedAt = Date.now();
