import type { PaymentHeader, SignInHeader } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { isPrivate } from '../storage/private-window.ts';
import { PAYABLE_TYPES, resourceTypeOf } from './resource-types.ts';
import { hasAsked, NO_TAB, workersOf } from './rivals.ts';

/** The one request that may carry the header, and the one who makes it. */
export type RuleTarget = Pick<
  EncounterRecord,
  | 'tabId'
  | 'frameId'
  | 'documentId'
  | 'topDocumentId'
  | 'url'
  | 'method'
  | 'kind'
  | 'initiator'
  | 'askedBy'
  | 'isTabless'
  | 'again'
>;

/** Hosts of other frames whose requests the rule would match, were they not left out by name. */
export type Strangers = readonly string[];

/** Origin of a document without one. */
const OPAQUE = 'null';
const PARTS = PAYABLE_TYPES.filter((type) => type !== 'main_frame');
/** Rule ids are shared with the part for private windows: each has a range of its own. */
const RANGE = 0x3fff_ffff;
/** Without it, a 402 that was kept in the HTTP cache would answer the paid request of an element. */
const NO_CACHE = { header: 'Cache-Control', operation: 'set', value: 'no-cache' } as const;

/** What may be put on a request: a payment, or a sign-in. Both are secrets of the reader. */
export type ArmedHeader = PaymentHeader | SignInHeader;

/** Only has to differ from the few that are armed. */
export function newRuleId(): number {
  return 1 + Math.floor(Math.random() * RANGE) + (isPrivate() ? RANGE : 0);
}

/**
 * How a rule matches this request and none of another origin in the tab. Rules name who asks by host alone: hosts below
 * it are left out by name, and another port or scheme of the same host can't be told apart. Where such a frame asks for
 * the same address, nothing is armed.
 *
 * @returns null when there is no way.
 */
export async function strangersOf(target: RuleTarget): Promise<Strangers | null> {
  const { tabId, documentId, kind, url, initiator, askedBy, isTabless } = target;
  if (kind === 'navigation') return [];
  if (initiator === OPAQUE) return null; // A sandboxed document: no rule can name it.
  // A rule for a frame names nobody, and so none that has no origin.
  if (initiator === null && askedBy !== OPAQUE && hasAsked(tabId, url, OPAQUE)) return null;
  const frames = (await browser.webNavigation.getAllFrames({ tabId })) ?? [];
  const own = initiator !== null ? [initiator] : ownOrigins(url, frames, documentId);
  const here = frames.flatMap((frame) => originOf(frame.url) ?? []);
  // Workers stand in no tab; of those of other origins only their requests tell.
  const workers = isTabless ? workersOf(url) : [];
  const others = [...here, ...workers].filter((one) => !own.includes(one));
  const hosts = own.map(hostOf);
  const hasRival = others.some(
    (one) => hosts.includes(hostOf(one)) && (workers.includes(one) || hasAsked(tabId, url, one)),
  );
  if (hasRival) return null;
  // A rule without initiators matches all of them; one with some, those of the hosts below as well.
  const wouldMatch = (host: string) => initiator === null || hosts.some((one) => host.endsWith(`.${one}`));
  const isOwn = (host: string) => hosts.some((one) => one === host || one.endsWith(`.${host}`));
  return [...new Set(others.map(hostOf))].filter((host) => wouldMatch(host) && !isOwn(host));
}

/** A frame is loaded again by itself, or by the document around it. */
function ownOrigins(
  url: string,
  frames: readonly { readonly documentId: string; readonly url: string }[],
  documentId: string | null,
): readonly string[] {
  const around = frames.find((frame) => frame.documentId === documentId)?.url ?? '';
  return [url, around].flatMap((one) => originOf(one) ?? []);
}

function originOf(url: string): string | null {
  const origin = URL.canParse(url) ? new URL(url).origin : OPAQUE;
  return origin === OPAQUE ? null : origin;
}

function hostOf(origin: string): string {
  return new URL(origin).hostname;
}

/**
 * Puts `header` on the next request that matches `target` in tab, exact URL, method and type. The browser adds it
 * below the page and below CORS, and drops it on a redirect to another origin.
 *
 * @throws when the browser refuses the rule; then nothing is armed.
 */
export async function armHeaderRule(
  id: number,
  target: RuleTarget,
  strangers: Strangers,
  { name, value }: ArmedHeader,
): Promise<void> {
  await addRule(id, target, strangers, [{ header: name, operation: 'set', value }, NO_CACHE]);
}

/**
 * Whether the browser takes a rule for this request: methods, origins and addresses that it does not know, or that are
 * too long, it refuses. Tried with a rule that carries nothing, before anything is signed.
 */
export async function canArm(target: RuleTarget, strangers: Strangers): Promise<boolean> {
  const id = newRuleId();
  try {
    await addRule(id, target, strangers, [NO_CACHE]);
  } catch {
    return false;
  }
  await disarmHeaderRules([id]);
  return true;
}

async function addRule(
  id: number,
  target: RuleTarget,
  strangers: Strangers,
  requestHeaders: Browser.declarativeNetRequest.ModifyHeaderInfo[],
): Promise<void> {
  const { tabId, url, method, kind, initiator, isTabless } = target;
  const condition: Browser.declarativeNetRequest.RuleCondition = {
    regexFilter: patternOf(url),
    isUrlFilterCaseSensitive: true,
    // Without the method, a page's own CORS preflight would carry the payment.
    requestMethods: [asMethod(method)],
    // Past its service worker, a page asks by the true type; through it, everything is a fetch.
    resourceTypes: isTabless ? [...PARTS] : [resourceTypeOf(kind)],
    tabIds: isTabless ? [tabId, NO_TAB] : [tabId],
    ...(initiator === null ? {} : { initiatorDomains: [hostOf(initiator)] }),
    ...(strangers.length === 0 ? {} : { excludedInitiatorDomains: [...strangers] }),
  };
  const action: Browser.declarativeNetRequest.RuleAction = { type: 'modifyHeaders', requestHeaders };
  await browser.declarativeNetRequest.updateSessionRules({
    addRules: [{ id, priority: 1000, condition, action }],
  });
}

export async function disarmHeaderRules(ids: readonly number[]): Promise<void> {
  await browser.declarativeNetRequest.updateSessionRules({ removeRuleIds: [...ids] });
}

/** The value that each armed rule sets, by rule: of this part of the extension alone. */
export async function armedValues(): Promise<ReadonlyMap<number, string>> {
  const rules = await browser.declarativeNetRequest.getSessionRules();
  const own = rules.filter(({ id }) => id > RANGE === isPrivate());
  return new Map(own.map(({ id, action }) => [id, action.requestHeaders?.[0]?.value ?? '']));
}

/** `urlFilter` has operators that are legal in URLs and can't be escaped. Chromium matches on the fragments of pages. */
function patternOf(url: string): string {
  return `^${url.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')}(#.*)?$`;
}

type Method = NonNullable<Browser.declarativeNetRequest.RuleCondition['requestMethods']>[number];

function asMethod(method: string): Method {
  return method.toLowerCase() as Method; // Holds or is refused by the browser, which knows the list.
}
