import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** A row of a checklist in the docs: a numbered sentence, and the tests that show it. */
export type Row = {
  readonly number: number;
  readonly tests: readonly { readonly file: string; readonly name: string }[];
};

const ROW = /^\| (\d+) \| .+ \| (`.+) \|$/gm;
/** Tests stand in a cell as `file`: name, one on each line. */
const TEST = /^`([\w/-]+)`: (.+)$/;

/** The rows of a document, by its path in the repository, in their order. @throws {Error} when a cell names no test. */
export async function readChecklist(path: string): Promise<readonly Row[]> {
  return [...(await read(path)).matchAll(ROW)].map(([row, number, cell = '']) => ({
    number: Number(number),
    tests: cell.split('<br>').map((text) => {
      const [, file, name] = TEST.exec(text) ?? [];
      if (file === undefined || name === undefined) throw new Error(`No test is named in: ${row}`);
      return { file, name };
    }),
  }));
}

/** The tests of a checklist that are not there under their names: one line each. */
export async function missingTests(rows: readonly Row[]): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { number, tests } of rows)
    for (const { file, name } of tests)
      if (!(await namesIn(file)).has(name)) missing.push(`${number}: ${file}: ${name}`);
  return missing;
}

/** What calls in a test file begin with: among it the names of its tests, also of tables of them. */
async function namesIn(file: string): Promise<ReadonlySet<string>> {
  const source = await read(`tests/${file}.test.ts`).catch(() => '');
  return new Set([...source.matchAll(/\(\s*(['"`])(.+?)\1,/g)].map(([, , name = '']) => name));
}

function read(path: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}
