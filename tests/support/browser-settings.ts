import type { Page } from 'playwright';

type Developer = {
  updateProfileConfiguration(change: object): Promise<void>;
  updateExtensionConfiguration(change: object): Promise<void>;
  addHostPermission(extensionId: string, host: string): Promise<void>;
  reload(extensionId: string, options: object): Promise<unknown>;
};
declare const chrome: { developerPrivate: Developer };

type Access = 'ON_CLICK' | 'ON_SPECIFIC_SITES' | 'ON_ALL_SITES';

/** The browser's own page for extensions, in a tab. */
async function withSettings<T>(
  own: Page,
  use: (settings: Page, extensionId: string) => Promise<T>,
): Promise<T> {
  const settings = await own.context().newPage();
  try {
    await settings.goto('chrome://extensions');
    return await use(settings, new URL(own.url()).host);
  } finally {
    await settings.close();
  }
}

/**
 * Sets on which sites the reader lets the extension look.
 *
 * @param own one of the extension's own pages.
 */
export function setSiteAccess(own: Page, hostAccess: Access, site?: string): Promise<void> {
  return withSettings(own, (settings, id) =>
    settings.evaluate(
      async ([extensionId, access, host]) => {
        await chrome.developerPrivate.updateExtensionConfiguration({ extensionId, hostAccess: access });
        if (host !== null) await chrome.developerPrivate.addHostPermission(extensionId, host);
      },
      [id, hostAccess, site ?? null] as const,
    ),
  );
}

/** Presses the switch for private windows. The extension starts anew with it: `own` is gone then. */
export function switchPrivateWindowsOn(own: Page): Promise<void> {
  return withSettings(own, (settings, id) =>
    settings.evaluate(async (extensionId) => {
      await chrome.developerPrivate.updateProfileConfiguration({ inDeveloperMode: true });
      await chrome.developerPrivate.updateExtensionConfiguration({ extensionId, incognitoAccess: true });
    }, id),
  );
}

/** Starts the extension anew, as an update of it does: `own` is gone then. */
export function reloadExtension(own: Page): Promise<void> {
  return withSettings(own, (settings, id) =>
    settings.evaluate(async (extensionId) => {
      await chrome.developerPrivate.reload(extensionId, { failQuietly: true });
    }, id),
  );
}
