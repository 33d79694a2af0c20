import { changeEncounter, encountersIn, endHandling } from './encounters.ts';
import { withdrawLost } from './listed.ts';
import { dropOldest } from './making-room.ts';
import { forgetOtherSessions } from './out-of-sight.ts';
import { isOpen } from './windows.ts';

const startedAt = Date.now();
const INTERRUPTED = { state: 'unpaid', sentence: 'Interrupted. Load the page again.' } as const;

/**
 * What an earlier life of the background was in the middle of looking at is over, and so are questions whose window
 * went with the browser: nobody waits for them any more. Payments are not touched; they have states of their own.
 */
export async function closeLeftovers(): Promise<void> {
  await endHandling(startedAt, INTERRUPTED);
  for (const { id, at, windowId } of await encountersIn('asking')) {
    if (at < startedAt && windowId !== null && !(await isOpen(windowId)))
      await changeEncounter(id, INTERRUPTED);
  }
  await withdrawLost();
  await forgetOtherSessions();
  await dropOldest();
}
