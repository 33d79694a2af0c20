import type { IDBPTransaction, StoreNames } from 'idb';
import { MalformedError, NotAnAmountError, TuppenceError } from 'tuppence/core';
import { database, type TuppenceDatabase } from './database.ts';

type Stores = StoreNames<TuppenceDatabase>[];
type Work<S extends Stores, Mode extends IDBTransactionMode, T> = (
  transaction: IDBPTransaction<TuppenceDatabase, S, Mode>,
) => Promise<T>;

/** Reads from several stores as they stood at one moment. @throws {UnavailableError} {DamagedError} */
export function read<S extends Stores, T>(stores: S, work: Work<S, 'readonly', T>): Promise<T> {
  return transact(stores, 'readonly', work);
}

/**
 * Writes all or nothing: whatever `work` throws undoes what it wrote. Resolves once it is on disk.
 *
 * @throws {UnavailableError} {DamagedError} and what `work` throws.
 */
export function write<S extends Stores, T>(stores: S, work: Work<S, 'readwrite', T>): Promise<T> {
  return transact(stores, 'readwrite', work);
}

async function transact<S extends Stores, Mode extends 'readonly' | 'readwrite', T>(
  stores: S,
  mode: Mode,
  work: Work<S, Mode, T>,
): Promise<T> {
  try {
    const transaction = (await database()).transaction(stores, mode, { durability: 'strict' });
    transaction.done.catch(() => undefined); // Said once, by the line that waits for it.
    try {
      const result = await work(transaction);
      await transaction.done;
      return result;
    } catch (error) {
      abort(transaction);
      throw error;
    }
  } catch (error) {
    throw named(error);
  }
}

function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort();
  } catch {
    // It has ended already: with an error, nothing of it was written.
  }
}

function named(error: unknown): unknown {
  if (error instanceof MalformedError || error instanceof NotAnAmountError) return new DamagedError(error);
  return error instanceof TuppenceError ? error : new UnavailableError(error);
}

/** What is kept can't be read or written: disk full, profile damaged, database gone. Nothing may be decided then. */
export class UnavailableError extends TuppenceError {
  override readonly name = 'Storage.UnavailableError';
  constructor(cause: unknown) {
    const why = cause instanceof Error ? ` (${cause.name})` : '';
    super(`Tuppence’s records can’t be read or written${why}. Nothing is paid until they can.`, { cause });
  }
}

/** What was read is not what was written. Nothing may be decided on it. */
export class DamagedError extends TuppenceError {
  override readonly name = 'Storage.DamagedError';
  constructor(cause: Error) {
    super(`Tuppence’s records are damaged: ${cause.message} Nothing is paid because of that.`, { cause });
  }
}
