import './environment.ts';
import type { CDPSession } from 'playwright';
import { expect } from 'vitest';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';
import { stopWorkers } from './background.ts';

/** Browsers that no test uses now, as good as new. To start one takes longer than most tests. */
const idle: PayingBrowser[] = [];
globalThis.idleBrowsers = idle;
/** Milliseconds that a browser gets to become as good as new: many times what it takes. */
const RENEWAL = 15_000;

/** The test file that the idle ones are from. */
let user: string | undefined;

/**
 * A browser as it is right after the extension has been installed; closing it keeps it for the next test of the same
 * file. Another file gets others: whatever a test may do to windows is seen where it was done.
 */
export async function borrowBrowser(): Promise<PayingBrowser> {
  const { testPath } = expect.getState();
  if (testPath !== user) await Promise.all(idle.splice(0).map((browser) => browser.close()));
  user = testPath;
  const browser = idle.pop() ?? (await launchPayingBrowser());
  return {
    ...browser,
    close: async () => {
      // A test may have left it in any state, with a page that does not close: then it goes.
      const isNew = await Promise.race([
        renew(browser).then(
          () => true,
          () => false,
        ),
        new Promise<false>((resolve) => setTimeout(resolve, RENEWAL, false).unref()),
      ]);
      if (isNew) idle.push(browser);
      else await browser.close();
    },
  };
}

/**
 * Forgets all that has happened in a browser: its tabs, what sites and the extension have kept, and what the extension's
 * background holds in memory.
 *
 * @throws when the extension's own page is gone, or anything does not answer.
 */
async function renew({ context, extensionUrl, ask }: PayingBrowser): Promise<void> {
  const own = context.pages().find((page) => page.url() === extensionUrl('welcome.html'));
  if (own === undefined) throw new Error('The page of the extension is gone.');
  context.removeAllListeners('page');
  await Promise.all(context.pages().map((page) => (page === own ? undefined : page.close())));
  const session = await context.newCDPSession(own);
  await endWorkers(session, extensionUrl(''));
  await own.evaluate(forgetAll);
  await session.send('Network.clearBrowserCache');
  await context.clearCookies();
  await endWorkers(session, extensionUrl('')); // An alarm or a tab may have started it meanwhile.
  await session.detach();
  await own.reload();
  const { wallet, payments, unpaid } = await ask('overview', { tabId: null });
  if (wallet !== 'none' || payments.length + unpaid.length > 0) throw new Error('Something was kept.');
}

/** Ends every service worker, and takes those of sites away. */
async function endWorkers(session: CDPSession, extension: string): Promise<void> {
  for (const scopeURL of await stopWorkers(session, extension))
    if (!scopeURL.startsWith(extension)) await session.send('ServiceWorker.unregister', { scopeURL });
  await session.send('ServiceWorker.disable');
}

declare const chrome: {
  storage: Record<'local' | 'session', { clear(): Promise<void> }>;
  alarms: { clearAll(): Promise<boolean> };
  windows: {
    getCurrent(): Promise<{ id: number }>;
    update(id: number, change: { state: 'normal'; focused: true }): Promise<unknown>;
  };
  action: { setBadgeText(details: { text: string }): Promise<void> };
  declarativeNetRequest: {
    getSessionRules(): Promise<{ id: number }[]>;
    updateSessionRules(options: { removeRuleIds: number[] }): Promise<void>;
  };
};

/** Runs in a page of the extension. */
async function forgetAll(): Promise<void> {
  const { storage, alarms, action, windows, declarativeNetRequest: rules } = chrome;
  await Promise.all([storage.local.clear(), storage.session.clear(), alarms.clearAll()]);
  await action.setBadgeText({ text: '' });
  const { id } = await windows.getCurrent();
  await windows.update(id, { state: 'normal', focused: true });
  await rules.updateSessionRules({ removeRuleIds: (await rules.getSessionRules()).map(({ id }) => id) });
  for (const { name = '' } of await indexedDB.databases())
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    });
}
