import type { Page } from 'playwright';

/** Ends the extension's background as the browser does when it is idle; the next event starts it anew. */
export async function killBackground(own: Page): Promise<void> {
  const session = await own.context().newCDPSession(own);
  const stopped = new Promise<void>((resolve) =>
    session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
      if (versions.some(({ runningStatus }) => runningStatus === 'stopped')) resolve();
    }),
  );
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await stopped;
  await session.detach();
}
