import { sentenceOf, TuppenceError } from 'tuppence/core';
import type { Activity } from '../messaging/own-messages.ts';
import type { PayingBrowser } from './launch.ts';
import { type PageWatch, watchPage } from './page-watch.ts';
import type { Tab } from './tab.ts';
import { endedReadable, isUnderWay, unfinished } from './unfinished.ts';
import { unlessAborted, until } from './waiting.ts';

/** One page being read, in a tab of its own. */
export type Visit = {
  readonly tab: Tab;
  readonly watch: PageWatch;
  /** What it waits for, as the end of "waiting for …"; null when it waits for nothing. */
  readonly awaits: () => string | null;
  /** Every 402 of the page so far, with the payment that it led to. */
  readonly activity: () => Promise<Activity['items']>;
  /** Resolves once no payment of the page is under way. */
  readonly paymentsEnd: () => Promise<void>;
  /**
   * Opens `url` and waits until the page can be read or has been refused, and its payments are finished.
   *
   * @param waitFor CSS selector that must match something visible, when the page is one that can be read
   * @throws the signal's reason @throws {NotLoadedError}
   */
  readonly read: (url: string, waitFor: string | null, signal: AbortSignal) => Promise<void>;
};

/** Milliseconds of silence after which nothing more is expected, and that a page may chatter on for. */
const SILENCE = 250;
const CHATTER = 5_000;

const NEVER = new AbortController().signal;

/** A new tab, ready to read one page. */
export async function openVisit({ newTab, ask }: PayingBrowser): Promise<Visit> {
  const tab = await newTab();
  const watch = watchPage(tab.page);
  const activity = async () => (await ask('activity', { tabId: tab.id })).items;
  let awaits: string | null = null;
  let loadedAt: number | null = null;

  const look = async () => {
    await tab.show();
    const hasLoaded = await isComplete(tab);
    loadedAt = hasLoaded ? (loadedAt ?? Date.now()) : null;
    const isTalkative = loadedAt !== null && Date.now() - loadedAt > CHATTER;
    const isQuiet = isTalkative || watch.quietFor() >= SILENCE;
    awaits = unfinished({ loads: watch.loads(), hasLoaded, items: await activity(), isQuiet });
    return awaits === null;
  };

  return {
    tab,
    watch,
    activity,
    awaits: () => awaits,
    paymentsEnd: () => until(async () => !(await activity()).some(isUnderWay), NEVER),
    async read(url, waitFor, signal) {
      awaits = 'an answer';
      await unlessAborted(open(tab, url), signal);
      await until(look, signal);
      if (waitFor === null || !endedReadable(watch.loads())) return;
      awaits = `something visible that matches ${waitFor}`;
      const seen = tab.page.locator(`css=${waitFor}`).filter({ visible: true }).first();
      await unlessAborted(seen.waitFor({ timeout: 0 }), signal);
      // What it waited for may have caused more payments.
      await until(look, signal);
    },
  };
}

async function open({ page }: Tab, url: string): Promise<void> {
  try {
    await page.goto(url, { waitUntil: 'commit', timeout: 0 });
  } catch (error) {
    const sentence = sentenceOf(error);
    // An answer without a body: the browser shows its own error page, and the extension may pay all the same.
    if (sentence.includes('ERR_HTTP_RESPONSE_CODE_FAILURE') || sentence.includes('interrupted')) return;
    throw new NotLoadedError(/net::\w+/.exec(sentence)?.[0] ?? null);
  }
}

async function isComplete({ page }: Tab): Promise<boolean> {
  try {
    return (await page.evaluate<string>('document.readyState')) === 'complete';
  } catch {
    return false; // The document was replaced while it was asked.
  }
}

/** No document came: the server can't be reached, or sends something that is no page, such as a download. */
export class NotLoadedError extends TuppenceError {
  override readonly name = 'Reader.NotLoadedError';
  /** Chromium's name for the reason, or null. */
  readonly code: string | null;
  constructor(code: string | null) {
    super(`No page came from it${code === null ? '' : ` (${code})`}.`);
    this.code = code;
  }
}
