import { asArray, asInteger, asObject, asString, decodeBase64, parseJson } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import { isOwnPayment } from '../messaging/own-payment.ts';
import { putNewest } from './newest.ts';
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
/**
 * Nonces of the payments that we have armed. Two requests that leave at once may carry the same one, and the second is
 * nobody's delivery.
 */
const nonces = new Map<string, true>();
let isStale = false;
let isWriting = false;

/** Reads what an earlier life of the background has noted in this session of the browser. */
export async function loadOwnPayers(): Promise<void> {
  const stored: unknown = (await browser.storage.session.get(KEY))[KEY];
  try {
    const { requests, purchases, ours } = asObject(stored ?? { requests: [], purchases: [] }, KEY);
    for (const nonce of asArray(ours ?? [], 'ours', MOST)) nonces.set(asString(nonce, 'ours.nonce'), true);
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

/** Notes a payment before any request can carry it: whatever leaves with it is ours. */
export function noteOurs(header: string): void {
  const { nonce } = paymentIn(header);
  if (nonce === null) return;
  putNewest(nonces, nonce, true, MOST);
  void write();
}

/**
 * Notes what a request has left with. Of a redirect Chromium lists our header again, although the server does not get
 * it: a request that was ours once stays ours.
 *
 * @param isDelivery whether it is the request that carries a header of ours, be that a payment or a sign-in.
 */
export function noteOwnPayer(
  { requestId, requestHeaders = [], method, url }: Browser.webRequest.OnSendHeadersDetails,
  isDelivery: boolean,
): void {
  const own = requestHeaders.find(({ name, value = '' }) => isOwnPayment([name, value]));
  if (own === undefined || payers.get(requestId) === 'ours') return;
  const { nonce, until } = paymentIn(own.value ?? '');
  const isOurs = isDelivery || (nonce !== null && nonces.has(nonce));
  putNewest(payers, requestId, isOurs ? 'ours' : 'page', MOST);
  if (!isOurs && !/sign-in/i.test(own.name)) putNewest(settling, keyOf(method, url), until, MOST);
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

type OwnPayment = {
  /** Null when it can't be read. */
  readonly nonce: string | null;
  /** Unix milliseconds. */
  readonly until: number;
};

/** What the header's value says of an x402 payload: of an ERC-3009 authorization, or of a Permit2 transfer. */
function paymentIn(header: string): OwnPayment {
  const unknown = Date.now() + SETTLES_WITHIN;
  try {
    const text = decodeBase64(header.replace(/^payment /i, ''));
    const payload = asObject(asObject(parseJson(text), 'payment')['payload'], 'payload');
    const signed = asObject(payload['authorization'] ?? payload['permit2Authorization'], 'signed');
    const { nonce, validBefore, deadline } = signed;
    const until = Number(validBefore ?? deadline) * 1000 + SLACK;
    return {
      nonce: typeof nonce === 'string' ? nonce.toLowerCase() : null,
      until: Number.isSafeInteger(until) ? until : unknown,
    };
  } catch {
    return { nonce: null, until: unknown };
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
      .set({ [KEY]: { requests: [...payers], purchases: [...settling], ours: [...nonces.keys()] } })
      .catch((error: unknown) => console.error('What a page has paid itself can’t be kept.', error));
  }
  isWriting = false;
}
