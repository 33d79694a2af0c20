import type { Browser } from 'wxt/browser';
import { withdrawQuestions } from './consent.ts';
import { type Detection, isPrerendered, takeNavigation } from './detections.ts';
import { onItemsSeen, onPrerenderedShown } from './items.ts';
import { withdrawListed } from './listed.ts';
import { forgetKept, keepUnlessSeen, takeAhead, takeKept } from './out-of-sight.ts';
import { handle } from './payments.ts';
import { forgetArrival, noteArrival, wasReadersAct } from './reader-act.ts';
import { onUnremarkable } from './unseen.ts';

/** Chromium's name for its own error page in place of a 402 without a body; it has no `onCommitted`. */
const EMPTY_402 = 'net::ERR_HTTP_RESPONSE_CODE_FAILURE';

/**
 * A new document is what the tab shows. Only now is a 402 the reader's own visit: prefetched and prerendered pages
 * never commit, whatever `webRequest` says of them.
 */
export async function onCommitted(
  details: Browser.webNavigation.WebNavigationTransitionCallbackDetails,
): Promise<void> {
  if (details.frameId !== 0 || isPrerendered(details)) return;
  const { tabId, url } = details;
  const noted = noteArrival(details);
  const detection = takeNavigation(tabId, url);
  const ahead = await takeAhead(tabId); // Before anything that takes long: this page may have others made ready.
  await Promise.all([noted, leave(tabId)]);
  if (detection !== null) return act(detection);
  if (ahead.length > 0) await onPrerenderedShown(ahead, details.documentId);
  await onUnremarkable(tabId);
}

/** A 402 with an empty body: the browser's error page stands in its place. */
export async function onErrorOccurred(
  details: Browser.webNavigation.WebNavigationFramedErrorCallbackDetails,
): Promise<void> {
  if (details.frameId !== 0 || details.error !== EMPTY_402) return;
  await noteArrival(details);
  const detection = takeNavigation(details.tabId, details.url);
  if (detection !== null) await act(detection);
}

/** The reader looks at the tab now: what it shows goes before the parts of it. */
export async function onActivated({ tabId }: Browser.tabs.OnActivatedInfo): Promise<void> {
  const kept = await takeKept(tabId);
  const shown = kept.find(({ kind }) => kind === 'navigation');
  if (shown !== undefined) await act(shown);
  else await onItemsSeen(kept);
}

export async function onRemoved(tabId: number): Promise<void> {
  await takeAhead(tabId);
  await forgetArrival(tabId);
  await leave(tabId);
}

/** Whatever the tab showed is gone, and with it what was asked about it. */
async function leave(tabId: number): Promise<void> {
  await Promise.all([forgetKept(tabId), withdrawQuestions(tabId), withdrawListed(tabId)]);
}

async function act(detection: Detection): Promise<void> {
  if (await keepUnlessSeen(detection.tabId, detection)) return;
  await handle(detection, {
    site: new URL(detection.url).origin,
    again: 'page',
    asks: 'window',
    aside: false,
    unprompted: !(await wasReadersAct(detection.tabId)),
    bodyHash: null,
    said: null,
  });
}
