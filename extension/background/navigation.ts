import type { Browser } from 'wxt/browser';
import { browser } from 'wxt/browser';
import { withdrawQuestions } from './consent.ts';
import { type Detection, takeNavigation } from './detections.ts';
import { forgetItems, onItemsSeen } from './items.ts';
import { withdrawListed } from './listed.ts';
import { handle } from './payments.ts';

/** Chromium's name for its own error page in place of a 402 without a body; it has no `onCommitted`. */
const EMPTY_402 = 'net::ERR_HTTP_RESPONSE_CODE_FAILURE';

/** 402s that a tab shows while the reader looks at another: they are acted on when the tab comes forward. */
const inBackground = new Map<number, Detection>();

/**
 * A new document is what the tab shows. Only now is a 402 the reader's own visit: prefetched and prerendered pages
 * never commit, whatever `webRequest` says of them.
 */
export async function onCommitted(
  details: Browser.webNavigation.WebNavigationTransitionCallbackDetails,
): Promise<void> {
  if (details.frameId !== 0 || details.documentLifecycle === 'prerender') return;
  inBackground.delete(details.tabId);
  const detection = takeNavigation(details.tabId, details.url);
  forgetItems(details.tabId);
  await Promise.all([withdrawQuestions(details.tabId), withdrawListed(details.tabId)]);
  if (detection !== null) await act(detection);
}

/** A 402 with an empty body: the browser's error page stands in its place. */
export async function onErrorOccurred(
  details: Browser.webNavigation.WebNavigationFramedErrorCallbackDetails,
): Promise<void> {
  if (details.frameId !== 0 || details.error !== EMPTY_402) return;
  const detection = takeNavigation(details.tabId, details.url);
  if (detection !== null) await act(detection);
}

export async function onActivated({ tabId }: Browser.tabs.OnActivatedInfo): Promise<void> {
  const detection = inBackground.get(tabId);
  if (detection !== undefined && inBackground.delete(tabId)) await act(detection);
  else await onItemsSeen(tabId);
}

export async function onRemoved(tabId: number): Promise<void> {
  inBackground.delete(tabId);
  forgetItems(tabId);
  await Promise.all([withdrawQuestions(tabId), withdrawListed(tabId)]);
}

async function act(detection: Detection): Promise<void> {
  const { active } = await browser.tabs.get(detection.tabId);
  if (!active) inBackground.set(detection.tabId, detection);
  else
    await handle(detection, {
      site: new URL(detection.url).origin,
      again: 'page',
      asks: 'window',
      aside: false,
      said: null,
    });
}
