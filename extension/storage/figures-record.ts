import { asInteger, asObject, asString, type Figures } from 'tuppence/core';

type Amount =
  | 'threshold'
  | 'dayBudget'
  | 'spentHereToday'
  | 'siteDayBudget'
  | 'spentThisMonth'
  | 'monthBudget'
  | 'highestPaidHere';

/** The figures of a decision as they are kept: amounts are decimal strings in millionths of a US dollar. */
export type FiguresRecord = { readonly [Field in Amount]: string | null } & {
  readonly price: string;
  readonly spentToday: string;
  readonly paymentsLastMinute: number | null;
  readonly perMinute: number | null;
  readonly paidAt: number | null;
};

export function toFiguresRecord(figures: Figures): FiguresRecord {
  const text = (value: bigint | null) => value?.toString() ?? null;
  return {
    price: figures.price.toString(),
    threshold: text(figures.threshold),
    spentToday: figures.spentToday.toString(),
    dayBudget: text(figures.dayBudget),
    spentHereToday: text(figures.spentHereToday),
    siteDayBudget: text(figures.siteDayBudget),
    spentThisMonth: text(figures.spentThisMonth),
    monthBudget: text(figures.monthBudget),
    paymentsLastMinute: figures.paymentsLastMinute,
    perMinute: figures.perMinute,
    highestPaidHere: text(figures.highestPaidHere),
    paidAt: figures.paidAt,
  };
}

/** @throws {MalformedError} */
export function asFigures(value: unknown): FiguresRecord {
  const figures = asObject(value, 'figures');
  const text = (field: string) =>
    figures[field] === null ? null : asString(figures[field], `figures.${field}`, 96);
  const count = (field: string) =>
    figures[field] === null ? null : asInteger(figures[field], `figures.${field}`, 0);
  return {
    price: asString(figures['price'], 'figures.price', 96),
    threshold: text('threshold'),
    spentToday: asString(figures['spentToday'], 'figures.spentToday', 96),
    dayBudget: text('dayBudget'),
    spentHereToday: text('spentHereToday'),
    siteDayBudget: text('siteDayBudget'),
    spentThisMonth: text('spentThisMonth'),
    monthBudget: text('monthBudget'),
    paymentsLastMinute: count('paymentsLastMinute'),
    perMinute: count('perMinute'),
    highestPaidHere: text('highestPaidHere'),
    paidAt: count('paidAt'),
  };
}
