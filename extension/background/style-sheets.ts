import { onConcluded } from './deliveries.ts';
import type { Answer } from './payments.ts';

/** Milliseconds that one file of a style sheet waits for the answer to another. */
const ANSWERED_WITHIN = 5_000;

/**
 * Pays for a file that a style sheet of a document names, once the one before has come: a style sheet that is loaded
 * again breaks off what its rules were loading.
 */
export function afterOthers(
  { documentId, url }: { readonly documentId: string; readonly url: string },
  pay: () => Promise<Answer>,
): Promise<Answer> {
  return navigator.locks.request(`sheets ${documentId}`, async () => {
    const end = new AbortController();
    const answered = new Promise<void>((resolve) => {
      const stop = onConcluded(({ purchase }) => purchase.url === url && resolve());
      AbortSignal.any([end.signal, AbortSignal.timeout(ANSWERED_WITHIN)]).addEventListener('abort', () => {
        stop();
        resolve();
      });
    });
    const answer = await pay();
    if (answer === 'retry' || answer === 'again') await answered;
    end.abort();
    return answer;
  });
}
