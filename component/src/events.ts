import type { Quote } from './core/index.ts';
import type { ContentKind } from './paywall/content-type.ts';
import type { PaywallState } from './paywall/model.ts';

const OUTWARD = { bubbles: true, composed: true } as const;

/** The element is in another state than before. */
export class X402StateEvent extends Event {
  readonly state: PaywallState;
  constructor(state: PaywallState) {
    super('x402-state', OUTWARD);
    this.state = state;
  }
}

/** The terms were read, and their price is shown. */
export class X402QuoteEvent extends Event {
  readonly quote: Quote;
  constructor(quote: Quote) {
    super('x402-quote', OUTWARD);
    this.quote = quote;
  }
}

/** The reader has pressed; nothing is signed yet. `preventDefault()` stops the payment. */
export class X402PayEvent extends Event {
  /** What will be paid, or null when only the extension can read the price. */
  readonly quote: Quote | null;
  readonly payer: 'extension' | 'wallet';
  constructor(quote: Quote | null, payer: 'extension' | 'wallet') {
    super('x402-pay', { ...OUTWARD, cancelable: true });
    this.quote = quote;
    this.payer = payer;
  }
}

/** The site took the payment, as far as it says: only the chain proves it. */
export class X402PaidEvent extends Event {
  /** Transaction hash as the server gave it, or null when the page can't see one. */
  readonly transaction: string | null;
  readonly quote: Quote | null;
  constructor(transaction: string | null, quote: Quote | null) {
    super('x402-paid', OUTWARD);
    this.transaction = transaction;
    this.quote = quote;
  }
}

/** The content is arriving. `preventDefault()` keeps the element from drawing it, for a page that does so itself. */
export class X402ContentEvent extends Event {
  readonly kind: ContentKind;
  /** Media type, such as `"application/json"`. */
  readonly mediaType: string;
  /** All of it as text; rejects when the connection breaks off. */
  readonly text: () => Promise<string>;
  readonly blob: () => Promise<Blob>;
  constructor(kind: ContentKind, type: string, text: () => Promise<string>, blob: () => Promise<Blob>) {
    super('x402-content', { ...OUTWARD, cancelable: true });
    this.kind = kind;
    this.mediaType = type;
    this.text = text;
    this.blob = blob;
  }
  /** All of it as JSON. @throws {SyntaxError} when it is none. */
  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/**
 * - `unsupported`: these terms can't be paid or read here.
 * - `unreachable`: the endpoint failed before anything was paid.
 * - `no-payer`: there is neither the extension nor a wallet.
 * - `not-paid`: the reader, the wallet or the site declined.
 * - `unknown`: the payment left, and nobody said how it ended.
 * - `not-delivered`: paid, and the content did not come.
 */
export type X402ErrorCode =
  | 'unsupported'
  | 'unreachable'
  | 'no-payer'
  | 'not-paid'
  | 'unknown'
  | 'not-delivered';

/** Something failed. `message` is the sentence that the reader sees. */
export class X402ErrorEvent extends Event {
  readonly code: X402ErrorCode;
  readonly message: string;
  constructor(code: X402ErrorCode, message: string) {
    super('x402-error', OUTWARD);
    this.code = code;
    this.message = message;
  }
}

declare global {
  /** They bubble to the document and the window, and are typed on all three. */
  interface GlobalEventHandlersEventMap {
    'x402-state': X402StateEvent;
    'x402-quote': X402QuoteEvent;
    'x402-pay': X402PayEvent;
    'x402-paid': X402PaidEvent;
    'x402-content': X402ContentEvent;
    'x402-error': X402ErrorEvent;
  }
}
