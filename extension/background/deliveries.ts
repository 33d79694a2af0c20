import {
  asInteger,
  asObject,
  asOneOf,
  asString,
  asTextOrNull,
  conclude,
  type Intent,
  isUndecided,
  NotSentError,
  type PaidAnswer,
  type PaymentHeader,
  parsePaymentRequiredHeader,
  SETTLEMENT_HEADERS,
} from 'tuppence/core';
import type { Browser } from 'wxt/browser';
import { database } from '../storage/database.ts';
import { REPETITIONS, REQUEST_KINDS } from '../storage/request-kind.ts';
import { readPolicy } from '../storage/settings.ts';
import { browserSession } from './browser-session.ts';
import { noteFailure, noteLedOn } from './dead-pages.ts';
import { headerOf } from './detections.ts';
import {
  type ArmedHeader,
  armedValues,
  armHeaderRule,
  disarmHeaderRules,
  newRuleId,
  type RuleTarget,
  strangersOf,
} from './header-rules.ts';
import { ledger, noteDelivery } from './ledger.ts';
import { intentOf } from './ledger-queries.ts';
import { loadOwnPayers, noteOurs } from './own-payers.ts';
import { withoutFragment } from './request-url.ts';
import { kindOf, resourceTypeOf } from './resource-types.ts';
import { isStanding } from './sites.ts';

/** A payment header on its way: its rule is armed, or its request is under way. */
type Delivery = RuleTarget & {
  readonly ruleId: number;
  /** The payment that it carries; null when it carries none, but a sign-in, or a payment that has settled. */
  readonly intentId: string | null;
  /** Whether the server takes the money only after its page has succeeded; false when an older version wrote it. */
  readonly settlesLast: boolean;
  readonly headerName: string;
  readonly armedAt: number;
  /** The request that carries the header, once it has left. */
  readonly requestId: string | null;
  /** The session of the browser that it belongs to; null when an older version wrote it. */
  readonly session: string | null;
  /** The request that carries it is not the one that it was for. */
  readonly wentAstray: boolean;
};

/** Milliseconds a rule waits for its request. The retry is triggered at once, so this is generous. */
const ARMED_FOR = 15_000;
/** The same for a form, which the browser itself asks about before it sends it once more. */
const FORM_ARMED_FOR = 60_000;
/** Milliseconds after which an answer that an earlier life of the background may have missed is given up. */
const ANSWERED_WITHIN = 120_000;
/** Nobody said how it ended. */
const UNANSWERED: PaidAnswer = { status: 0, settlement: null, hasTerms: false };

const deliveries = new Map<number, Delivery>();
const listeners = new Set<(intent: Intent, tabId: number) => void>();
const departures = new EventTarget();
/** The value of each header that is armed or under way, by rule; what an earlier life armed is read from its rule. */
const values = new Map<number, string>();
/** What is done when a free header has helped, by rule. */
const helping = new Map<number, () => Promise<void>>();
let loading: Promise<void> | null = null;
let isLoaded = false;

/**
 * Reads what an earlier life of the background left: rules without a delivery are removed, deliveries whose rule
 * has waited too long end as unknown, and so do those of a browser that has ended: it numbered requests as this one
 * does, and its numbers would take the answers to others. Everything below waits for it.
 */
export function loadDeliveries(): Promise<void> {
  loading ??= (async () => {
    await loadOwnPayers();
    const session = await browserSession();
    for (const stored of await (await database()).getAll('deliveries')) {
      const delivery = asDelivery(stored);
      if (delivery.session !== session) {
        // When that can't be written, it is left for the next start; its payment is undecided all the same.
        await end(delivery, UNANSWERED).catch(() => undefined);
        continue;
      }
      deliveries.set(delivery.ruleId, delivery);
      expireLater(delivery);
    }
    const armed = await armedValues();
    await disarmHeaderRules([...armed.keys()].filter((id) => deliveries.get(id)?.requestId !== null));
    for (const [id, value] of armed) {
      if (!deliveries.has(id)) continue;
      values.set(id, value);
      noteOurs(value);
    }
    isLoaded = true;
  })();
  return loading;
}

/**
 * Does `work` once the deliveries are known: at once when they are, since it is for every request of every page.
 * Events keep their order: those that have waited go on before the next one comes.
 */
export function whenLoaded(work: () => void): void {
  if (isLoaded) work();
  else void loadDeliveries().then(work);
}

/**
 * Arms the header for one request of `target`. The delivery is on disk before the rule exists.
 *
 * @returns false when it has been taken back already.
 * @throws {NotSentError} when the one who asked is gone, or the browser can't tell their request apart any more.
 */
