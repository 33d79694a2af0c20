import type { BrowserContext, Page } from 'playwright';
import { askThrough } from '../../extension/reader/own-page.ts';
import { until } from './reader.ts';

type Developer = {
  updateProfileConfiguration(change: object): Promise<void>;
  updateExtensionConfiguration(change: object): Promise<void>;
};
declare const chrome: {
  developerPrivate: Developer;
  extension: { inIncognitoContext: boolean };
  windows: { create(options: object): Promise<unknown> };
};

/**
 * Presses the browser's own switch for an extension in private windows. The extension starts anew with it.
 *
 * @returns one of the extension's own pages, in an ordinary tab.
 */
export async function allowInPrivateWindows(context: BrowserContext, welcome: string): Promise<Page> {
  const id = new URL(welcome).host;
  const settings = await context.newPage();
  await settings.goto('chrome://extensions');
  await settings.evaluate(async (extensionId) => {
    await chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
    await chrome.developerPrivate.updateExtensionConfiguration({ extensionId, incognitoAccess: true });
  }, id);
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
  await settings.close();
  return page;
}

/** Opens `url` in a new private window. */
export async function openPrivately(own: Page, url: string): Promise<Page> {
  const opened = own.context().waitForEvent('page');
  await own.evaluate((address) => chrome.windows.create({ incognito: true, url: address }), url);
  return opened;
}
