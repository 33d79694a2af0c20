import { readSession, writeSession } from '../storage/session.ts';

let known: Promise<string> | null = null;

/**
 * A name for this session of the browser: the same in every life of the background until the browser ends. What
 * the browser numbers, such as requests, tabs and rules, means nothing beyond it.
 */
export function browserSession(): Promise<string> {
  known ??= readOrMake().catch((error: unknown) => {
    known = null; // The next one tries anew.
    throw error;
  });
  return known;
}

async function readOrMake(): Promise<string> {
  const stored = await readSession('browserSession');
  if (stored !== null) return stored;
  const made = crypto.randomUUID();
  await writeSession('browserSession', made);
  return made;
}