export async function arm(
  intent: Intent,
  target: RuleTarget,
  header: PaymentHeader,
  settlesLast: boolean,
): Promise<boolean> {
  const ruleId = await armFor({ intentId: intent.id, settlesLast }, target, header);
  return deliveries.has(ruleId);
}

/**
 * Arms a header that costs nothing. When it does not help, its 402 is one like any other.
 *
 * @param onHelp called when it does, unless the background has been stopped meanwhile.
 * @returns false when it has been taken back already.
 * @throws {NotSentError}
 */
export async function armFree(
  target: RuleTarget,
  header: ArmedHeader,
  onHelp: () => Promise<void>,
): Promise<boolean> {
  const ruleId = await armFor({ intentId: null, settlesLast: false }, target, header);
  const isArmed = deliveries.has(ruleId);
  if (isArmed) helping.set(ruleId, onHelp);
  return isArmed;
}

async function armFor(
  payment: Pick<Delivery, 'intentId' | 'settlesLast'>,
  target: RuleTarget,
  header: ArmedHeader,
): Promise<number> {
  await loadDeliveries();
  const session = await browserSession();
  while (isAnotherWaiting(payment.intentId, target)) await nextDeparture();
  // From here to where it is kept nothing may be waited for: another would find the way free as well.
  const delivery: Delivery = {
    ...targetOf(target), // Whatever else the caller has there.
    ruleId: newRuleId(),
    ...payment,
    headerName: header.name,
    armedAt: Date.now(),
    requestId: null,
    session,
    wentAstray: false,
  };
  const { ruleId } = delivery;
  await keep(delivery);
  values.set(ruleId, header.value);
  noteOurs(header.value);
  try {
    const strangers = await strangersOf(target);
    if (strangers === null || !(await isStanding(target))) throw new NotSentError('not-attachable');
    await armHeaderRule(ruleId, target, strangers, header);
  } catch {
    await forget(delivery);
    throw new NotSentError((await isStanding(target)) ? 'not-attachable' : 'page-left');
  }
  expireLater(delivery);
  // A pause, and a page that is left, take back what they find; what was armed in the same moment looks for itself.
  if ((await readPolicy()).paused || !(await isStanding(target))) await expire(ruleId, null);
  return ruleId;
}

function targetOf(target: RuleTarget): RuleTarget {
  const { tabId, frameId, documentId, topDocumentId, url, method, kind, again } = target;
  const { initiator, askedBy, isTabless } = target;
  return {
    ...{ tabId, frameId, documentId, topDocumentId, url, method, kind, again },
    ...{ initiator, askedBy, isTabless },
  };
}

/** Whether another payment waits for the same request: two orders at one address must leave with their own. */
function isAnotherWaiting(intentId: string | null, { tabId, url, method }: RuleTarget): boolean {
  return [...deliveries.values()].some(
    (one) =>
      one.requestId === null &&
      one.intentId !== intentId &&
      one.tabId === tabId &&
      one.url === url &&
      one.method === method,
  );
}

/** Waits until some header has left, or will not leave any more. */
function nextDeparture(): Promise<unknown> {
  return new Promise((resolve) => departures.addEventListener('gone', resolve, { once: true }));
}

/** The first request that leaves with the header ends the rule: it works once. Called when the deliveries are known. */
export async function onSent(details: Browser.webRequest.OnSendHeadersDetails): Promise<void> {
  const carried = [...deliveries.values()].filter(
    (one) =>
      one.requestId === null &&
      (one.tabId === details.tabId || (one.isTabless && details.tabId < 0)) &&
      one.url === withoutFragment(details.url) && // After a redirect the event still lists a header that is gone.
      details.requestHeaders?.some(
        ({ name, value }) =>
          name.toLowerCase() === one.headerName.toLowerCase() && value === values.get(one.ruleId),
      ),
  );
  const meant = carried.find((one) => isFor(one, details));
  const delivery = meant ?? carried[0];
  if (delivery === undefined) return;
  const left = { ...delivery, requestId: details.requestId, wentAstray: meant === undefined };
  deliveries.set(left.ruleId, left); // At once: the answer's event may come before the writes below are done.
  const done = Promise.all([looksInCacheFirst(left) ? null : disarmHeaderRules([left.ruleId]), keep(left)]);
  await done.finally(() => departures.dispatchEvent(new Event('gone')));
}

/**
 * Whether a request is the one that a header was armed for: of the same origin, and kind, or of the same frame where
 * it is a frame's. Rules can't tell all of that.
 */
