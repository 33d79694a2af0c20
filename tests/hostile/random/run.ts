import { type Act, HOSTILE_ACTS, OTHER_ACTS } from './acts.ts';
import { beginSequence, type Lab, startLab, violationsOf } from './lab.ts';

/** One sequence in which something moved, or could move, that nobody has allowed. */
export type Violation = {
  readonly sequence: number;
  readonly acts: readonly string[];
  readonly sentences: readonly string[];
};

export type RunResult = {
  readonly sequences: number;
  /** How often each act was done. */
  readonly acts: Readonly<Record<string, number>>;
  /** Payments on the chain: all of them allowed when there is no violation. */
  readonly charges: number;
  /** Articles that the reader opened on the allowed site with nothing in the way, and how many were read. */
  readonly reading: { readonly tried: number; readonly read: number };
  readonly violations: readonly Violation[];
};

export type RunOptions = {
  readonly sequences: number;
  /** The same seed gives the same sequences. */
  readonly seed: number;
  /** Ends it after the sequence that is under way. */
  readonly signal?: AbortSignal;
  readonly onAct?: (name: string) => void;
  readonly onViolation?: (violation: Violation) => void;
  readonly onSequence?: (index: number, acts: readonly string[]) => void;
};

const LONGEST = 5;
/** Every so many sequences the reader reads an article with nothing in the way: what never pays would pass everything else. */
const READING = 5;

/**
 * Does random sequences of what hostile pages, readers and machines do, and compares what was signed and what was
 * charged with what the reader has allowed.
 */
export async function runHostile({ sequences, seed, signal, ...on }: RunOptions): Promise<RunResult> {
  const lab = await startLab();
  const random = randomOf(seed);
  const acts: Record<string, number> = {};
  const violations: Violation[] = [];
  const note = async (sequence: number, done: readonly string[]) => {
    const sentences = await violationsOf(lab);
    if (sentences.length === 0) return;
    const violation = { sequence, acts: done, sentences };
    violations.push(violation);
    on.onViolation?.(violation);
  };
  const reading = { tried: 0, read: 0 };
  let names = 0;
  const fresh = () => `${seed}-${++names}`;
  try {
    let sequence = 0;
    for (; sequence < sequences && signal?.aborted !== true; sequence += 1) {
      await beginSequence(lab);
      const plan = planOf(random);
      for (const act of plan) {
        acts[act.name] = (acts[act.name] ?? 0) + 1;
        await act.run(lab, fresh);
        on.onAct?.(act.name);
      }
      const done = plan.map(({ name }) => name);
      on.onSequence?.(sequence, done);
      await note(sequence, done);
      if (sequence % READING === READING - 1) {
        reading.tried += 1;
        if (await canRead(lab, fresh)) reading.read += 1;
      }
    }
    await note(sequence, ['the end']);
    const charges = (await lab.world.transfers({ from: lab.payer })).length;
    return { sequences: sequence, acts, charges, reading, violations };
  } finally {
    await lab.stop();
  }
}

/** Hostile acts mostly, with what readers and machines do in between. */
function planOf(random: () => number): readonly Act[] {
  const pick = (from: readonly Act[]) => from.slice(Math.floor(random() * from.length)).slice(0, 1);
  return Array.from({ length: 1 + Math.floor(random() * LONGEST) }).flatMap(() =>
    pick(random() < 0.6 ? HOSTILE_ACTS : OTHER_ACTS),
  );
}

async function canRead(lab: Lab, fresh: () => string): Promise<boolean> {
  await beginSequence(lab);
  const { paper } = lab.sites;
  const url = paper.paid(fresh());
  lab.model.allow(url, paper.origin);
  await lab.tab.page.goto(url).catch(() => undefined);
  return lab.tab.page
    .getByText('the content of')
    .waitFor({ timeout: 15_000 })
    .then(
      () => true,
      () => false,
    );
}

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}
