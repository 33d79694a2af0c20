import { askBackground } from '../../messaging/ask-background.ts';
import type { PageStart } from '../../messaging/own-messages.ts';
import { CSV_HEADER, csvRows, jsonRows } from '../../ui/receipts.ts';

const AT_A_TIME = 1_000;

/** Saves every receipt as a file, read page by page, so that a million of them never sit in memory as records. */
export async function saveReceipts(format: 'csv' | 'json'): Promise<void> {
  const parts: string[] = [format === 'csv' ? CSV_HEADER : '[\n'];
  let before: PageStart | null = null;
  let first = true;
  do {
    const page: Awaited<ReturnType<typeof pageAfter>> = await pageAfter(before);
    if (format === 'csv') parts.push(csvRows(page.payments));
    else
      for (const row of jsonRows(page.payments)) {
        parts.push(`${first ? '' : ',\n'}${JSON.stringify(row)}`);
        first = false;
      }
    before = page.next;
  } while (before !== null);
  if (format === 'json') parts.push('\n]\n');
  save(
    new Blob(parts, { type: format === 'csv' ? 'text/csv' : 'application/json' }),
    `tuppence-receipts.${format}`,
  );
}

function pageAfter(before: PageStart | null) {
  return askBackground('history', { before, limit: AT_A_TIME });
}

function save(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
