import { type Browser, browser } from 'wxt/browser';
import { showEndOf, showUnpaid } from './badge.ts';
import { forgetUnanswered, placeOfQuestion, withdrawQuestions } from './consent.ts';
import { ABORTED, takeFailure, undo } from './dead-pages.ts';
import { recallFor } from './deliveries.ts';
import { type Detection, isPrerendered, takeNavigation } from './detections.ts';
import { onItemsSeen, onPrerenderedShown } from './items.ts';
import { withdrawListed } from './listed.ts';
import { forgetKept, keepUnlessSeen, takeAhead, takeKept } from './out-of-sight.ts';
import { handle } from './payments.ts';
import { forgetArrival, noteArrival, wasReadersAct } from './reader-act.ts';
import { wasReloaded } from './repeating.ts';
import { withoutFragment } from './request-url.ts';
import { isLookedAt, isStanding, shownIn } from './sites.ts';
import { onBack } from './steps.ts';
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
  const { tabId, url, documentId, frameId } = details;
  if (isPrerendered(details)) return;
  if (frameId !== 0) return recallFor(tabId, null);
  const recalled = recallFor(tabId, wasReloaded(details) ? documentId : null);
  const detection = takeNavigation(tabId, url);
  const failed = takeFailure(tabId, url);
  // Whoever went to a page has gone to it still when it is loaded again for them.
  const noted = failed.then((failure) => (failure?.isUndone ? undefined : noteArrival(details)));
  const ahead = await takeAhead(tabId); // Before anything that takes long: this page may have others made ready.
  const [failure] = await Promise.all([failed, recalled, noted, leave(tabId)]);
  if (failure !== null && !failure.isUndone) return undo(tabId, failure);
  if (detection !== null && failure !== null && !failure.wasFree) return showUnpaid(tabId);
  if (detection !== null) return act(detection, documentId);
  if (ahead.length > 0) await onPrerenderedShown(ahead, documentId);
  await onUnremarkable(tabId);
  await showEndOf(tabId, withoutFragment(url));
}

/** A 402 with an empty body, or a paid request that broke off: the browser's error page stands in its place. */
export async function onErrorOccurred(
  details: Browser.webNavigation.WebNavigationFramedErrorCallbackDetails,
): Promise<void> {
  const { frameId, error, tabId, url } = details;
  if (frameId !== 0 || error === ABORTED) return;
  const failure = await takeFailure(tabId, url);
  if (failure !== null && !failure.isUndone) return undo(tabId, failure);
  if (error !== EMPTY_402) return;
  await noteArrival(details);
  const detection = takeNavigation(tabId, url);
  if (detection === null) return;
  if (failure !== null && !failure.wasFree) await showUnpaid(tabId);
  else await act(detection);
}

/** The reader turns to a window: what it shows is looked at now. */
export async function onFocusChanged(windowId: number): Promise<void> {
  if (windowId < 0) return; // Another program has the focus.
  const [tab] = await browser.tabs.query({ windowId, active: true });
  if (tab?.id !== undefined && (await isLookedAt(tab.id))) await onActivated({ tabId: tab.id });
}

/** The reader looks at the tab now: what it shows goes before the parts of it. */
export async function onActivated({ tabId }: Pick<Browser.tabs.OnActivatedInfo, 'tabId'>): Promise<void> {
  if (!(await isLookedAt(tabId))) return; // Its window is behind others.
  await onBack(tabId);
  const kept = await takeKept(tabId);
  const shown = kept.find(({ kind }) => kind === 'navigation');
  if (shown !== undefined) await act(shown);
  else await onItemsSeen(kept);
}

export async function onRemoved(tabId: number): Promise<void> {
  await takeAhead(tabId);
  await Promise.all([recallFor(tabId, null), leave(tabId)]);
  await Promise.all([forgetArrival(tabId), forgetUnanswered(tabId)]);
}

/** Whatever the tab showed is gone, and with it what was asked about it. */
async function leave(tabId: number): Promise<void> {
  await Promise.all([forgetKept(tabId), withdrawQuestions(tabId), withdrawListed(tabId)]);
}

/** @param documentId of the page that got the 402; left out where only its address is known. */
async function act(detection: Detection, documentId?: string): Promise<void> {
  const { tabId } = detection;
  if (await keepUnlessSeen(tabId, detection)) return;
  const place = await shownIn(tabId);
  if (place === null || (documentId ?? place.topDocumentId) !== place.topDocumentId) return; // It was left at once.
  const isReadersAct = await wasReadersAct(tabId);
  const { answer } = await handle(detection, {
    ...place,
    again: 'page',
    asks: await placeOfQuestion(tabId, isReadersAct),
    aside: false,
    unprompted: !isReadersAct,
    bodyHash: null,
    said: null,
  });
  if (answer === 'leave' && (await isStanding({ ...place, ...detection }))) await showUnpaid(tabId);
}
