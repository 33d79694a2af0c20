import { type Browser, type BrowserContext, chromium } from 'playwright';
import { findChromium } from '../../extension/reader/chromium.mjs';
import { HEADLESS, NoChromiumError, sandboxing } from '../../extension/reader/launch.ts';

/**
 * The Chromium that `launchPayingBrowser` starts, with the same switches, but without the extension.
 *
 * @throws {NoChromiumError}
 */
export async function launchPlainBrowser(): Promise<BrowserContext> {
  return chromium.launchPersistentContext('', {
    executablePath: await executable(),
    ignoreDefaultArgs: ['--disable-popup-blocking'],
    headless: false,
    viewport: { width: 1280, height: 900 },
    args: [
      ...HEADLESS,
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...sandboxing(),
    ],
  });
}

/**
 * A Chromium without the extension, for pages whose readers pay with a wallet. Its contexts share nothing.
 *
 * @throws {NoChromiumError}
 */
export async function launchWalletBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await executable(),
    args: [...HEADLESS, '--disable-gpu', ...sandboxing()],
    env: { ...process.env, LANG: 'C.UTF-8' }, // Else the browser may only save files with ASCII names.
  });
}

async function executable(): Promise<string> {
  const path = await findChromium();
  if (path === null) throw new NoChromiumError();
  return path;
}
