/**
 * A UUID of version 7 (RFC 9562, section 5.7): new ones sort after old ones, so that among a million payments a new
 * one is written where the last one was, and not at some cold place in between.
 *
 * @param at unix milliseconds
 */
export function timeOrderedId(at: number): string {
  const time = at.toString(16).padStart(12, '0').slice(-12);
  const random = crypto.randomUUID();
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
