import { TuppenceError } from './errors.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Longest JSON text that is looked at, in UTF-16 code units. Signed offers have been seen at over 16 KB. */
export const MAX_JSON_LENGTH = 65_536;
const MAX_DEPTH = 16;
const FORBIDDEN_KEYS = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * JSON text from outside as a plain value, within limits of size and depth and without prototype keys.
 *
 * @throws {MalformedError} with the path of what was wrong.
 */
export function parseJson(text: string): Json {
  if (text.length > MAX_JSON_LENGTH) throw new MalformedError('', `at most ${MAX_JSON_LENGTH} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new MalformedError('', 'JSON');
  }
  return toJson(value, '', 0);
}

/**
 * Any structured value as {@link Json}: for what was parsed elsewhere (a message, a stored record).
 *
 * @throws {MalformedError} on functions, `undefined`, non-finite numbers, prototype keys, or nesting deeper than 16.
 */
export function toJson(value: unknown, path = '', depth = 0): Json {
  if (depth > MAX_DEPTH) throw new MalformedError(path, `nesting of at most ${MAX_DEPTH} levels`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item, index) => toJson(item, `${path}[${index}]`, depth + 1));
  if (typeof value !== 'object') throw new MalformedError(path, 'a JSON value');
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    if (FORBIDDEN_KEYS.has(key)) throw new MalformedError(`${path}.${key}`, 'an ordinary field name');
    result[key] = toJson(item, path === '' ? key : `${path}.${key}`, depth + 1);
  }
  return result;
}

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
  if (typeof value !== 'string' || value === '') throw new MalformedError(path, 'a text that is not empty');
  if (value.length > max) throw new MalformedError(path, `a text of at most ${max} characters`);
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

/** What came in does not have the shape it must have. */
export class MalformedError extends TuppenceError {
  override readonly name = 'Json.MalformedError';
  /** Path of the bad field, such as `accepts[0].amount`; empty for the whole. */
  readonly path: string;
  /** What should have been there, as words. */
  readonly expected: string;
  constructor(path: string, expected: string) {
    super(path === '' ? `This should be ${expected}.` : `“${path}” should be ${expected}.`);
    this.path = path;
    this.expected = expected;
  }
}
