import { MalformedError } from './json.ts';

/** @throws {MalformedError} when `value` is not an object. `path` names the field in the error. */
export function asObject(value: unknown, path: string): { readonly [key: string]: unknown } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MalformedError(path, 'an object');
  // Holds: any non-null, non-array object can be read by string keys; every field stays unknown.
  return value as { readonly [key: string]: unknown };
}

/** @throws {MalformedError} when `value` is not an array of at most `max` items. */
export function asArray(value: unknown, path: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new MalformedError(path, 'a list');
  if (value.length > max) throw new MalformedError(path, `a list of at most ${max} items`);
  return value;
}

/** @throws {MalformedError} when `value` is not a string of 1 to `max` UTF-16 code units. */
export function asString(value: unknown, path: string, max = 4096): string {
  if (typeof value !== 'string' || value === '' || value.length > max)
    throw new MalformedError(path, `a text of 1 to ${max} characters`);
  return value;
}

/** A text, or null when the field is absent, null, empty or too long. For words that are only ever shown. */
export function asTextOrNull(value: unknown, max = 1024): string | null {
  return typeof value === 'string' && value !== '' && value.length <= max ? value : null;
}

/** @throws {MalformedError} when `value` is not a safe integer of at least `min`. */
export function asInteger(value: unknown, path: string, min: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min)
    throw new MalformedError(path, `a whole number of at least ${min}`);
  return value;
}

/** @throws {MalformedError} when `value` is not a boolean. */
export function asBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw new MalformedError(path, 'true or false');
  return value;
}

/** @throws {MalformedError} when `value` is not one of `choices`. */
export function asOneOf<const T extends string>(value: unknown, path: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new MalformedError(path, `one of ${choices.join(', ')}`);
  return found;
}
