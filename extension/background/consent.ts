import type { Verdict } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { ownUrl } from '../messaging/own-url.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { isPrivate } from '../storage/private-window.ts';
import {
  changeEncounter,
  claimQuestion,
  encounterOf,
  encountersIn,
  StaleQuestionError,
} from './encounters.ts';
import { wasReadersAct } from './reader-act.ts';
import { isOpen } from './windows.ts';

const SIZE = { width: 420, height: 620 };

/** Most windows that open for one tab whose page takes its questions back itself. */
const MOST_UNANSWERED = 2;

/** Tabs of which an answer is being carried out: their window goes on to the next question by itself. */
const answering = new Set<number>();

/**
 * Puts the question to the reader in a window of our own, one window a tab. The question is on disk, so the
 * background may stop while the reader thinks.
 */
export async function askReader(id: string, verdict: Verdict): Promise<void> {
  const { tabId } = await changeEncounter(id, { state: 'asking', verdict });
  await inTurn(tabId, async () => {
    const open = await openQuestions(tabId);
    // It follows in the window that is open already; or it has been withdrawn.
    if (answering.has(tabId) || open.some(({ windowId }) => windowId !== null)) return;
    if (open.some((one) => one.id === id)) await openWindow(id);
  });
}

/**
 * Takes a question and carries out its answer.
 *
 * @returns the next question of the same tab, to be shown in the same window; null when there is none.
 * @throws {StaleQuestionError} when it was answered already, and whatever `work` throws.
 */
export async function answerQuestion(
  id: string,
  work: (question: EncounterRecord) => Promise<void>,
): Promise<string | null> {
  const asked = await encounterOf(id);
  if (asked === null) throw new StaleQuestionError();
  const { tabId } = asked;
  const question = await inTurn(tabId, async () => {
    const claimed = await claimQuestion(id);
    answering.add(tabId);
    await forgetUnanswered(tabId);
    return claimed;
  });
  try {
    await work(question);
  } catch (error) {
    answering.delete(tabId);
    throw error;
  }
  return inTurn(tabId, async () => {
    answering.delete(tabId);
    return nextQuestion(tabId, question.windowId);
  });
}

async function nextQuestion(tabId: number, windowId: number | null): Promise<string | null> {
  const [next] = await openQuestions(tabId);
  if (next === undefined) return null;
  if (windowId === null || (await isOpen(windowId))) {
    await changeEncounter(next.id, { windowId });
    return next.id;
  }
  await openWindow(next.id); // The reader has closed the other one meanwhile.
  return null;
}

async function openWindow(id: string): Promise<void> {
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

/** Takes the other questions about the same request of the same document: one refusal answers them all. */
export async function claimSame(question: EncounterRecord): Promise<readonly EncounterRecord[]> {
  const { tabId, documentId, url, method } = question;
  const isSame = (one: EncounterRecord) =>
    documentId !== null && one.documentId === documentId && one.url === url && one.method === method;
  return claimAll((await openQuestions(tabId)).filter(isSame));
}

/** Closing the window is a refusal, of that question and of those that waited behind it. */
export async function questionsRefusedByClosing(windowId: number): Promise<readonly EncounterRecord[]> {
  const asking = await encountersIn('asking');
  const tab = asking.find((one) => one.windowId === windowId)?.tabId;
  if (tab === undefined) return [];
  await forgetUnanswered(tab);
  return claimAll(asking.filter(({ tabId }) => tabId === tab));
}

/**
 * Where a question of a tab is put: in a window, after the reader's own act alone; and not in a third one when the
 * page has taken the questions in two others back by going elsewhere. The badge and the popup have it anyway.
 */
export async function placeOfQuestion(tabId: number, isReadersAct: boolean): Promise<'window' | 'popup'> {
  return isReadersAct && (await unansweredOf(tabId)) < MOST_UNANSWERED ? 'window' : 'popup';
}

/** The page that asked is gone: its questions are void, and their window closes. */
export async function withdrawQuestions(tabId: number): Promise<void> {
  // A window that is just being opened is known afterwards.
  const questions = await inTurn(tabId, async () => claimAll(await openQuestions(tabId)));
  if (questions.some(({ windowId }) => windowId !== null)) await countUnanswered(tabId);
  for (const question of questions) {
    await changeEncounter(question.id, { state: 'unpaid', sentence: 'The page was left before an answer.' });
    // The window may have been closed by hand in the meantime.
    if (question.windowId !== null) await browser.windows.remove(question.windowId).catch(() => undefined);
  }
}

/** No page of the tab has taken a question back since the reader has answered one. */
export async function forgetUnanswered(tabId: number): Promise<void> {
  await browser.storage.session.remove(unansweredKey(tabId));
}

async function countUnanswered(tabId: number): Promise<void> {
  const count = (await wasReadersAct(tabId)) ? 0 : (await unansweredOf(tabId)) + 1;
  await browser.storage.session.set({ [unansweredKey(tabId)]: count });
}

async function unansweredOf(tabId: number): Promise<number> {
  const count: unknown = (await browser.storage.session.get(unansweredKey(tabId)))[unansweredKey(tabId)];
  return typeof count === 'number' ? count : 0;
}

const unansweredKey = (tabId: number) => `unanswered:${tabId}`;

/** Oldest first. */
export async function openQuestions(tabId: number): Promise<readonly EncounterRecord[]> {
  const asking = await encountersIn('asking');
  return asking.filter((one) => one.tabId === tabId).sort((one, other) => one.at - other.at);
}

async function claimAll(questions: readonly EncounterRecord[]): Promise<readonly EncounterRecord[]> {
  const claims = await Promise.allSettled(questions.map(({ id }) => claimQuestion(id)));
  return claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
}

/** What is done about the questions of one tab, one thing after the other: so that no two windows open. */
function inTurn<T>(tabId: number, work: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`questions ${tabId}`, work);
}
