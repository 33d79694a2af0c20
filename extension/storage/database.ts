import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { EncounterRecord } from './encounter-record.ts';
import type { IntentRecord } from './intent-record.ts';
import { MIGRATIONS } from './migrations.ts';
import type { OriginRecord } from './origin-record.ts';
import type { TermsRecord } from './terms-record.ts';

/**
 * The one shape of everything that is kept, version 3. The background opens it, and the popup for
 * its settings alone. Money is decimal strings,
 * times are unix milliseconds. What is read back goes through a parser all the same: see the record files.
 */
export interface TuppenceDatabase extends DBSchema {
  intents: {
    key: string;
    value: IntentRecord;
    indexes: {
      /** Purchase, then time. */
      purchaseAt: [string, number];
      /** Purchase, of payments that are undecided; the others are not in it. */
      openPurchase: string;
      /** What is still to be found out: `fate` or `receipt`; payments that are done are not in it. */
      todo: string;
      /** Site, then time. */
      siteAt: [string, number];
      createdAt: number;
    };
  };
  /**
   * Millionths of a US dollar spent or reserved, by window: `day:2026-11-21`, `month:2026-11`,
   * `site:2026-11-21 https://example.com`; and `latest`, the latest day that anything was reserved on.
   */
  counters: { key: string; value: string };
  /** What is remembered of each origin that was paid: payees and the highest price. */
  origins: { key: string; value: OriginRecord };
  /**
   * What was bought and then erased: SHA-256 of the purchase as hex, with unix milliseconds. It keeps the same thing
   * from being bought twice, and names nothing.
   */
  bought: { key: string; value: number };
  /** Every 402 that was looked at, and what became of it. */
  encounters: {
    key: string;
    value: EncounterRecord;
    indexes: {
      at: number;
      /** Tab, then time. */
      tabAt: [number, number];
      /** Tab, state, then time: what waits in a tab is counted without being read. */
      tabState: [number, string, number];
      stateAt: [string, number];
      /** Document, then URL; navigations, which have no document yet, are not in it. */
      documentUrl: [string, string];
    };
  };
  /** The terms of 402s that wait for an answer, by the id of their record. */
  terms: { key: string; value: TermsRecord };
  /** 402s that the reader does not see yet: see `background/out-of-sight.ts`. In the order of their arrival. */
  outOfSight: { key: number; value: unknown; indexes: { place: [string, number] } };
  /** Header rules that are armed or whose request is under way, by rule id. */
  deliveries: { key: number; value: unknown };
  /** `policy`, `vault`, `unlocked`, `rpcs`, `unattended`, `lockAfter`: each with a parser where it is used. */
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<TuppenceDatabase>;

export const DATABASE_NAME = 'tuppence';
export const VERSION = MIGRATIONS.length;

let opened: Promise<Database> | null = null;

/** The database, opened once for the life of the background. @throws what the browser throws; the next call tries anew. */
export function database(): Promise<Database> {
  if (opened === null) {
    const opening = openDB<TuppenceDatabase>(DATABASE_NAME, VERSION, {
      async upgrade(db, from, _to, transaction) {
        transaction.done.catch(() => undefined); // Opening fails with it, and says so.
        try {
          for (const migrate of MIGRATIONS.slice(from)) await migrate(db, transaction);
        } catch {
          transaction.abort(); // Else the half that was done would stay.
        }
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
    opening.catch(() => {
      opened = null;
    });
    opened = opening;
  }
  return opened;
}

/** Closes the database and forgets it, so that the next call opens it anew. */
export async function closeDatabase(): Promise<void> {
  (await opened)?.close();
  opened = null;
}
