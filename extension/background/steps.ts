import type { Verdict } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import { type Hindrance, hindranceIn } from '../messaging/hindrance.ts';
import { ownUrl } from '../messaging/own-url.ts';
import type { PageStep, StepDone } from '../messaging/page-messages.ts';
import { isPrivate } from '../storage/private-window.ts';
import { encounterOf } from './encounters.ts';
import { isLookedAt } from './sites.ts';

/** Where the reader mends what keeps a press from paying; a new press is all that a refusal needs. */
const PAGES: { readonly [H in Hindrance]: string | null } = {
  'no-wallet': 'welcome.html',
  'short-of-money': 'welcome.html',
  paused: 'popup.html',
  'site-blocked': 'options.html',
  refused: null,
};
const SIZE = { width: 420, height: 620 };

/** The document that waits for a step to be done, by tab, and the window that was opened for it, if any. */
const waiting = new Map<number, { readonly documentId: string; readonly windowId: number | null }>();

/** Every reason of a decision; none when there was no decision. */
export function reasonsOf(verdict: Verdict | null): readonly string[] {
  return verdict === null ? [] : verdict.outcome === 'ask' ? verdict.reasons : [verdict.reason];
}

/** What keeps a 402 from being paid, as far as its reader can mend it; null when it is something else. */
export async function hindranceOf(encounterId: string): Promise<Hindrance | null> {
  return hindranceIn(reasonsOf((await encounterOf(encounterId))?.verdict ?? null));
}

/** Opens our own page for a step, or turns to the one that is open: after a press alone, in a tab that is looked at. */
export async function openStep(
  { hindrance, gesture }: PageStep,
  { tab, documentId }: Browser.runtime.MessageSender,
): Promise<void> {
  const page = PAGES[hindrance];
  if (page === null || !gesture || tab?.id === undefined || documentId === undefined) return;
  if (!(await isLookedAt(tab.id))) return;
  const url = ownUrl(page);
  const [open] = await browser.runtime.getContexts({ contextTypes: ['TAB'], documentUrls: [url] });
  if (open !== undefined) {
    await browser.tabs.update(open.tabId, { active: true });
    await browser.windows.update(open.windowId, { focused: true });
  } else if (page !== 'popup.html') await browser.tabs.create({ url, openerTabId: tab.id });
  const isWindow = page === 'popup.html' && open === undefined;
  const own = isWindow ? await openWindow(url) : null;
  waiting.set(tab.id, { documentId, windowId: own?.id ?? open?.windowId ?? null });
}

function openWindow(url: string) {
  return browser.windows.create({ url, type: 'popup', ...SIZE, focused: true, incognito: isPrivate() });
}

/** The reader is back at a tab: its element goes on, with what their rules pay by themselves. */
export async function onBack(tabId: number): Promise<void> {
  const documentId = waiting.get(tabId)?.documentId;
  if (!waiting.delete(tabId) || documentId === undefined) return;
  const message: StepDone = { kind: 'step-done' };
  await browser.tabs.sendMessage(tabId, message, { documentId }).catch(() => undefined); // The document may be gone.
}

/** The window of a step is closed. */
export async function onStepClosed(windowId: number): Promise<void> {
  for (const [tabId, step] of waiting) if (step.windowId === windowId) await onBack(tabId);
}
