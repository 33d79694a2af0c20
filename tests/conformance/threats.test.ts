import { expect, test } from 'vitest';
import { missingTests, readChecklist } from '../support/checklist.ts';

/** Of the audit of version 705fbe9. */
const FAULTS = Array.from({ length: 33 }, (_, at) => at + 1);

const rows = await readChecklist('docs/THREATS.md');
const names = rows.flatMap(({ tests }) => tests.map(({ name }) => name));

test('every promise of docs/THREATS.md has the tests that it names', async () => {
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, at) => at + 1));
  expect(rows.length).toBeGreaterThan(30);
  expect(await missingTests(rows)).toEqual([]);
});

test('each of the 33 faults of the audit has two tests in docs/THREATS.md, or one that is made of several cases', () => {
  const variantsOf = (fault: number) =>
    names
      .filter((name) => name.includes(`(audit ${fault})`))
      .reduce((sum, name) => sum + (/[%$]/.test(name) ? 2 : 1), 0);
  expect(FAULTS.filter((fault) => variantsOf(fault) < 2)).toEqual([]);
});
