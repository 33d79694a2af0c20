/**
 * What a reader has paid for stays readable in their own browser for a while: going back to it asks, and costs,
 * nothing. `private` keeps it out of shared caches.
 */
export const paidCacheControl = 'private, max-age=600';

/** Free pages are the same for everyone. */
export const freeCacheControl = 'public, max-age=60';

/** On every answer. Scripts come from our own origin and from nowhere in the text. */
export const commonHeaders: readonly (readonly [string, string])[] = [
  ['content-security-policy', "script-src 'self'; object-src 'none'; base-uri 'none'"],
  ['referrer-policy', 'strict-origin-when-cross-origin'],
  ['x-content-type-options', 'nosniff'],
];
