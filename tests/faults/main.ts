import { parseArgs } from 'node:util';
import { runFaults } from './run.ts';

/** `npm run faults -- --faults 500 --crashes 25`: the long run. Ends with 1 when money went wrong. */
const { values } = parseArgs({
  options: { faults: { type: 'string', default: '500' }, crashes: { type: 'string', default: '25' } },
});
const started = Date.now();
const { kinds, audit, points, beyondBudget } = await runFaults({
  faults: Number(values.faults),
  crashes: Number(values.crashes),
  onFault(index, { kind, name }, after) {
    if (process.stdout.isTTY || index % 25 === 0)
      console.log(
        `${index + 1}  ${kind}: ${name}, then ${after} (${Math.round((Date.now() - started) / 1000)} s)`,
      );
  },
});
console.log(`\nPoints of the line that the background was killed at: ${points.length}`);
console.table(kinds);
const { lost, ...figures } = audit;
console.table([{ ...figures, overshoot: audit.overshoot.toString(), doubled: audit.doubled.join(' ') }]);
for (const line of lost) console.log(line);
console.log(`Beyond the budget: ${beyondBudget.tried} tried, ${beyondBudget.read} paid.`);
const wrong = audit.doubleCharges + audit.lostReceipts + audit.phantoms + audit.undecided + beyondBudget.read;
if (wrong > 0 || audit.overshoot > 0n) process.exitCode = 1;
