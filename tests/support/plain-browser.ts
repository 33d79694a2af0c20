import { type BrowserContext, chromium } from 'playwright';
import { findChromium } from '../../extension/reader/chromium.mjs';
import { NoChromiumError } from '../../extension/reader/launch.ts';

/**
 * The Chromium that `launchPayingBrowser` starts, with the same switches, but without the extension.
 *
 * @throws {NoChromiumError}
 */
export async function launchPlainBrowser(): Promise<BrowserContext> {
  const executablePath = await findChromium();
  if (executablePath === null) throw new NoChromiumError();
  return chromium.launchPersistentContext('', {
    executablePath,
    ignoreDefaultArgs: ['--disable-popup-blocking'],
    headless: false,
    viewport: { width: 1280, height: 900 },
    args: [
      '--headless=new',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
