/** Strings, with the colon that makes them keys, and the ends of objects. */
const TOKENS = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g;

/**
 * The first key that some object in a JSON text has twice, however it is escaped, or null.
 *
 * `JSON.parse` keeps the last of two equal keys and says nothing; other readers keep the first.
 * @param text valid JSON: quotation marks then only ever delimit strings.
 */
export function duplicateKey(text: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, literal, colon] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    if (token === '}') open.pop();
    if (literal === undefined || colon === undefined) continue;
    const key: string = JSON.parse(literal);
    const keys = open.at(-1);
    if (keys?.has(key)) return key;
    keys?.add(key);
  }
  return null;
}
