/** What a page may ask of the extension by name; it uses its own session and the reader's rules. */
export type Provider = {
  /** The 402 as it is: unpaid, and nobody is asked. */
  readonly quote: typeof fetch;
  /** Pays under the reader's rules, or asks the reader; the 402 itself when it was not paid. */
  readonly fetch: typeof fetch;
};

const INFO = {
  uuid: crypto.randomUUID(),
  name: 'Tuppence',
  rdns: 'org.tuppence',
  icon: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" viewBox="-1 -1 2 2"><circle r="1" fill="%23b4532a"/></svg>',
};

/** Announces the provider in the manner of EIP-6963: now, and whenever a page asks. */
export function announceProvider(provider: Provider): void {
  const detail = Object.freeze({ info: INFO, provider });
  const announce = () => dispatchEvent(new CustomEvent('x402:announceProvider', { detail }));
  addEventListener('x402:requestProvider', announce);
  announce();
}
