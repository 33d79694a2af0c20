/**
 * What stands between a reader and a payment, before anything is signed. Data only: the words are the locale's.
 *
 * - `hidden`: a 402 of another origin whose terms the page is not allowed to read.
 * - `blocked`: another origin's terms can be read, but its preflight refuses the payment header.
 * - `unpayable`: the terms can be read, and nothing in them can be paid here; `detail` says why, in English. The file that every
 *   page loads has no words for it; the till finds them.
 */
export type Fault =
  | { readonly code: 'no-source' }
  | { readonly code: 'offline' }
  | { readonly code: 'bad-setting'; readonly name: 'max-amount' | 'pay-to' }
  | { readonly code: 'unreachable' | 'no-terms' | 'hidden' | 'blocked'; readonly host: string }
  | { readonly code: 'bad-status'; readonly host: string; readonly status: number }
  | { readonly code: 'forwarded'; readonly from: string; readonly to: string }
  | {
      readonly code: 'unpayable';
      readonly detail: string;
      readonly header: string | null;
      /** Empty when it was not needed. */
      readonly body: string;
    }
  | { readonly code: 'too-dear'; readonly price: string; readonly most: string }
  | { readonly code: 'other-payee'; readonly payTo: string };

/** Those with words of their own among the later ones. */
export type SpokenFault = Exclude<Fault, { readonly code: 'offline' }>;

/** Faults that may be gone at the next try. */
export function isPassing({ code }: Fault): boolean {
  return code === 'unreachable' || code === 'bad-status' || code === 'offline';
}
