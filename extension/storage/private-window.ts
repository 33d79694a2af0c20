import { browser } from 'wxt/browser';

/**
 * Whether this is the part of the extension that serves private windows. It has a database of its own, which the
 * browser keeps in memory and drops with the last private window (`"incognito": "split"`).
 */
export function isPrivate(): boolean {
  return browser?.extension?.inIncognitoContext === true; // There is no browser where tests and the reader import this.
}
