import type { BrowserContext, Page } from 'playwright';
import type { World } from '../../demo-site/world/index.ts';
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

/** Opens one of the extension's own pages once the extension has started anew: its end closes all that it shows. */
export async function openAgain(context: BrowserContext, welcome: string): Promise<Page> {
  let page = await context.newPage();
  const isBack = async () => {
    if (page.isClosed()) page = await context.newPage();
    return page
      .goto(welcome)
      .then(() => askThrough(page, 'overview', { tabId: null }))
      .then(
        () => true,
        () => false,
      );
  };
  await until(isBack, AbortSignal.timeout(60_000));
  return page;
}

/** Opens `url` in a new private window. */
export async function openPrivately(own: Page, url: string): Promise<Page> {
  const isIt = (page: Page) =>
    page
      .waitForURL(({ href }) => href === new URL(url).href, { waitUntil: 'commit' })
      .then(
        () => true,
        () => false, // A window that has opened meanwhile.
      );
  const opened = own.context().waitForEvent('page', isIt);
  await own.evaluate((address) => chrome.windows.create({ incognito: true, url: address }), url);
  return opened;
}

/** One of the extension's pages in a private window, once that part of the extension answers; it asks the world's chain. */
export async function openPrivatePart(own: Page, options: string, world: World): Promise<Page> {
  const inside = await openPrivately(own, options);
  const answers = () =>
    askThrough(inside, 'overview', { tabId: null }).then(
      () => true,
      () => false,
    );
  await until(answers, AbortSignal.timeout(60_000));
  await askThrough(inside, 'setRpc', { network: world.network, url: world.rpcUrl });
  return inside;
}

/** The question in a private window, which asks for the passphrase where the key is locked. */
export async function privateQuestion(inside: Page): Promise<Page> {
  const isQuestion = (one: Page) => one.url().includes('consent.html');
  const context = inside.context();
  return context.pages().find(isQuestion) ?? (await context.waitForEvent('page', isQuestion));
}
