import { asArray, asInteger, asObject, asString, decodeBase64, parseJson } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import { isOwnPayment } from '../messaging/own-payment.ts';
import { withoutFragment } from './request-url.ts';

/*
 * One purchase has one payer. A request that left with a payment or a sign-in of its page's own is the page's to end:
 * its 402 is never ours to pay. What the page has paid may settle after its 402, so that the same address is asked
 * about until then. Kept in the browser's session: servers may take longer than the background lives.
 */

const KEY = 'own payers';
/** Entries of each kind, and characters of an address in one: a page may go on for ever. */
const MOST = 500;
const MOST_CHARACTERS = 2_048;
/** Milliseconds in which a payment may settle that does not say until when it is valid. */
const SETTLES_WITHIN = 600_000;
/** Milliseconds by which the clock of a chain may be behind. */
const SLACK = 60_000;

/** Of requests under way: whose payment they carry. */
const payers = new Map<string, 'page' | 'ours'>();
/** Until when a payment that a page has made may settle, by method and address. */
const settling = new Map<string, number>();
let isStale = false;
let isWriting = false;

/** Reads what an earlier life of the background has noted in this session of the browser. */
export async function loadOwnPayers(): Promise<void> {
  const stored: unknown = (await browser.storage.session.get(KEY))[KEY];
  try {
    const { requests, purchases } = asObject(stored ?? { requests: [], purchases: [] }, KEY);
    for (const entry of asArray(requests, 'requests', MOST)) {
      const [id, payer] = asArray(entry, 'request', 2);
      payers.set(asString(id, 'request.id'), payer === 'page' ? 'page' : 'ours');
    }
    for (const entry of asArray(purchases, 'purchases', MOST)) {
      const [key, until] = asArray(entry, 'purchase', 2);
      settling.set(asString(key, 'purchase.key', MOST_CHARACTERS), asInteger(until, 'purchase.until', 0));
    }
  } catch (error) {
    console.error('What pages have paid themselves can’t be read.', error);
  }
}

/**
 * Notes what a request has left with. Of a redirect Chromium lists our header again, although the server does not get
 * it: a request that was ours once stays ours.
 *
 * @param isOurs whether it carries a header that we have armed.
 */
export function noteOwnPayer(
  { requestId, requestHeaders = [], method, url }: Browser.webRequest.OnSendHeadersDetails,
  isOurs: boolean,
): void {
  const own = requestHeaders.find(({ name, value = '' }) => isOwnPayment([name, value]));
  if (own === undefined || payers.get(requestId) === 'ours') return;
  put(payers, requestId, isOurs ? 'ours' : 'page');
  if (!isOurs && !/sign-in/i.test(own.name)) put(settling, keyOf(method, url), settlesUntil(own.value ?? ''));
  void write();
}

/** Whether the request left with a payment or a sign-in of its page's own. */
export function isPaidByPage(requestId: string): boolean {
  return payers.get(requestId) === 'page';
}

/** Whether a page has paid for the same address itself, by a payment that may settle still. */
export function mayBePaidByPage(method: string, url: string, now: number): boolean {
  return (settling.get(keyOf(method, url)) ?? 0) > now;
}

/** A longer address shares its entry with others that begin like it, which are then asked about too. */
function keyOf(method: string, url: string): string {
  return `${method} ${withoutFragment(url)}`.slice(0, MOST_CHARACTERS);
}

/** `validBefore` of an x402 payload, of an ERC-3009 authorization or of a Permit2 transfer. Unix milliseconds. */
function settlesUntil(header: string): number {
  const unknown = Date.now() + SETTLES_WITHIN;
  try {
    const payload = asObject(asObject(parseJson(decodeBase64(header)), 'payment')['payload'], 'payload');
    const { validBefore, deadline } = asObject(
      payload['authorization'] ?? payload['permit2Authorization'],
      'signed',
    );
    const seconds = Number(validBefore ?? deadline);
    return Number.isSafeInteger(seconds * 1000 + SLACK) ? seconds * 1000 + SLACK : unknown;
  } catch {
    return unknown;
  }
}

/** The newest take the place of the oldest. */
function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST) return;
    map.delete(oldest);
  }
}

/** One write at a time, each of all that has been noted until then. */
async function write(): Promise<void> {
  isStale = true;
  if (isWriting) return;
  isWriting = true;
  while (isStale) {
    isStale = false;
    await browser.storage.session
      .set({ [KEY]: { requests: [...payers], purchases: [...settling] } })
      .catch((error: unknown) => console.error('What a page has paid itself can’t be kept.', error));
  }
  isWriting = false;
}
