import { onSignals } from '../../extension/reader/on-signals.ts';

/** What becomes of a Ctrl-C. */
export type Interruption = {
  /** Aborted by the first signal; a second one ends the process at once. */
  readonly signal: AbortSignal;
  /** What shells expect of a process that the signal ended; 0 when there was none. */
  exitCode(): number;
};

const CODES: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

/** Turns the signals that end a process into an `AbortSignal`, so that everything started can be stopped first. */
export function stopOnSignals(): Interruption {
  const controller = new AbortController();
  let code = 0;
  onSignals((name) => {
    code = CODES[name] ?? 1;
    controller.abort(new Error(`Stopped by ${name}.`));
  });
  return { signal: controller.signal, exitCode: () => code };
}
