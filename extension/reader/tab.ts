import type { BrowserContext, Page } from 'playwright';
import { TuppenceError } from 'tuppence/core';
import { eventually } from './waiting.ts';

/** A tab as Playwright and as the extension know it. */
export type Tab = {
  readonly page: Page;
  /** The extension's number for it. */
  readonly id: number;
  /** Brings the tab forward when another is in front: the extension pays only for what the reader looks at. */
  readonly show: () => Promise<void>;
};

/**
 * Opens an empty tab through `own`, one of the extension's pages, which learns its number in the same breath.
 *
 * @throws {NoTabError}
 */
export async function openTab(context: BrowserContext, own: Page): Promise<Tab> {
  const url = `about:blank#${crypto.randomUUID()}`;
  const id = await createTab(own, url);
  const page = await eventually(() => context.pages().find((one) => one.url() === url) ?? null);
  if (page === null) throw new NoTabError();
  return {
    page,
    id,
    async show() {
      if (!(await isActive(own, id))) await page.bringToFront();
    },
  };
}

async function createTab(own: Page, url: string): Promise<number> {
  return own.evaluate<number>(`chrome.tabs.create({ url: '${url}' }).then(({ id }) => id)`);
}

async function isActive(own: Page, id: number): Promise<boolean> {
  return own.evaluate<boolean>(`chrome.tabs.get(${id}).then(({ active }) => active)`);
}

export class NoTabError extends TuppenceError {
  override readonly name = 'Reader.NoTabError';
  constructor() {
    super('The browser opened no new tab.');
  }
}
