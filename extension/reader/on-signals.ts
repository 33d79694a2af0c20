/**
 * Calls `interrupt` with the first signal that asks the process to end; after it, signals do what they always do.
 *
 * @returns a function that stops listening
 */
export function onSignals(interrupt: (signal: NodeJS.Signals) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const release = () => {
    for (const signal of signals) process.off(signal, listener);
  };
  const listener = (signal: NodeJS.Signals) => {
    release();
    interrupt(signal);
  };
  for (const signal of signals) process.on(signal, listener);
  return release;
}
