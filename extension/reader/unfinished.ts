import type { Activity } from '../messaging/own-messages.ts';
import type { Load } from './page-watch.ts';

/** How a page stands at one moment. */
export type Sight = {
  /** Every answer for the main document so far. */
  readonly loads: readonly Load[];
  /** Whether the document in the tab, whichever it is, has loaded. */
  readonly hasLoaded: boolean;
  /** Every 402 of the tab, oldest first. */
  readonly items: Activity['items'];
  /** Whether the network has been silent for a moment, or has had its time. */
  readonly isQuiet: boolean;
};

type Item = Activity['items'][number];

/** What a page still has to do before it can be read, as the end of "waiting for …"; null when nothing. */
export function unfinished({ loads, hasLoaded, items, isQuiet }: Sight): string | null {
  const last = loads.at(-1);
  if (last === undefined) return 'an answer';
  const paying = last.status === 402 ? unfinishedNavigation(last.url, loads, items) : null;
  if (paying !== null) return paying;
  if (!hasLoaded) return 'the page to load';
  if (items.some(isOpen)) return 'a payment to finish';
  return isQuiet ? null : 'the network to fall silent';
}

/** Whether the page ended as one that can be read. */
export function endedReadable(loads: readonly Load[]): boolean {
  const status = loads.at(-1)?.status ?? null;
  return status !== null && status < 400;
}

/** The tab shows a 402: the extension looks at it, and when it pays, loads the page again. */
function unfinishedNavigation(url: string, loads: readonly Load[], items: readonly Item[]): string | null {
  const own = items.filter(({ encounter }) => encounter.kind === 'navigation' && encounter.url === url);
  const newest = own.at(-1);
  if (newest === undefined) return 'the extension to look at the 402';
  if (isOpen(newest)) return 'a payment to finish';
  const isPaid = newest.encounter.state === 'paid' && newest.payment?.state !== 'unknown';
  // Each 402 that was looked at was one load, and a paid one has another.
  const count = loads.filter((load) => load.url === url).length;
  return isPaid && count <= own.length ? 'the paid page' : null;
}

function isOpen(item: Item): boolean {
  const { state } = item.encounter;
  return state === 'handling' || state === 'asking' || isUnderWay(item);
}

/** Whether money has been set aside for it, and nobody has said yet how that ended. */
export function isUnderWay({ payment }: Item): boolean {
  const state = payment?.state;
  return state === 'reserved' || state === 'signed' || state === 'sent';
}
