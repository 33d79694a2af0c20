import { browser } from 'wxt/browser';

/** Whether a window is still there. */
export function isOpen(windowId: number): Promise<boolean> {
  return browser.windows.get(windowId).then(
    () => true,
    () => false,
  );
}
