/**
 * SHA-256 of what a page's request has sent, as hex: two orders at one address are two purchases. Null when it sent
 * nothing, or something else than text, of which no copy is there: then the reader is asked about a second one.
 *
 * @param sent as the page's script says; it could as well make the request to another address
 */
export async function bodyHashOf(method: string, sent: string | null): Promise<string | null> {
  if (sent === null || method === 'GET' || method === 'HEAD') return null; // Those send none, whatever they were given.
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(sent)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
