import { type Json, TuppenceError } from 'tuppence/core';
import { browser } from 'wxt/browser';
import type { OwnKind, OwnMessages } from './own-messages.ts';

/** How the background answers one of our own pages. */
export type Reply =
  | { readonly value: unknown }
  | { readonly error: { readonly name: string; readonly message: string } };

/** What a page sends: as the background parses it, so amounts are decimal strings here. */
export type Sent = { readonly [field: string]: Json | Sent | undefined };

/**
 * Asks the background from one of our own pages.
 *
 * @throws {BackgroundError} with the name and the sentence of what went wrong there.
 */
export async function askBackground<Kind extends OwnKind>(
  kind: Kind,
  input: Sent,
): Promise<OwnMessages[Kind]['output']> {
  const reply: Reply = await browser.runtime.sendMessage({ ...input, kind });
  if ('error' in reply) throw new BackgroundError(reply.error.name, reply.error.message);
  return reply.value as OwnMessages[Kind]['output']; // Holds: both ends are this build, typed by the same map.
}

/** Something the background refused or failed at, told to one of our own pages. */
export class BackgroundError extends TuppenceError {
  override readonly name = 'Messaging.BackgroundError';
  /** The literal name of the error over there. */
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
