import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { forgetEnd, showOnBadge } from '../background/badge.ts';
import { noteSpent, renewBalance } from '../background/balances.ts';
import { questionsRefusedByClosing } from '../background/consent.ts';
import { forgetFailure, noteLedOn } from '../background/dead-pages.ts';
import {
  isPaidRequest,
  loadDeliveries,
  onAnswered,
  onBroken,
  onConcluded,
  onSent,
  whenLoaded,
} from '../background/deliveries.ts';
import {
  detectionIn,
  isPrerendered,
  noteAccept,
  noteSpeculation,
  observe,
} from '../background/detections.ts';
import { noteItem } from '../background/items.ts';
import { intentOf } from '../background/ledger-queries.ts';
import { closeLeftovers } from '../background/leftovers.ts';
import { countListed } from '../background/listed.ts';
import {
  onActivated,
  onCommitted,
  onErrorOccurred,
  onFocusChanged,
  onRemoved,
} from '../background/navigation.ts';
import { keepAhead } from '../background/out-of-sight.ts';
import { refuse } from '../background/own-pages.ts';
import { noteOwnPayer } from '../background/own-payers.ts';
import { admit, onPageLeft } from '../background/page-limits.ts';
import { noteStart, noteUser } from '../background/reader-act.ts';
import { noteRedirect } from '../background/redirects.ts';
import { resolveLater, resolveLeftovers, resolveNow } from '../background/resolving.ts';
import { PAYABLE_TYPES } from '../background/resource-types.ts';
import { noteAsker } from '../background/rivals.ts';
import { route } from '../background/router.ts';
import { checkReceipt } from '../background/signed-documents.ts';
import { onStepClosed } from '../background/steps.ts';
import { followPauses } from '../background/stopping.ts';
import { onStarted } from '../background/unseen.ts';
import { ownUrl } from '../messaging/own-url.ts';
import { isPrivate } from '../storage/private-window.ts';
import { keepLentFromPages } from '../wallet/vault.ts';

const URLS = ['http://*/*', 'https://*/*'];

/** Wires the browser's events to what handles them, all in the first turn, so that each can wake the background. */
export default defineBackground(() => {
  const requests = { urls: URLS, types: PAYABLE_TYPES.slice() };
  const look = (details: Parameters<typeof detectionIn>[0]) => {
    noteLedOn(details);
    const detection = detectionIn(details);
    if (detection === null) return;
    noteAsker(details);
    if (admit(detection) !== null) return;
    const note = () => {
      observe(detection);
      void noteItem(detection);
    };
    if (isPrerendered(details)) void keepAhead(detection).then((isKept) => isKept || note());
    else note();
  };
  const { webRequest, webNavigation } = browser;

  webRequest.onSendHeaders.addListener(
    (details) => {
      noteSpeculation(details);
      noteAccept(details);
      whenLoaded(() => {
        void onSent(details);
        noteOwnPayer(details, isPaidRequest(details));
      });
    },
    requests,
    ['requestHeaders'],
  );
  webRequest.onSendHeaders.addListener(noteUser, { urls: URLS, types: ['main_frame'] }, [
    'requestHeaders',
    'extraHeaders',
  ]);
  webRequest.onHeadersReceived.addListener(
    (details) => {
      // In the order of their events: the 402 is known before its document is reported as shown.
      whenLoaded(() => void (isPaidRequest(details) ? onAnswered(details, look) : look(details)));
      return undefined;
    },
    requests,
    ['responseHeaders'],
  );
  webRequest.onBeforeRedirect.addListener(noteRedirect, requests);
  webRequest.onErrorOccurred.addListener((details) => void onBroken(details), requests);

  webNavigation.onCommitted.addListener((details) => {
    if (details.frameId === 0 && !isPrerendered(details)) onPageLeft(details.tabId);
  });
  webNavigation.onBeforeNavigate.addListener((details) => {
    noteStart(details);
    if (details.frameId === 0 && !isPrerendered(details)) forgetEnd(details.tabId);
    forgetFailure(details);
  });
  webNavigation.onCommitted.addListener((details) => void loadDeliveries().then(() => onCommitted(details)));
  webNavigation.onErrorOccurred.addListener(
    (details) => void loadDeliveries().then(() => onErrorOccurred(details)),
  );
  browser.tabs.onActivated.addListener((info) => void onActivated(info));
  browser.tabs.onRemoved.addListener((tabId) => {
    onPageLeft(tabId);
    forgetEnd(tabId);
    void onRemoved(tabId);
  });
  browser.windows.onFocusChanged.addListener((windowId) => void onFocusChanged(windowId));
  browser.windows.onRemoved.addListener(async (windowId) => {
    await onStepClosed(windowId);
    for (const question of await questionsRefusedByClosing(windowId)) await refuse(question);
  });

  browser.runtime.onMessage.addListener(route);
  browser.runtime.onStartup.addListener(() => void onStarted());
  browser.runtime.onInstalled.addListener(({ reason }) => {
    void onStarted();
    if (reason === 'install' && !isPrivate()) void browser.tabs.create({ url: ownUrl('welcome.html') });
  });
  browser.alarms.onAlarm.addListener(() => void resolveNow());

  onConcluded((intent, tabId) => {
    void countListed(tabId).then((listed) => showOnBadge(intent, tabId, listed));
    if (intent.state === 'settled') void intentOf(intent.id).then(checkReceipt);
    if (intent.state === 'settled') void noteSpent(intent.terms, intent.terms.amount);
    // There may be less than was thought: the next payment is judged by what there is.
    if (intent.state === 'rejected') void renewBalance(intent.terms);
    if (intent.state !== 'settled' || intent.transaction === null) void resolveLater();
  });
  followPauses();
  void keepLentFromPages();
  void closeLeftovers();
  void loadDeliveries();
  void resolveLeftovers();
});
