import { browser } from 'wxt/browser';

const KEY = 'browserSession';

let known: Promise<string> | null = null;

/**
 * A name for this session of the browser: the same in every life of the background until the browser ends. What
 * the browser numbers, such as requests, tabs and rules, means nothing beyond it.
 */
export function browserSession(): Promise<string> {
  known ??= (async () => {
    const stored: unknown = (await browser.storage.session.get(KEY))[KEY];
    if (typeof stored === 'string') return stored;
    const made = crypto.randomUUID();
    await browser.storage.session.set({ [KEY]: made });
    return made;
  })();
  return known;
}
