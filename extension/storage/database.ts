import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { EncounterRecord } from './encounter-record.ts';
import type { IntentRecord } from './intent-record.ts';

/**
 * The one shape of everything that is kept, version 1. Only the background opens it. Money is decimal strings,
 * times are unix milliseconds. What is read back goes through a parser all the same: see the record files.
 */
export interface TuppenceDatabase extends DBSchema {
  intents: {
    key: string;
    value: IntentRecord;
    indexes: { purchase: string; createdAt: number; state: string };
  };
  /** Millionths of a US dollar spent or reserved, by window: key `day:2026-11-21`. */
  counters: { key: string; value: string };
  /** Every 402 that was looked at, and what became of it. */
  encounters: {
    key: string;
    value: EncounterRecord;
    indexes: { at: number; tabId: number; state: string };
  };
  /** Header rules that are armed or whose request is under way, by rule id. */
  deliveries: { key: number; value: unknown };
  /** `policy`, `vault`, `unlocked`, `rpcs`, `unattended`: each with a parser where it is used. */
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<TuppenceDatabase>;

export const DATABASE_NAME = 'tuppence';
const VERSION = 1;

let opened: Promise<Database> | null = null;

/** The database, opened once for the life of the background. */
export function database(): Promise<Database> {
  opened ??= openDB<TuppenceDatabase>(DATABASE_NAME, VERSION, {
    upgrade(fresh) {
      const intents = fresh.createObjectStore('intents', { keyPath: 'id' });
      intents.createIndex('purchase', 'purchaseKey');
      intents.createIndex('createdAt', 'createdAt');
      intents.createIndex('state', 'state');
      fresh.createObjectStore('counters');
      const encounters = fresh.createObjectStore('encounters', {
        keyPath: 'id',
      });
      encounters.createIndex('at', 'at');
      encounters.createIndex('tabId', 'tabId');
      encounters.createIndex('state', 'state');
      fresh.createObjectStore('deliveries', { keyPath: 'ruleId' });
      fresh.createObjectStore('settings');
    },
    // Another version of the extension wants to upgrade: let it, and open anew at the next call.
    blocking: (_current, _next, event) => {
      if (event.target instanceof IDBDatabase) event.target.close();
      opened = null;
    },
    terminated: () => {
      opened = null;
    },
  });
  return opened;
}

/** Closes the database and forgets it, so that the next call opens it anew. */
export async function closeDatabase(): Promise<void> {
  (await opened)?.close();
  opened = null;
}