function isFor(target: Delivery, details: Browser.webRequest.OnSendHeadersDetails): boolean {
  const { frameId, method, kind, initiator, isTabless, again } = target;
  if (method !== details.method) return false;
  if (isTabless ? kindOf(details.type) === null : details.type !== resourceTypeOf(kind)) return false;
  if (kind === 'frame' && again !== 'page' && frameId !== details.frameId) return false;
  return initiator === null || initiator === details.initiator;
}

/**
 * Chromium asks its cache alone for a font, in a request that looks like any other and ends with this error; then it
 * asks the server. So the rule for a font stays until there is an answer.
 */
const NOT_IN_CACHE = 'net::ERR_CACHE_MISS';
const looksInCacheFirst = ({ kind }: RuleTarget) => kind === 'font';

/** Whether a request carries one of our payments. Known once `loadDeliveries` is done. */
export function isPaidRequest({ requestId }: { readonly requestId: string }): boolean {
  return deliveryOf(requestId) !== null;
}

/**
 * Books the answer to a paid request.
 *
 * @param look called at once, before the answer's document is reported as shown, when the request was a free one: its
 * answer is like any other, unless its page is about to be loaded again.
 */
export async function onAnswered(
  details: Browser.webRequest.OnHeadersReceivedDetails,
  look: (details: Browser.webRequest.OnHeadersReceivedDetails) => void,
): Promise<void> {
  const delivery = deliveryOf(details.requestId);
  if (delivery === null) return;
  const isUndone = noteFailure(details, delivery.intentId === null);
  if (delivery.intentId === null) {
    deliveries.delete(delivery.ruleId);
    values.delete(delivery.ruleId);
    if (!isUndone) look(details);
    const onHelp = helping.get(delivery.ruleId);
    helping.delete(delivery.ruleId);
    await (await database()).delete('deliveries', delivery.ruleId);
    // A redirect may lead back to the same 402.
    return details.statusCode < 300 ? onHelp?.() : undefined;
  }
  const settlement = SETTLEMENT_HEADERS.map((name) => headerOf(details, name)).find(
    (value) => value !== null,
  );
  const terms = headerOf(details, 'payment-required');
  await end(delivery, {
    status: details.statusCode,
    settlement: settlement ?? null,
    hasTerms: terms !== null,
    error: terms === null ? null : errorOf(terms),
    settlesLast: delivery.settlesLast,
  });
}

/** Why the server refused, in its own words; null when they can't be read. */
function errorOf(terms: string): string | null {
  try {
    return parsePaymentRequiredHeader(terms).error;
  } catch {
    return null;
  }
}

/** A paid request that broke off: nobody said how it ended. */
export async function onBroken(details: Browser.webRequest.OnErrorOccurredDetails): Promise<void> {
  const { requestId, error } = details;
  if (!isLoaded) await loadDeliveries();
  const delivery = deliveryOf(requestId);
  if (delivery === null) return noteLedOn(details);
  noteFailure(details, delivery.intentId === null);
  if (error === NOT_IN_CACHE && looksInCacheFirst(delivery)) await keep({ ...delivery, requestId: null });
  else await end(delivery, UNANSWERED);
}

/** Takes back every header that has not left yet: payments are paused. What has left is past recalling. */
export async function recallAll(): Promise<void> {
  await loadDeliveries();
  for (const { ruleId, requestId } of [...deliveries.values()])
    if (requestId === null) await expire(ruleId, null);
}

/** The script that a header was armed for has given up: its page will ask anew once it is loaded again. */
export async function leaveToReload({ tabId, documentId, url, method }: RuleTarget): Promise<void> {
  for (const one of [...deliveries.values()])
    if (
      one.requestId === null &&
      one.tabId === tabId &&
      one.documentId === documentId &&
      one.url === url &&
      one.method === method
    )
      await changeWaiting(one, { again: 'page' });
}

/**
 * The document of a frame, or of the whole tab, is another one: headers that were armed for those who are gone are
 * taken back.
 *
 * @param reloaded the document that the whole tab shows, when it was loaded again by us: for what only that fetches.
 */
export async function recallFor(tabId: number, reloaded: string | null): Promise<void> {
  await loadDeliveries();
  const waiting = [...deliveries.values()].filter((one) => one.requestId === null && one.tabId === tabId);
  for (const one of waiting) {
    const isForReload = one.kind !== 'navigation' && one.again === 'page';
    if (reloaded !== null && isForReload)
      await changeWaiting(one, { documentId: null, topDocumentId: reloaded });
    else if (!(await isStanding(one))) await expire(one.ruleId, null);
  }
}

