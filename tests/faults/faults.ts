import type { FacilitatorFault } from './facilitator.ts';
import { freezeAt, passedBy } from './freeze.ts';
import { backgroundOf, crashAndReopen, type Lab, stopBackground, visit } from './lab.ts';
import type { ServerFault } from './server.ts';

/** One way in which a purchase goes wrong; afterwards the reader opens the article again, with all in order. */
export type Fault = {
  readonly kind: string;
  readonly name: string;
  /** @param isDead whether the background has been killed on the way, so that nothing is worth waiting for. */
  readonly inject: (lab: Lab, article: string, isDead?: () => Promise<boolean>) => Promise<void>;
};

const SERVER: readonly ServerFault[] = [
  'cut-before',
  'cut-during',
  'cut-after',
  'fresh-402',
  'settles-and-answers-402',
  'settles-and-answers-500',
];
const FACILITATOR: readonly FacilitatorFault[] = [
  'verify-500',
  'verify-silent',
  'settle-500',
  'settle-silent',
  'settles-and-loses-the-answer',
  'settles-and-answers-500',
  'settles-twice',
  'settles-late',
];

export const SERVER_FAULTS: readonly Fault[] = SERVER.map((fault) => ({
  kind: fault.startsWith('cut') ? 'network' : 'server',
  name: fault,
  async inject(lab, article, isDead) {
    lab.server.fault = fault;
    await visit(lab, article, isDead);
    lab.server.fault = 'none';
  },
}));

export const FACILITATOR_FAULTS: readonly Fault[] = FACILITATOR.map((fault) => ({
  kind: 'facilitator',
  name: fault,
  async inject(lab, article, isDead) {
    lab.facilitator.fault = fault;
    await visit(lab, article, isDead);
    lab.facilitator.fault = 'none';
  },
}));

/** The reader opens an article, and the background is killed at its `at`-th effect. */
export function killAt(at: number): Fault {
  return {
    kind: 'background killed',
    name: `at point ${at}`,
    async inject(lab, article) {
      await freezeWhileReading(lab, article, at);
      await stopBackground(lab);
    },
  };
}

/** The same, with the whole browser killed. */
export function crashAt(at: number): Fault {
  return {
    kind: 'browser killed (-9)',
    name: `at point ${at}`,
    async inject(lab, article) {
      await freezeWhileReading(lab, article, at);
      await crashAndReopen(lab);
    },
  };
}

/** Two faults at once: the background is killed while the other side fails as well. */
export function killDuring(at: number, other: Fault): Fault {
  return {
    kind: `background killed, and ${other.kind}`,
    name: `${other.name}, at point ${at}`,
    async inject(lab, article) {
      const worker = await backgroundOf(lab);
      await freezeAt(worker, at);
      await other.inject(lab, article, async () => (await passedBy(worker)).frozen);
      await stopBackground(lab);
    },
  };
}

/** The effects of a background that reads one article and is left alone, in order. */
export async function pointsOfReading(lab: Lab, article: string): Promise<readonly string[]> {
  await freezeWhileReading(lab, article, Number.POSITIVE_INFINITY);
  const { names } = await passedBy(await backgroundOf(lab));
  await stopBackground(lab);
  return names;
}

async function freezeWhileReading(lab: Lab, article: string, at: number): Promise<void> {
  const worker = await backgroundOf(lab);
  await freezeAt(worker, at);
  await visit(lab, article, async () => (await passedBy(worker)).frozen);
}
