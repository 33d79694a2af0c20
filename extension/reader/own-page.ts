import type { BrowserContext, Page } from 'playwright';
import { TuppenceError } from 'tuppence/core';
import type { Reply, Sent } from '../messaging/ask-background.ts';
import type { OwnKind, OwnMessages } from '../messaging/own-messages.ts';
import { eventually, until } from './waiting.ts';

/** Milliseconds. */
const LOADED_WITHIN = 30_000;

/**
 * One of the extension's own pages at `url`, through which its background is spoken to: the one that a fresh
 * installation opens by itself, since otherwise it would come forward at any moment later on.
 *
 * @param options `isNew`: whether the extension has just been installed; `isOnly`: whether other tabs are closed
 */
export async function ownPage(
  context: BrowserContext,
  url: string,
  { isNew, isOnly }: { readonly isNew: boolean; readonly isOnly: boolean },
): Promise<Page> {
  const opened = () => context.pages().find((one) => one.url() === url) ?? null;
  const page = (isNew ? await eventually(opened) : null) ?? (await context.newPage());
  if (page.url() !== url) await page.goto(url);
  // Asked of the page itself: of one that opens while the browser starts, Playwright may miss the event.
  const isLoaded = async () => (await page.evaluate<string>('document.readyState')) === 'complete';
  await until(isLoaded, AbortSignal.timeout(LOADED_WITHIN));
  await askThrough(page, 'overview', { tabId: null });
  if (isOnly) await Promise.all(context.pages().map((other) => (other === page ? undefined : other.close())));
  return page;
}

/**
 * Asks the background as `page`, one of its own pages.
 *
 * @throws {ExtensionError}
 */
export async function askThrough<Kind extends OwnKind>(
  page: Page,
  kind: Kind,
  input: Sent,
): Promise<OwnMessages[Kind]['output']> {
  const message = JSON.stringify({ ...input, kind });
  const reply = await page.evaluate<Reply>(`chrome.runtime.sendMessage(${message})`);
  if ('error' in reply) throw new ExtensionError(reply.error.name, reply.error.message);
  return reply.value as OwnMessages[Kind]['output']; // Holds: both ends are this build; see askBackground.
}

/** The extension refused or failed at something; `reason` is the literal name of the error there. */
export class ExtensionError extends TuppenceError {
  override readonly name = 'Reader.ExtensionError';
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}
