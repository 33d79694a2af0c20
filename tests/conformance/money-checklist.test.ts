import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Rows of the checklist in docs/MONEY.md: number, rule, file and name of its test. */
const ROW = /^\| (\d+) \| .+ \| `([\w/-]+)`: (.+) \|$/gm;

const read = (path: string) => readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

/** What calls in a file begin with: among it the names of its tests, also of tables of them. */
function namesIn(source: string): ReadonlySet<string> {
  return new Set([...source.matchAll(/\(\s*(['"`])(.+?)\1,/g)].map(([, , name = '']) => name));
}

test('every rule of the money checklist has the test that docs/MONEY.md names', async () => {
  const rows = [...(await read('docs/MONEY.md')).matchAll(ROW)];
  expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 47 }, (_, at) => at + 1));
  const missing: string[] = [];
  for (const [, number, file, name = ''] of rows)
    if (!namesIn(await read(`tests/${file}.test.ts`)).has(name)) missing.push(`${number}: ${file}: ${name}`);
  expect(missing).toEqual([]);
});
