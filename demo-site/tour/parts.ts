import type { Terminal } from './terminal.ts';

type Part = { stop(): Promise<void> };

/** Starts one thing more, shown as a step; it is stopped when the play is over. */
export type Start = <P extends Part>(what: string, work: () => Promise<P>) => Promise<P>;

/**
 * Lets `play` start what it needs, and stops all of that, the last first, however it ends.
 *
 * @throws the signal's reason when it is aborted before a start, and what starting throws
 */
export async function withParts<T>(
  terminal: Terminal,
  signal: AbortSignal,
  play: (start: Start) => Promise<T>,
): Promise<T> {
  const started: Part[] = [];
  try {
    return await play(async (what, work) => {
      signal.throwIfAborted();
      const part = await terminal.step(what, work);
      started.unshift(part);
      return part;
    });
  } finally {
    for (const one of started) await one.stop();
  }
}
