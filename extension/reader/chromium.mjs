import { existsSync } from 'node:fs';

/**
 * Where a Chromium that loads unpacked extensions is, or null. Branded Chrome ignores `--load-extension` since
 * version 137, so it does not count. Plain JavaScript, because setup runs it before anything is installed.
 *
 * @returns {Promise<string | null>}
 */
export async function findChromium() {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH !== undefined) return CHROMIUM_PATH;
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/snap/bin/chromium'];
  const playwright = await playwrightChromium();
  return [...places, ...(playwright === null ? [] : [playwright])].find((path) => existsSync(path)) ?? null;
}

/** @returns {Promise<string | null>} where Playwright keeps its own, whether or not it has been downloaded. */
async function playwrightChromium() {
  try {
    const { chromium } = await import('playwright');
    return chromium.executablePath();
  } catch {
    return null; // Not installed yet.
  }
}
