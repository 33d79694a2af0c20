import { type Audit, audit } from './audit.ts';
import {
  crashAt,
  FACILITATOR_FAULTS,
  type Fault,
  killAt,
  killDuring,
  pointsOfReading,
  SERVER_FAULTS,
} from './faults.ts';
import { freshTab, type Lab, setBudget, startLab, visit } from './lab.ts';
import { PRICE } from './server.ts';

/** What came of all faults of a kind. */
export type KindResult = { readonly kind: string; readonly faults: number; readonly readAfterwards: number };

export type RunResult = {
  readonly kinds: readonly KindResult[];
  readonly audit: Audit;
  readonly points: readonly string[];
  /** Articles that were tried once the budget was used up, and how many of them were read all the same. */
  readonly beyondBudget: { readonly tried: number; readonly read: number };
};

export type RunOptions = {
  readonly faults: number;
  /** How many of them are crashes of the whole browser, which take seconds each. */
  readonly crashes: number;
  readonly onFault?: (index: number, fault: Fault, after: 'read' | 'unread') => void;
};

/** A tab's activity is read again and again, so it must not grow long. */
const FRESH_TAB = 20;

/** Injects faults one after the other, each at an article of its own, then compares ledger and chain. */
export async function runFaults({ faults, crashes, onFault }: RunOptions): Promise<RunResult> {
  const lab = await startLab(faults + 1);
  try {
    const points = await pointsOfReading(lab, 'first');
    const kinds = new Map<string, { faults: number; readAfterwards: number }>();
    for (const [index, fault] of planOf(faults, crashes, points.length).entries()) {
      if (index % FRESH_TAB === FRESH_TAB - 1) await freshTab(lab);
      await fault.inject(lab, `${index}`);
      const after = await visit(lab, `${index}`);
      onFault?.(index, fault, after);
      const kind = kinds.get(fault.kind) ?? { faults: 0, readAfterwards: 0 };
      const readAfterwards = kind.readAfterwards + (after === 'read' ? 1 : 0);
      kinds.set(fault.kind, { faults: kind.faults + 1, readAfterwards });
    }
    const checked = await audit(lab, faults + 1);
    return {
      kinds: [...kinds].map(([kind, result]) => ({ kind, ...result })),
      audit: checked,
      points,
      beyondBudget: await beyond(lab, checked.charges),
    };
  } finally {
    await lab.stop();
  }
}

/** Every point of the line once, every other fault once, then all of them again with a second fault at once. */
function planOf(count: number, crashes: number, points: number): readonly Fault[] {
  const others = [...SERVER_FAULTS, ...FACILITATOR_FAULTS];
  const spread = (index: number) => 1 + Math.floor((index * points) / Math.max(1, crashes));
  const plan: Fault[] = Array.from({ length: crashes }, (_, index) => crashAt(spread(index)));
  const single = [...others, ...Array.from({ length: points }, (_, index) => killAt(index + 1))];
  // Every few of them, so that a short run has some of each.
  const stride = Math.max(1, Math.floor(single.length / Math.max(1, count - crashes)));
  plan.push(...single.filter((_, index) => index % stride === 0));
  for (let index = 0; plan.length < count; index += 1) {
    const other = others[index % others.length];
    if (other !== undefined) plan.push(killDuring(1 + ((index * 7) % points), other));
  }
  return plan.slice(0, count);
}

/** With the budget down to what was spent, nothing more is paid; nor with the clock a day back. */
async function beyond(lab: Lab, charges: number): Promise<RunResult['beyondBudget']> {
  await setBudget(lab.browser, BigInt(charges) * PRICE);
  let read = 0;
  for (const name of ['beyond-1', 'beyond-2', 'beyond-3']) if ((await visit(lab, name)) === 'read') read += 1;
  return { tried: 3, read };
}
