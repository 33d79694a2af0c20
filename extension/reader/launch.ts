import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright';
import { TuppenceError } from 'tuppence/core';
import type { Reply, Sent } from '../messaging/ask-background.ts';
import type { OwnKind, OwnMessages } from '../messaging/own-messages.ts';
import { findChromium } from './chromium.mjs';

const EXTENSION = fileURLToPath(new URL('../../.output/chrome-mv3', import.meta.url));

export type PayingBrowser = {
  readonly context: BrowserContext;
  /** Address of one of the extension's pages, such as `popup.html`. */
  readonly extensionUrl: (page: string) => string;
  /** Asks the extension's background what its own pages may ask. @throws {ExtensionError} */
  readonly ask: <Kind extends OwnKind>(kind: Kind, input: Sent) => Promise<OwnMessages[Kind]['output']>;
  readonly close: () => Promise<void>;
};

export type LaunchOptions = {
  readonly headless?: boolean;
  /** Kept afterwards when given; else a temporary profile that goes with the browser. */
  readonly profile?: string;
  readonly args?: readonly string[];
};

/**
 * Chromium with the built extension, ready: its background listens before the first page is opened.
 *
 * @throws {NoChromiumError}
 */
export async function launchPayingBrowser(options: LaunchOptions = {}): Promise<PayingBrowser> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new NoChromiumError();
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'tuppence-profile-')));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: false, // Playwright's own headless is the old shell, which has no extensions.
    viewport: options.headless === false ? null : { width: 1280, height: 900 },
    args: [...(options.headless === false ? [] : ['--headless=new']), ...flags(), ...(options.args ?? [])],
  });
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'));
  const extensionUrl = (page: string) => new URL(page, worker.url()).href;
  const own = await ownPage(context, extensionUrl('welcome.html'));
  return {
    context,
    extensionUrl,
    ask: (kind, input) => askThrough(own, kind, input),
    async close() {
      await context.close();
      if (options.profile === undefined) await rm(profile, { recursive: true, force: true });
    },
  };
}

function flags(): string[] {
  return [
    `--disable-extensions-except=${EXTENSION}`,
    `--load-extension=${EXTENSION}`,
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
}

/** The first tab becomes one of the extension's pages: through it we speak with the background. */
async function ownPage(context: BrowserContext, url: string): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  await page.goto(url);
  await askThrough(page, 'overview', { tabId: null });
  return page;
}

async function askThrough<Kind extends OwnKind>(
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

export class NoChromiumError extends TuppenceError {
  override readonly name = 'Reader.NoChromiumError';
  constructor() {
    super('No Chromium was found. Run `npm run setup`, or set CHROMIUM_PATH.');
  }
}
