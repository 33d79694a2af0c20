const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Milliseconds in which a signal is the one before it again: npm passes on a Ctrl-C that the terminal sent as well. */
const ECHO = 500;

/**
 * Calls `interrupt` with the first signal that asks the process to end. A second one, sent on purpose, does what
 * signals do to a process that does not listen.
 *
 * @returns a function that stops listening
 */
export function onSignals(interrupt: (signal: NodeJS.Signals) => void): () => void {
  let first: number | null = null;
  const release = () => {
    for (const signal of SIGNALS) process.off(signal, listener);
  };
  const listener = (signal: NodeJS.Signals) => {
    if (first === null) {
      first = Date.now();
      interrupt(signal);
    } else if (Date.now() - first > ECHO) {
      release();
      process.kill(process.pid, signal);
    }
  };
  for (const signal of SIGNALS) process.on(signal, listener);
  return release;
}
