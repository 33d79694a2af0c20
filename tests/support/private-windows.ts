import type { BrowserContext, Page } from 'playwright';
import { askThrough } from '../../extension/reader/own-page.ts';
import { switchPrivateWindowsOn } from './browser-settings.ts';
import { until } from './reader.ts';

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
  const page = await context.newPage();
  await until(
    () =>
      page
        .goto(welcome)
        .then(() => askThrough(page, 'overview', { tabId: null }))
        .then(
          () => true,
          () => false,
        ),
    (isThere) => isThere,
    'the extension is back',
  );
  return page;
}

/** Opens `url` in a new private window. */
export async function openPrivately(own: Page, url: string): Promise<Page> {
  const opened = own.context().waitForEvent('page');
  await own.evaluate((address) => chrome.windows.create({ incognito: true, url: address }), url);
  return opened;
}
