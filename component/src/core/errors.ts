/**
 * Base of every error that this code throws on purpose.
 *
 * Subclasses set a literal `name` of the form `Module.ReasonError`, so a `switch` on it narrows the type, and keep
 * their facts in fields. `message` is one English sentence that a person can act on; it never holds secrets.
 */
export abstract class TuppenceError extends Error {
  abstract override readonly name: string;
}

/** The sentence of anything that was thrown, for a log line or a notice. */
export function sentenceOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
