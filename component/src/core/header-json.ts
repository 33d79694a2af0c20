import { decodeBase64, InvalidBase64Error } from './base64.ts';
import { type Json, parseJson } from './json.ts';

/** Most encodings that are taken off one JSON text; servers have been seen with two. */
const MAX_LAYERS = 4;

/**
 * The JSON values in a header of x402. They should be base64 of UTF-8 JSON; servers also send the JSON text itself,
 * quotation marks around either, percent-encoding, and the whole header twice, which `fetch` joins by a comma.
 *
 * @returns those that can be read, in the order in which they came; at least one.
 * @throws {InvalidBase64Error} {MalformedError} when none can be: what is wrong with the whole.
 */
export function jsonInHeader(header: string): readonly Json[] {
  try {
    return [unwrapped(header)];
  } catch (cause) {
    // JSON texts that are joined by a comma are the items of a list; the other forms have no comma in them.
    const parts = /^\s*\{/.test(header) ? [`[${header}]`] : header.split(',');
    const found = parts.flatMap((part): Json[] => {
      try {
        return [unwrapped(part)].flat() as Json[]; // Holds: items of a list that is Json are Json.
      } catch {
        return [];
      }
    });
    if (found.length === 0) throw cause;
    return found;
  }
}

function unwrapped(header: string, layers = MAX_LAYERS): Json {
  const text = header.trim();
  if (/^[[{]/.test(text)) return parseJson(text);
  if (layers === 0) throw new InvalidBase64Error();
  return unwrapped(withoutLayer(text), layers - 1);
}

function withoutLayer(text: string): string {
  if (text.startsWith('"')) return String(parseJson(text));
  if (!text.includes('%')) return decodeBase64(text);
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidBase64Error();
  }
}
