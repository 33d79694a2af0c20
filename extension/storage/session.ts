import { browser } from 'wxt/browser';

/** Names that are kept in the browser's session. All are short; the browser has room for 10 MB. */
const NAMES = ['browserSession', 'sessionKey', 'sessionKeyOfPrivateWindows'] as const;
export type SessionName = (typeof NAMES)[number];

/** The text that is kept until the browser ends; null when there is none. */
export async function readSession(name: SessionName): Promise<string | null> {
  const stored: unknown = (await browser.storage.session.get(name))[name];
  return typeof stored === 'string' ? stored : null;
}

/** Keeps a text until the browser ends. When there is no room, whatever else is there makes room. */
export async function writeSession(name: SessionName, text: string): Promise<void> {
  const { session } = browser.storage;
  try {
    await session.set({ [name]: text });
  } catch {
    const own: readonly string[] = NAMES;
    const others = Object.keys(await session.get(null)).filter((key) => !own.includes(key));
    await session.remove(others);
    await session.set({ [name]: text });
  }
}

export async function removeSession(name: SessionName): Promise<void> {
  await browser.storage.session.remove(name);
}
