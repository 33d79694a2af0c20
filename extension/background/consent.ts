import type { Verdict } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { ownUrl } from '../messaging/own-url.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { isPrivate } from '../storage/private-window.ts';
import { changeEncounter, claimQuestion, encountersIn } from './encounters.ts';

const SIZE = { width: 420, height: 620 };

/**
 * Puts the question to the reader in a window of our own, one window a tab. The question is on disk, so the
 * background may stop while the reader thinks.
 */
export async function askReader(id: string, verdict: Verdict): Promise<void> {
  const asked = await changeEncounter(id, { state: 'asking', verdict });
  const others = (await openQuestions(asked.tabId)).filter((one) => one.id !== id);
  if (others.some(({ windowId }) => windowId !== null)) return; // It follows in the window that is open already.
  const url = ownUrl(`consent.html?question=${encodeURIComponent(id)}`);
  const opened = await browser.windows.create({
    url,
    type: 'popup',
    ...SIZE,
    focused: true,
    incognito: isPrivate(),
  });
  await changeEncounter(id, { windowId: opened?.id ?? null });
}

/** The next question of the same tab, shown in the same window; null when there is none. */
export async function nextQuestion(tabId: number, windowId: number | null): Promise<string | null> {
  const [next] = await openQuestions(tabId);
  if (next === undefined) return null;
  await changeEncounter(next.id, { windowId });
  return next.id;
}

/** Closing the window is a refusal, of that question and of those that waited behind it. */
export async function questionsRefusedByClosing(windowId: number): Promise<readonly EncounterRecord[]> {
  const asking = await encountersIn('asking');
  const tab = asking.find((one) => one.windowId === windowId)?.tabId;
  return tab === undefined ? [] : claimAll(asking.filter(({ tabId }) => tabId === tab));
}

/** The page that asked is gone: its questions are void, and their window closes. */
export async function withdrawQuestions(tabId: number): Promise<void> {
  for (const question of await claimAll(await openQuestions(tabId))) {
    await changeEncounter(question.id, { state: 'unpaid', sentence: 'The page was left before an answer.' });
    // The window may have been closed by hand in the meantime.
    if (question.windowId !== null) await browser.windows.remove(question.windowId).catch(() => undefined);
  }
}

async function openQuestions(tabId: number): Promise<readonly EncounterRecord[]> {
  const asking = await encountersIn('asking');
  return asking.filter((one) => one.tabId === tabId).sort((one, other) => one.at - other.at);
}

async function claimAll(questions: readonly EncounterRecord[]): Promise<readonly EncounterRecord[]> {
  const claims = await Promise.allSettled(questions.map(({ id }) => claimQuestion(id)));
  return claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
}
