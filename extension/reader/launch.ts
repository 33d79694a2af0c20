import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, chromium } from 'playwright';
import { TuppenceError } from 'tuppence/core';
import type { Sent } from '../messaging/ask-background.ts';
import type { OwnKind, OwnMessages } from '../messaging/own-messages.ts';
import { findChromium } from './chromium.mjs';
import { askThrough, ownPage } from './own-page.ts';
import { openTab, type Tab } from './tab.ts';
import { eventually } from './waiting.ts';

export { ExtensionError } from './own-page.ts';

const EXTENSION = fileURLToPath(new URL('../../.output/chrome-mv3', import.meta.url));

/**
 * Switches for a Chromium without windows. Nobody hears it either: its audio client would leave a folder of its own
 * among the temporary files.
 */
export const HEADLESS: readonly string[] = ['--headless=new', '--disable-audio-output'];

export type PayingBrowser = {
  readonly context: BrowserContext;
  /** Address of one of the extension's pages, such as `popup.html`. */
  readonly extensionUrl: (page: string) => string;
  /** Asks the extension's background what its own pages may ask. @throws {ExtensionError} */
  readonly ask: <Kind extends OwnKind>(kind: Kind, input: Sent) => Promise<OwnMessages[Kind]['output']>;
  /** A new empty tab in front of the others. */
  readonly newTab: () => Promise<Tab>;
  readonly close: () => Promise<void>;
};

export type LaunchOptions = {
  readonly headless?: boolean;
  /** Kept afterwards when given; else a temporary profile that goes with the browser. */
  readonly profile?: string;
  readonly args?: readonly string[];
  /** Playwright's own flags to leave out. */
  readonly without?: readonly string[];
  /** Keeps the tabs that the browser opens by itself, such as those of a session that it restores. */
  readonly keepTabs?: boolean;
  /** False when the caller closes the browser on Ctrl-C and the like; else that ends the process. */
  readonly endOnSignals?: boolean;
};

/**
 * Chromium with the built extension, ready: its background listens, and its welcome page is the only tab.
 *
 * @throws {NoChromiumError} @throws {NoExtensionError}
 */
export async function launchPayingBrowser(options: LaunchOptions = {}): Promise<PayingBrowser> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new NoChromiumError();
  if (!existsSync(join(EXTENSION, 'manifest.json'))) throw new NoExtensionError();
  // Playwright makes a temporary profile for '', and removes it even when the process ends without `close`.
  const context = await chromium.launchPersistentContext(options.profile ?? '', {
    ...signals(options.endOnSignals !== false),
    executablePath,
    // Pages may not open windows by themselves, as for any reader.
    ignoreDefaultArgs: ['--disable-popup-blocking', ...(options.without ?? [])],
    headless: false, // Playwright's own headless is the old shell, which has no extensions.
    viewport: options.headless === false ? null : { width: 1280, height: 900 },
    args: [...(options.headless === false ? [] : HEADLESS), ...flags(), ...(options.args ?? [])],
  });
  try {
    return await payingBrowser(context, options);
  } catch (error) {
    await context.close();
    throw error;
  }
}

async function payingBrowser(context: BrowserContext, options: LaunchOptions): Promise<PayingBrowser> {
  const origin = await extensionOrigin(context);
  const extensionUrl = (page: string) => `${origin}/${page}`;
  const own = await ownPage(context, extensionUrl('welcome.html'), {
    isNew: options.profile === undefined,
    isOnly: options.keepTabs !== true,
  });
  return {
    context,
    extensionUrl,
    ask: (kind, input) => askThrough(own, kind, input),
    newTab: () => openTab(context, own),
    close: () => context.close(),
  };
}

/** Seen at its background, or at the page that it opens once installed: whichever shows first. */
async function extensionOrigin(context: BrowserContext): Promise<string> {
  const places = () => [...context.serviceWorkers(), ...context.pages()].map((place) => place.url());
  const url = await eventually(() => places().find((one) => one.startsWith('chrome-extension://')) ?? null);
  if (url === null) throw new NoExtensionError();
  return url.split('/').slice(0, 3).join('/');
}

function signals(end: boolean) {
  return { handleSIGINT: end, handleSIGTERM: end, handleSIGHUP: end };
}

/** Switches for a Chromium that has the extension, and keeps to itself. */
export function flags(): string[] {
  return [
    `--disable-extensions-except=${EXTENSION}`,
    `--load-extension=${EXTENSION}`,
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    ...sandboxing(),
  ];
}

/** Chromium's sandbox does not start for root. */
export function sandboxing(): string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

export class NoChromiumError extends TuppenceError {
  override readonly name = 'Reader.NoChromiumError';
  constructor() {
    super('No Chromium was found. Run `npm run setup`, or set CHROMIUM_PATH.');
  }
}

export class NoExtensionError extends TuppenceError {
  override readonly name = 'Reader.NoExtensionError';
  constructor() {
    super('Chromium started without the extension. Run `npm run build`; branded Chrome will not do.');
  }
}
