import { type PaymentHeader, type SignInHeader, TuppenceError } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import type { RequestKind } from '../storage/request-kind.ts';
import { PAYABLE_TYPES, resourceTypeOf } from './resource-types.ts';

/** The one request that may carry the header. */
export type RuleTarget = {
  readonly tabId: number;
  /** Exact, without a fragment. */
  readonly url: string;
  readonly method: string;
  readonly kind: RequestKind;
  /** Origin of the document that makes the request; null for a navigation. */
  readonly initiator: string | null;
  /** A worker makes the request, in no tab that the browser knows of; or the page does, past that worker. */
  readonly isTabless: boolean;
};

const NO_TAB = -1;
const PARTS = PAYABLE_TYPES.filter((type) => type !== 'main_frame');

/** What may be put on a request: a payment, or a sign-in. Both are secrets of the reader. */
export type ArmedHeader = PaymentHeader | SignInHeader;

/**
 * Puts `header` on the next request that matches `target` in tab, exact URL, method and type. The browser adds it
 * below the page and below CORS, and drops it on a redirect to another origin.
 *
 * @throws when the browser refuses the rule; then nothing is armed.
 */
export async function armHeaderRule(id: number, target: RuleTarget, header: ArmedHeader): Promise<void> {
  const condition: Browser.declarativeNetRequest.RuleCondition = {
    regexFilter: patternOf(target.url),
    isUrlFilterCaseSensitive: true,
    // Without the method, a page's own CORS preflight would carry the payment.
    requestMethods: [asMethod(target.method)],
    // Past its service worker, a page asks by the true type; through it, everything is a fetch.
    resourceTypes: target.isTabless ? [...PARTS] : [resourceTypeOf(target.kind)],
    tabIds: target.isTabless ? [target.tabId, NO_TAB] : [target.tabId],
    ...(target.initiator === null ? {} : { initiatorDomains: [new URL(target.initiator).hostname] }),
  };
  const action: Browser.declarativeNetRequest.RuleAction = {
    type: 'modifyHeaders',
    requestHeaders: [{ header: header.name, operation: 'set', value: header.value }],
  };
  await browser.declarativeNetRequest.updateSessionRules({
    addRules: [{ id, priority: 1000, condition, action }],
  });
}

/**
 * Asks the browser whether its rule engine takes a rule for this address: before anything is signed.
 *
 * @throws {UnsupportedAddressError}
 */
export async function assertCanArm(url: string): Promise<void> {
  const regex = patternOf(url);
  const { isSupported } = await browser.declarativeNetRequest.isRegexSupported({
    regex,
    isCaseSensitive: true,
  });
  if (!isSupported) throw new UnsupportedAddressError();
}

export async function disarmHeaderRules(ids: readonly number[]): Promise<void> {
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [...ids] });
}

export async function armedRuleIds(): Promise<readonly number[]> {
  return (await browser.declarativeNetRequest.getSessionRules()).map(({ id }) => id);
}

/** `urlFilter` has operators that are legal in URLs and can't be escaped. Fragments may or may not be matched on. */
function patternOf(url: string): string {
  return `^${url.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(#.*)?$`;
}

type Method = NonNullable<Browser.declarativeNetRequest.RuleCondition['requestMethods']>[number];

function asMethod(method: string): Method {
  return method.toLowerCase() as Method; // Holds or is refused by the browser, which knows the list.
}

/** The address is too long or too odd for the browser's rule engine. */
export class UnsupportedAddressError extends TuppenceError {
  override readonly name = 'HeaderRules.UnsupportedAddressError';
  constructor() {
    super('The browser can’t attach a payment to an address this long. Nothing was paid.');
  }
}
