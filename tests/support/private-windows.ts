import type { BrowserContext, Page } from 'playwright';
import { askThrough } from '../../extension/reader/own-page.ts';
import { until } from '../../extension/reader/waiting.ts';
import { switchPrivateWindowsOn } from './browser-settings.ts';

declare const chrome: { windows: { create(options: object): Promise<unknown> } };

/**
 * Presses the browser's own switch for an extension in private windows. The extension starts anew with it.
 *
 * @returns one of the extension's own pages, in an ordinary tab.
 */
export async function allowInPrivateWindows(context: BrowserContext, welcome: string): Promise<Page> {
  const own = await context.newPage();
  await own.goto(welcome);
  await switchPrivateWindowsOn(own);
  return openAgain(context, welcome);
}

/** Opens one of the extension's own pages once the extension has started anew. */
export async function openAgain(context: BrowserContext, welcome: string): Promise<Page> {
  const page = await context.newPage();
  const isBack = () =>
    page
      .goto(welcome)
      .then(() => askThrough(page, 'overview', { tabId: null }))
      .then(
        () => true,
        () => false,
      );
  await until(isBack, AbortSignal.timeout(20_000));
  return page;
}

/** Opens `url` in a new private window. */
export async function openPrivately(own: Page, url: string): Promise<Page> {
  const opened = own.context().waitForEvent('page');
  await own.evaluate((address) => chrome.windows.create({ incognito: true, url: address }), url);
  return opened;
}
