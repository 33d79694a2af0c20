import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/** Rows of docs/CASES.md: case or number of a sample, then what was, what is, and file and name of its test. */
const ROW = /^\| ([^|]+) \| [^|]+ \| [^|]+ \| `([\w/-]+)`: (.+) \|$/gm;

const path = (file: string) => fileURLToPath(new URL(`../../${file}`, import.meta.url));
const read = (file: string) => readFile(path(file), 'utf8');
const rows = async () => [...(await read('docs/CASES.md')).matchAll(ROW)];

/** What calls in a file begin with: among it the names of its tests, also of tables of them. */
function namesIn(source: string): ReadonlySet<string> {
  return new Set([...source.matchAll(/\(\s*(['"`])(.+?)\1,/g)].map(([, , name = '']) => name));
}

test('every row of docs/CASES.md has the test that it names', async () => {
  const missing: string[] = [];
  for (const [, one, file, name = ''] of await rows())
    if (!namesIn(await read(`tests/${file}.test.ts`)).has(name)) missing.push(`${one}: ${file}: ${name}`);
  expect(missing).toEqual([]);
});

test('every sample has a row in docs/CASES.md', async () => {
  const samples = await readdir(path('tests/core/cases/samples'));
  const told = (await rows()).map(([, one]) => one);
  expect(samples.map((file) => file.slice(0, 2)).filter((number) => !told.includes(number))).toEqual([]);
});
