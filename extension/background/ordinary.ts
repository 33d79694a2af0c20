import { asArray, asInteger, asString, parsePaymentRequiredBody } from 'tuppence/core';
import { browser } from 'wxt/browser';
import type { Detection } from './detections.ts';
import { putNewest } from './newest.ts';

/*
 * Most 402s of the web are not x402: "insufficient credits", polled every second. They cost their page nothing. What
 * the page's script has read decides where it can; an address that was asked for terms and had none is not asked again
 * for an hour. Kept in the browser's session, like what else is only about now.
 */

const KEY = 'no terms';
/** Milliseconds for which an address without terms is not asked again. */
const REMEMBERED = 3_600_000;
/** Addresses that are remembered, and characters of one: a longer one is asked each time. */
const MOST = 500;
const MOST_CHARACTERS = 2_048;

/** Until when an address is not asked for terms, oldest first. */
const until = new Map<string, number>();
let loading: Promise<void> | null = null;

/**
 * Whether a 402 that a page's script has read is not x402, so that it is the page's at once.
 *
 * @param said the body as the script has read it, or null when it could not.
 */
export function isOrdinary(
  { terms, unspecifiedTerms, otherWay, method, wantsHtml }: Detection,
  said: string | null,
): boolean {
  if (said === null || terms !== null || unspecifiedTerms !== null || otherWay !== null) return false;
  // v1 servers keep their terms from what asks for HTML.
  const mayHide = method === 'GET' && wantsHtml && !/^\s*[[{]/.test(said);
  return !mayHide && !namesTerms(said);
}

/** Whether a body has x402 terms, readable ones or others. */
export function namesTerms(body: string | null): boolean {
  if (body === null) return false;
  try {
    return parsePaymentRequiredBody(body) !== null;
  } catch {
    return true;
  }
}

/** Whether the address was asked for terms within the hour, and had none. */
export async function hadNoTerms(url: string): Promise<boolean> {
  await load();
  return (until.get(url) ?? 0) > Date.now();
}

/** Notes that an address that was asked for terms has none. */
export async function noteNoTerms(url: string): Promise<void> {
  if (url.length > MOST_CHARACTERS) return;
  await load();
  putNewest(until, url, Date.now() + REMEMBERED, MOST);
  await browser.storage.session.set({ [KEY]: [...until] });
}

/** Reads what an earlier life of the background has noted. */
function load(): Promise<void> {
  loading ??= (async () => {
    try {
      const stored: unknown = (await browser.storage.session.get(KEY))[KEY] ?? [];
      for (const entry of asArray(stored, KEY, MOST)) {
        const [url, end] = asArray(entry, 'address', 2);
        until.set(asString(url, 'address.url', MOST_CHARACTERS), asInteger(end, 'address.until', 0));
      }
    } catch (error) {
      console.error('Which addresses have no terms can’t be read.', error);
    }
  })();
  return loading;
}
