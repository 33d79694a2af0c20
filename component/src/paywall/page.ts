import type { Delivery } from './result.ts';

/** What the elements of one page share. */
export type Page = {
  /** What was bought so far, by address. */
  readonly deliveries: Map<string, Delivery>;
  /** Called for every delivery. */
  readonly listeners: Set<(url: string, delivery: Delivery) => void>;
};

export function createPage(): Page {
  return { deliveries: new Map(), listeners: new Set() };
}
