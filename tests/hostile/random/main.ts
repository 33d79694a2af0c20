import { parseArgs } from 'node:util';
import { runHostile } from './run.ts';

/**
 * `npm run hostile -- --sequences 1000 --seed 1`: the long run. Ends with 1 when something moved that nobody allowed. A
 * Ctrl-C ends it after the sequence that is under way, with its figures.
 */
const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    /** Tells each act as it is done. */
    acts: { type: 'boolean', default: false },
  },
});
const started = Date.now();
const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
const { acts, violations, ...figures } = await runHostile({
  sequences: Number(values.sequences),
  seed: Number(values.seed),
  signal: stop.signal,
  onViolation({ sequence, acts: done, sentences }) {
    console.log(`\nSequence ${sequence}: ${done.join(', ')}\n  ${sentences.join('\n  ')}`);
  },
  onAct(name) {
    if (values.acts) console.log(`${Date.now() - started} ms  ${name}`);
  },
  onSequence(index) {
    if (index % 25 === 0) console.log(`${index} sequences, ${Math.round((Date.now() - started) / 1000)} s`);
  },
});
console.table(acts);
const { reading } = figures;
console.log(
  `${figures.sequences} sequences in ${Math.round((Date.now() - started) / 1000)} s, ${figures.charges} charges, ` +
    `${violations.length} with something that nobody allowed; ${reading.read} of ${reading.tried} articles read.`,
);
if (violations.length > 0 || reading.read < reading.tried) process.exitCode = 1;
