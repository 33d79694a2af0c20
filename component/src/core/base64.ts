import { TuppenceError } from './errors.ts';

/** Longest base64 text that is decoded, in characters: more than any text within the JSON limit can come to. */
export const MAX_BASE64_LENGTH = 262_144;

/**
 * Text as padded standard base64 of its UTF-8 bytes, the form x402 headers travel in.
 *
 * Plain `btoa(text)` throws on anything outside Latin-1, such as the token name "USD₮0".
 */
export function encodeBase64(text: string): string {
  let binary = '';
  for (const byte of new TextEncoder().encode(text)) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/**
 * The text inside base64 of UTF-8. Takes the standard and the URL alphabet, with or without padding, because
 * servers send all of these.
 *
 * @throws {InvalidBase64Error} when it is not base64, is longer than {@link MAX_BASE64_LENGTH}, or the bytes are not
 * UTF-8.
 */
export function decodeBase64(encoded: string): string {
  if (encoded.length > MAX_BASE64_LENGTH) throw new InvalidBase64Error();
  const standard = encoded.trim().replace(/-/g, '+').replace(/_/g, '/');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(standard)) throw new InvalidBase64Error();
  try {
    const bytes = Uint8Array.from(atob(standard), (character) => character.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InvalidBase64Error();
  }
}

/** A header that is not base64 of UTF-8 text, or far too long to be terms. */
export class InvalidBase64Error extends TuppenceError {
  override readonly name = 'Base64.InvalidBase64Error';
  constructor() {
    super('The header is not valid base64 text.');
  }
}
