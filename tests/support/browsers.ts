import './environment.ts';
import type { CDPSession } from 'playwright';
import { launchPayingBrowser, type PayingBrowser } from '../../extension/reader/launch.ts';

/** Browsers that no test uses now, as good as new. To start one takes longer than most tests. */
const idle: PayingBrowser[] = [];
globalThis.idleBrowsers = idle;

/** A browser as it is right after the extension has been installed; closing it keeps it for the next test. */
export async function borrowBrowser(): Promise<PayingBrowser> {
  const browser = idle.pop() ?? (await launchPayingBrowser());
  return {
    ...browser,
    close: async () => {
      const isNew = await renew(browser).then(
        () => true,
        () => false, // A test may have left it in any state; then it goes.
      );
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
  await stopWorkers(session, extensionUrl(''));
  await own.evaluate(forgetAll);
  await session.send('Network.clearBrowserCache');
  await context.clearCookies();
  await stopWorkers(session, extensionUrl('')); // An alarm or a tab may have started it meanwhile.
  await session.detach();
  await own.reload();
  const { wallet, payments, unpaid } = await ask('overview', { tabId: null });
  if (wallet !== 'none' || payments.length + unpaid.length > 0) throw new Error('Something was kept.');
}

/** Ends every service worker, and takes those of sites away. */
async function stopWorkers(session: CDPSession, extension: string): Promise<void> {
  const scopes = new Set<string>();
  session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
    for (const { scopeURL, isDeleted } of registrations) if (!isDeleted) scopes.add(scopeURL);
  });
  const stopped = new Promise<void>((resolve) =>
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      const own = versions.filter(({ scriptURL }) => scriptURL.startsWith(extension));
      if (own.length > 0 && own.every(({ runningStatus }) => runningStatus === 'stopped')) resolve();
    }),
  );
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await stopped;
  for (const scopeURL of scopes)
    if (!scopeURL.startsWith(extension)) await session.send('ServiceWorker.unregister', { scopeURL });
  await session.send('ServiceWorker.disable');
}

declare const chrome: {
  storage: Record<'local' | 'session', { clear(): Promise<void> }>;
  alarms: { clearAll(): Promise<boolean> };
  action: { setBadgeText(details: { text: string }): Promise<void> };
  declarativeNetRequest: {
    getSessionRules(): Promise<{ id: number }[]>;
    updateSessionRules(options: { removeRuleIds: number[] }): Promise<void>;
  };
};

/** Runs in a page of the extension. */
async function forgetAll(): Promise<void> {
  const { storage, alarms, action, declarativeNetRequest: rules } = chrome;
  await Promise.all([storage.local.clear(), storage.session.clear(), alarms.clearAll()]);
  await action.setBadgeText({ text: '' });
  await rules.updateSessionRules({ removeRuleIds: (await rules.getSessionRules()).map(({ id }) => id) });
  for (const { name = '' } of await indexedDB.databases())
    await new Promise<void>((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = () => resolve();
      request.onerror = () => reject(request.error);
    });
}
