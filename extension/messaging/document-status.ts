import { browser } from 'wxt/browser';

/** Milliseconds. Where it is not allowed, Chrome may leave a script waiting for a click that lets it run. */
const PATIENCE = 1_000;

/** HTTP status of the document that a tab shows; null when the browser does not let us look. */
export async function documentStatus(tabId: number): Promise<number | null> {
  const look = browser.scripting.executeScript({
    target: { tabId },
    injectImmediately: true, // A page may take long to load.
    func: () => {
      const [navigation] = performance.getEntriesByType('navigation');
      return navigation instanceof PerformanceNavigationTiming ? navigation.responseStatus : 0;
    },
  });
  const patience = new Promise<null>((resolve) => setTimeout(resolve, PATIENCE, null));
  const results = await Promise.race([look.catch(() => null), patience]);
  const status = results?.[0]?.result;
  return typeof status === 'number' ? status : null;
}
