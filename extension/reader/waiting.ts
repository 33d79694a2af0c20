import { setTimeout as sleep } from 'node:timers/promises';
import { TuppenceError } from 'tuppence/core';

/** Milliseconds between two looks at a condition. */
const INTERVAL = 15;
/** Milliseconds in which a browser does what it was told; it takes a hundredth of that. */
const EVENTUALLY = 10_000;

/**
 * Waits until `isDone` says so.
 *
 * @throws the signal's reason as soon as it is aborted, even when a look hangs in a page that does not answer
 */
export async function until(isDone: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await unlessAborted(isDone(), signal))) await sleep(INTERVAL);
}

/** What `find` comes to find, or null when that takes longer than ten seconds. */
export async function eventually<T>(find: () => T | null): Promise<T | null> {
  for (const deadline = Date.now() + EVENTUALLY; Date.now() < deadline; await sleep(INTERVAL)) {
    const found = find();
    if (found !== null) return found;
  }
  return null;
}

/** The promise's value. @throws the signal's reason as soon as it is aborted */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => undefined); // Nobody listens to it any more once the signal has won.
  signal.throwIfAborted();
  let stop = () => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The promise's value, or `fallback` when it fails or takes longer than `milliseconds`. */
export async function orElse<T>(promise: Promise<T>, fallback: T, milliseconds: number): Promise<T> {
  try {
    return await unlessAborted(promise, AbortSignal.timeout(milliseconds));
  } catch {
    return fallback;
  }
}

/** The time for all pages together is over. */
export class TimedOutError extends TuppenceError {
  override readonly name = 'Reader.TimedOutError';
  constructor(seconds: number) {
    super(`Timed out after ${seconds} s`);
  }
}

/** Somebody ended the run by a signal. */
export class InterruptedError extends TuppenceError {
  override readonly name = 'Reader.InterruptedError';
  readonly signal: NodeJS.Signals;
  constructor(signal: NodeJS.Signals) {
    super(`Interrupted by ${signal}`);
    this.signal = signal;
  }
}
