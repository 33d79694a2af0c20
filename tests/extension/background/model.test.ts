import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { expect, test, vi } from 'vitest';
import { runModel } from '../../support/ledger-model.ts';

test('over random sequences of everything that can happen, budgets hold, nothing is paid twice, all is accounted for', {
  timeout: 600_000,
}, async () => {
  vi.stubEnv('TZ', 'UTC');
  const runs = Number(process.env['MODEL_RUNS'] ?? 200);
  const { steps } = await runModel(runs, () => vi.stubGlobal('indexedDB', new IDBFactory()));
  vi.unstubAllEnvs();
  console.log(`${runs} sequences, ${steps} steps`);
  expect(steps).toBeGreaterThan(runs);
});
