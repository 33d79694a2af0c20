import { TuppenceError } from 'tuppence/core';
import { redacted } from './redacted.ts';

/** What `--help` prints, and what follows the sentence about a wrong call. */
export const USAGE = `Usage: npm run read -- <url> [options]

Opens <url> in a headless Chromium that pays HTTP 402 (x402) by itself, inside the limits given here, waits until
the payments that the page caused are finished, and prints one JSON object on stdout.

  --key-file FILE         private key to pay with, 32 bytes in hexadecimal; or READER_PRIVATE_KEY in the
                          environment; else a throwaway key, whose address is printed on stderr
  --auto-pay USD          most that one payment may cost (default 0.10)
  --budget USD            most that may be spent in a day (default 2)
  --allow-site ORIGIN     pay only this site, such as https://example.com, for what is its own; repeatable; default:
                          every site
  --allow-site SITE+ORIGIN
                          pay ORIGIN too for what it has on the pages of SITE, such as
                          https://example.com+https://cdn.example; repeatable; without it what other origins have on
                          a page is not paid
  --rpc CAIP2=URL         JSON-RPC endpoint of a network, such as eip155:8453=https://…; repeatable; for balances
                          and for asking the chain how a payment ended
  --wait-for SELECTOR     each page is finished only when this CSS selector matches something visible on it
  --screenshot FILE       PNG of what the last page shows
  --timeout SECONDS       for all pages together (default 60)
  --then URL              a further page, opened after the one before it; repeatable
  --help                  this text

Exit codes: 0 every page ended readable; 1 a payment was refused by these limits, or can't be made; 2 bad usage;
3 timed out; 4 a page could not be read for another reason.
`;

/** The command was called wrongly; `message` says what to change. */
export class UsageError extends TuppenceError {
  override readonly name = 'Reader.UsageError';
  constructor(sentence: string) {
    super(redacted(sentence));
  }
}
