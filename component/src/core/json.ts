import { duplicateKey } from './duplicate-keys.ts';
import { TuppenceError } from './errors.ts';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Longest JSON text that is looked at, in UTF-16 code units. Signed offers have been seen at over 16 KB. */
export const MAX_JSON_LENGTH = 65_536;
/** Longest text inside a JSON value, in UTF-16 code units. */
export const MAX_TEXT_LENGTH = 16_384;
const MAX_KEY_LENGTH = 256;
const MAX_DEPTH = 32;
const FORBIDDEN_KEYS = ['__proto__', 'constructor', 'prototype'];

/**
 * JSON text from outside as a frozen value: within limits of size and depth, without prototype keys, and without a
 * key that an object has twice, because two readers of such an object may see two prices (RFC 8259, section 4).
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
  const json = toJson(value);
  const twice = duplicateKey(text);
  if (twice !== null) throw new MalformedError(twice, 'there once, not twice');
  return json;
}

/**
 * Any structured value as frozen {@link Json}: for what was parsed elsewhere (a message, a stored record).
 *
 * @throws {MalformedError} on functions, `undefined`, non-finite numbers, prototype keys, texts longer than
 * {@link MAX_TEXT_LENGTH}, keys longer than 256, or nesting deeper than 32.
 */
export function toJson(value: unknown, path = '', depth = 0): Json {
  if (depth > MAX_DEPTH) throw new MalformedError(path, `nested at most ${MAX_DEPTH} levels deep`);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'string') {
    if (value.length <= MAX_TEXT_LENGTH) return value;
    throw new MalformedError(path, `a text of at most ${MAX_TEXT_LENGTH} characters`);
  }
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value))
    return Object.freeze(value.map((item, index) => toJson(item, `${path}[${index}]`, depth + 1)));
  if (typeof value !== 'object') throw new MalformedError(path, 'a JSON value');
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const at = (path && `${path}.`) + key.slice(0, MAX_KEY_LENGTH);
    if (FORBIDDEN_KEYS.includes(key) || key.length > MAX_KEY_LENGTH)
      throw new MalformedError(at, 'an ordinary field name');
    result[key] = toJson(item, at, depth + 1);
  }
  return Object.freeze(result);
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
