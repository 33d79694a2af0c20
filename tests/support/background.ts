import type { CDPSession, Page } from 'playwright';

/** Ends the extension's background as the browser does when it is idle; the next event starts it anew. */
export async function killBackground(own: Page): Promise<void> {
  const session = await own.context().newCDPSession(own);
  await stopWorkers(session, own.url().split('/').slice(0, 3).join('/'));
  await session.detach();
}

/**
 * Ends every service worker of the session's browser, and waits for those of `extension`, the beginning of its
 * addresses.
 *
 * @returns the scopes of all that are registered.
 */
export async function stopWorkers(session: CDPSession, extension: string): Promise<readonly string[]> {
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
  return [...scopes];
}
