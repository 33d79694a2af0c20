import type { Page } from 'playwright';

/*
 * The extension's database past its own code, from one of its pages. Functions go there as text: they see their
 * arguments and nothing else.
 */

type Row = Readonly<Record<string, unknown>>;
type Given = string | number | boolean | null;

/** Everything in a store, in the order of its keys; nothing where the version of the extension has no such store. */
export function rowsOf<T = Row>(own: Page, store: string): Promise<readonly T[]> {
  return own.evaluate<readonly T[]>(`(${onEachRow})('${store}', null)`);
}

/**
 * Puts `change` of each row in its place.
 *
 * @param given what `change` gets besides the row and its number
 */
export async function changeRows(
  own: Page,
  store: string,
  change: (row: Row, at: number, given: Given) => Row,
  given: Given = null,
): Promise<void> {
  await own.evaluate(`(${onEachRow})('${store}', ${change}, ${JSON.stringify(given)})`);
}

async function onEachRow(
  name: string,
  change: ((row: Row, at: number, given: Given) => Row) | null,
  given: Given,
): Promise<readonly Row[]> {
  const done = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const db = await done(indexedDB.open('tuppence'));
  if (!db.objectStoreNames.contains(name)) return [];
  const store = db.transaction(name, change === null ? 'readonly' : 'readwrite').objectStore(name);
  const rows: Row[] = await done(store.getAll());
  if (change !== null) for (const [at, row] of rows.entries()) await done(store.put(change(row, at, given)));
  db.close();
  return rows;
}
