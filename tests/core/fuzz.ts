/**
 * The long run of the fuzz test: `npm run fuzz -- [inputs] [seed]`. Prints what was slowest, and ends with 1 when
 * anything but a named error was thrown.
 */
import { fuzz } from '../support/fuzz.ts';

const BATCH = 50_000;
const [inputs = 1_200_000, seed = Date.now() % 1_000_000] = process.argv.slice(2).map(Number);
const started = performance.now();
const reports = [];
for (let done = 0; done < inputs; done += BATCH) {
  reports.push(fuzz(Math.min(BATCH, inputs - done), seed + done));
  process.stderr.write(`\r${Math.min(inputs, done + BATCH).toLocaleString('en')} inputs`);
}
process.stderr.write('\n');
const broken = reports.flatMap((report) => report.broken);
const slowest = reports
  .flatMap((report) => report.slowest)
  .sort((one, other) => other.ms - one.ms)
  .slice(0, 5);
const seconds = Math.round((performance.now() - started) / 1000);
const refused = reports.reduce((sum, report) => sum + report.refused, 0);
console.log(
  `${inputs.toLocaleString('en')} inputs from seed ${seed} in ${seconds} s, ${refused.toLocaleString('en')} refused by name.`,
);
for (const { ms, target, length } of slowest)
  console.log(`slowest: ${ms.toFixed(1)} ms, ${target}, ${length} characters`);
for (const { target, input, error } of broken.slice(0, 10))
  console.log(`BROKEN ${target}: ${error}\n  ${input}`);
process.exitCode = broken.length === 0 ? 0 : 1;