/** Calls `listener` with every payment whose answer has been booked. @returns what ends that. */
export function onConcluded(listener: (intent: Intent, tabId: number) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function deliveryOf(requestId: string): Delivery | null {
  return [...deliveries.values()].find((one) => one.requestId === requestId) ?? null;
}

async function keep(delivery: Delivery): Promise<void> {
  deliveries.set(delivery.ruleId, delivery);
  await (await database()).put('deliveries', delivery);
}

/** Changes one that still waits: while others were written its request may have left, and must stay known by then. */
async function changeWaiting(
  { ruleId }: Delivery,
  change: Partial<Pick<Delivery, 'again' | 'documentId' | 'topDocumentId'>>,
): Promise<void> {
  const waiting = deliveries.get(ruleId);
  if (waiting?.requestId === null) await keep({ ...waiting, ...change });
}

/** No request had it. */
async function forget({ ruleId }: Delivery): Promise<void> {
  deliveries.delete(ruleId);
  values.delete(ruleId);
  departures.dispatchEvent(new Event('gone'));
  await (await database()).delete('deliveries', ruleId);
}

async function end(delivery: Delivery, answer: PaidAnswer): Promise<void> {
  deliveries.delete(delivery.ruleId);
  values.delete(delivery.ruleId);
  helping.delete(delivery.ruleId);
  departures.dispatchEvent(new Event('gone'));
  if (looksInCacheFirst(delivery)) await disarmHeaderRules([delivery.ruleId]);
  const { intentId, wentAstray } = delivery;
  const intent = intentId === null ? null : await book(await intentOf(intentId), answer, wentAstray);
  await (await database()).delete('deliveries', delivery.ruleId);
  if (intent === null) return;
  for (const listener of listeners) listener(intent, delivery.tabId);
}

/**
 * No answer says anything of a payment that the chain has found dead by then, and that there was none says nothing of
 * one whose end it has told.
 */
async function book(intent: Intent, answer: PaidAnswer, wentAstray: boolean): Promise<Intent> {
  if (intent.state === 'expired' || (answer === UNANSWERED && !isUndecided(intent))) return intent;
  const booked = await conclude(intent, answer, ledger);
  return wentAstray ? noteDelivery(booked.id, 'went-astray') : booked;
}

/** A rule must not wait for a request that the reader makes much later, nor a payment for an answer that was missed. */
function expireLater({ ruleId, armedAt, requestId, kind, method }: Delivery): void {
  const isForm = kind === 'navigation' && method !== 'GET';
  const patience = requestId !== null ? ANSWERED_WITHIN : isForm ? FORM_ARMED_FOR : ARMED_FOR;
  setTimeout(() => expire(ruleId, requestId), Math.max(0, armedAt + patience - Date.now()));
}

async function expire(ruleId: number, requestId: string | null): Promise<void> {
  await disarmHeaderRules([ruleId]);
  const waiting = deliveries.get(ruleId); // Read after the rule is gone: it may have left until then.
  if (waiting !== undefined && waiting.requestId === requestId) await end(waiting, UNANSWERED);
}

/** @throws {MalformedError} */
function asDelivery(value: unknown): Delivery {
  const stored = asObject(value, 'delivery');
  return {
    ruleId: asInteger(stored['ruleId'], 'delivery.ruleId', 1),
    intentId: asTextOrNull(stored['intentId']),
    settlesLast: stored['settlesLast'] === true,
    headerName: asString(stored['headerName'], 'delivery.headerName'),
    armedAt: asInteger(stored['armedAt'], 'delivery.armedAt', 0),
    requestId: asTextOrNull(stored['requestId']),
    tabId: asInteger(stored['tabId'], 'delivery.tabId', 0),
    url: asString(stored['url'], 'delivery.url', 65_536),
    method: asString(stored['method'], 'delivery.method', 32),
    kind: asOneOf(stored['kind'], 'delivery.kind', REQUEST_KINDS),
    initiator: asTextOrNull(stored['initiator']),
    isTabless: stored['isTabless'] === true, // Older versions knew none.
    session: asTextOrNull(stored['session']),
    // Older versions knew none of these.
    frameId: asInteger(stored['frameId'] ?? 0, 'delivery.frameId', 0),
    askedBy: asTextOrNull(stored['askedBy']),
    documentId: asTextOrNull(stored['documentId']),
    topDocumentId: asTextOrNull(stored['topDocumentId']),
    again: asOneOf(stored['again'] ?? 'page', 'delivery.again', REPETITIONS),
    wentAstray: stored['wentAstray'] === true,
  };
}
