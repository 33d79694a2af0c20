import { duplicateKey } from './duplicate-keys.ts';
import { TuppenceError } from './errors.ts';

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/**
 * Longest JSON text that is looked at, in UTF-16 code units. It is the only limit of length: terms with 60 KB of
 * `outputSchema` have been seen, and what is neither signed nor echoed may be as long as it likes.
 */
export const MAX_JSON_LENGTH = 1_048_576;
const MAX_DEPTH = 64;

/**
 * JSON text from outside as a frozen value: within limits of size and depth, without the key `__proto__`, and without
 * a key that an object has twice, because two readers of such an object may see two prices (RFC 8259, section 4).
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
 * `constructor` and `prototype` are names like any other: API schemas have properties of that name.
 * @throws {MalformedError} on functions, `undefined`, non-finite numbers, the key `__proto__`, or nesting deeper
 * than 64.
 */
export function toJson(value: unknown, path = '', depth = 0): Json {
  if (depth > MAX_DEPTH) throw new MalformedError(path, `nested at most ${MAX_DEPTH} levels deep`);
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value))
    return Object.freeze(value.map((item, index) => toJson(item, `${path}[${index}]`, depth + 1)));
  if (typeof value !== 'object') throw new MalformedError(path, 'a JSON value');
  const result: Record<string, Json> = {};
  for (const [key, item] of Object.entries(value)) {
    const at = (path && `${path}.`) + key;
    if (key === '__proto__') throw new MalformedError(at, 'an ordinary field name');
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
