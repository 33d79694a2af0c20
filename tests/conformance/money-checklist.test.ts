import { expect, test } from 'vitest';
import { missingTests, readChecklist } from '../support/checklist.ts';

test('every rule of the money checklist has the test that docs/MONEY.md names', async () => {
  const rows = await readChecklist('docs/MONEY.md');
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 47 }, (_, at) => at + 1));
  expect(await missingTests(rows)).toEqual([]);
});
