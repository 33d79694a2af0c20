import type { IDBPDatabase, IDBPTransaction, StoreNames } from 'idb';
import { asInteger, asObject, asOneOf, asString, parseAtomic } from 'tuppence/core';
import type { TuppenceDatabase } from './database.ts';
import { addPayee, asOrigin, type OriginRecord, raiseHighest } from './origin-record.ts';
import type { TermsText } from './terms-record.ts';
import { dayOf, windowKeys } from './windows.ts';

type Upgrade = IDBPTransaction<TuppenceDatabase, StoreNames<TuppenceDatabase>[], 'versionchange'>;
type Migration = (db: IDBPDatabase<TuppenceDatabase>, transaction: Upgrade) => Promise<void>;

/**
 * One step a version, in order: step n makes version n + 1 from version n. A step is never changed once it has
 * shipped; each has a frozen database in tests/extension/storage/fixtures.
 */
export const MIGRATIONS: readonly Migration[] = [createStores, addWindows, keepTermsApart];

/** Version 1. Written without the schema's types, which describe the newest version. */
async function createStores(db: IDBPDatabase<TuppenceDatabase>): Promise<void> {
  const untyped = db as unknown as IDBPDatabase; // The older shape; what it makes is checked by its fixture.
  const intents = untyped.createObjectStore('intents', { keyPath: 'id' });
  intents.createIndex('purchase', 'purchaseKey');
  intents.createIndex('createdAt', 'createdAt');
  intents.createIndex('state', 'state');
  untyped.createObjectStore('counters');
  const encounters = untyped.createObjectStore('encounters', { keyPath: 'id' });
  encounters.createIndex('at', 'at');
  encounters.createIndex('tabId', 'tabId');
  encounters.createIndex('state', 'state');
  untyped.createObjectStore('deliveries', { keyPath: 'ruleId' });
  untyped.createObjectStore('settings');
}

/**
 * Version 2: budgets by site and month, what is remembered of origins, and indexes with which nothing is read that
 * is not wanted. Every payment gets the windows that it counts in, and the new counters are summed up from them.
 *
 * @throws {MalformedError} when a payment can't be read: then the old version stays as it is, and nothing is paid.
 */
async function addWindows(db: IDBPDatabase<TuppenceDatabase>, transaction: Upgrade): Promise<void> {
  db.createObjectStore('origins', { keyPath: 'origin' });
  db.createObjectStore('bought');
  const intents = (transaction as unknown as IDBPTransaction<unknown, string[], 'versionchange'>).objectStore(
    'intents',
  );
  intents.deleteIndex('purchase');
  intents.deleteIndex('state');
  intents.createIndex('purchaseAt', ['purchaseKey', 'createdAt']);
  intents.createIndex('openPurchase', 'openPurchase');
  intents.createIndex('todo', 'todo');
  intents.createIndex('siteAt', ['purchase.site', 'createdAt']);
  const encounters = transaction.objectStore('encounters');
  (encounters as unknown as { deleteIndex(name: string): void }).deleteIndex('state');
  encounters.createIndex('stateAt', ['state', 'at']);
  encounters.createIndex('documentUrl', ['documentId', 'url']);
  const sums = new Map<string, bigint>();
  const origins = new Map<string, OriginRecord>();
  let latest = '';
  for (let at = await intents.openCursor(); at !== null; at = await at.continue()) {
    const old = oldIntentOf(at.value);
    const windows = windowKeys(old.site, dayOf(old.createdAt));
    const state = {
      ...(old.isOpen ? { openPurchase: old.purchaseKey } : {}),
      ...(old.isOpen ? { todo: 'fate' } : old.lacksReceipt ? { todo: 'receipt' } : {}),
    };
    await at.update({ ...asObject(at.value, 'intent'), windows, ...state });
    if (old.state === 'expired') continue;
    for (const key of windows) sums.set(key, (sums.get(key) ?? 0n) + old.microUsd);
    const known = addPayee(origins.get(old.origin) ?? asOrigin({ origin: old.origin }), old.terms);
    origins.set(old.origin, old.state === 'settled' ? raiseHighest(known, old.microUsd) : known);
    if (dayOf(old.createdAt) > latest) latest = dayOf(old.createdAt);
  }
  const counters = transaction.objectStore('counters');
  for (const [key, sum] of sums) await counters.put(sum.toString(), key);
  if (latest !== '') await counters.put(latest, 'latest');
  for (const origin of origins.values()) await transaction.objectStore('origins').put(origin);
}

/**
 * Version 3: the terms of 402s stand apart from their records, and are kept only while they wait for an answer. Records
 * that version 2 wrote and could not read back are deleted, or lose the terms that were too long. 402s decide nothing
 * about money, so none of them stops the upgrade.
 */
async function keepTermsApart(db: IDBPDatabase<TuppenceDatabase>, transaction: Upgrade): Promise<void> {
  const terms = db.createObjectStore('terms', { keyPath: 'id' });
  db.createObjectStore('outOfSight', { autoIncrement: true }).createIndex('place', ['place', 'tabId']);
  const encounters = transaction.objectStore('encounters');
  (encounters as unknown as { deleteIndex(name: string): void }).deleteIndex('tabId');
  encounters.createIndex('tabAt', ['tabId', 'at']);
  encounters.createIndex('tabState', ['tabId', 'state', 'at']);
  for (let at = await encounters.openCursor(); at !== null; at = await at.continue()) {
    const record = at.value;
    const old: unknown = record.terms;
    if (!isText(record.method, 32) || !isText(record.url, 65_536)) await at.delete();
    else if (isOldTerms(old)) {
      const isWaiting = record.state === 'asking' || record.state === 'listed';
      if (isWaiting) await terms.put({ id: record.id, from: old.from, text: old.text });
      await at.update({ ...record, terms: { from: old.from } });
    } else await at.update({ ...record, terms: null });
  }
}

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value !== '' && value.length <= max;
}

/** Terms that version 2 could read back. */
function isOldTerms(value: unknown): value is TermsText {
  if (typeof value !== 'object' || value === null) return false;
  const { from, text } = value as { readonly from?: unknown; readonly text?: unknown }; // Both may be anything.
  return SOURCES.some((one) => one === from) && isText(text, 65_536);
}

const SOURCES = ['header', 'body', 'unspecified', 'page'] as const;

/** What a step needs to know of a version 1 payment. @throws {MalformedError} */
function oldIntentOf(value: unknown) {
  const record = asObject(value, 'intent');
  const purchase = asObject(record['purchase'], 'intent.purchase');
  const terms = asObject(record['terms'], 'intent.terms');
  const state = asOneOf(record['state'], 'intent.state', STATES);
  return {
    purchaseKey: asString(record['purchaseKey'], 'intent.purchaseKey', 65_536),
    site: asString(purchase['site'], 'purchase.site'),
    origin: new URL(asString(purchase['url'], 'purchase.url', 65_536)).origin,
    createdAt: asInteger(record['createdAt'], 'intent.createdAt', 0),
    microUsd: parseAtomic(terms['microUsd']),
    terms: {
      network: asString(terms['network'], 'terms.network'),
      asset: asString(terms['asset'], 'terms.asset'),
      payTo: asString(terms['payTo'], 'terms.payTo'),
    },
    state,
    isOpen: state !== 'settled' && state !== 'expired',
    lacksReceipt: state === 'settled' && record['transaction'] === null,
  };
}

const STATES = ['reserved', 'signed', 'sent', 'settled', 'rejected', 'unknown', 'expired'] as const;
