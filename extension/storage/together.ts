import type { AskReason } from 'tuppence/core';
import type { EncounterRecord } from './encounter-record.ts';

/**
 * What stands against paying several 402s with one press, besides what stands against each: the limits that they go over
 * together. Counted from the figures that they were judged by, so that what is shown is what a yes covers.
 */
export function reasonsTogether(encounters: readonly EncounterRecord[]): readonly AskReason[] {
  const [figures] = encounters.flatMap((one) => one.figures ?? []);
  if (encounters.length < 2 || figures === undefined) return [];
  const total = encounters.reduce((sum, { price }) => sum + BigInt(price?.microUsd ?? '0'), 0n);
  const isOver = (budget: string | null, spent: string | null) =>
    budget !== null && BigInt(spent ?? '0') + total > BigInt(budget);
  const { perMinute } = figures;
  const over: readonly (readonly [AskReason, boolean])[] = [
    ['over-day-budget', isOver(figures.dayBudget, figures.spentToday)],
    ['over-site-budget', isOver(figures.siteDayBudget, figures.spentHereToday)],
    ['over-month-budget', isOver(figures.monthBudget, figures.spentThisMonth)],
    ['too-many', perMinute !== null && (figures.paymentsLastMinute ?? 0) + encounters.length > perMinute],
  ];
  return over.flatMap(([reason, is]) => (is ? [reason] : []));
}
