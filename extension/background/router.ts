import { MalformedError, sentenceOf, TuppenceError } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import type { Reply } from '../messaging/ask-background.ts';
import { parseOwnMessage } from '../messaging/own-messages.ts';
import { ownUrl } from '../messaging/own-url.ts';
import { type BridgeReply, type PageAsk, parsePageWord } from '../messaging/page-messages.ts';
import { bodyHashOf } from './body-hash.ts';
import { placeOfQuestion } from './consent.ts';
import { awaitFetch, hasFetch, observe, takeFetch, takeOrphan } from './detections.ts';
import { isOrdinary } from './ordinary.ts';
import { answerOwnPage } from './own-pages.ts';
import { awaited, giveBack, inTurn, isFull } from './page-limits.ts';
import { handle } from './payments.ts';
import { wasReadersAct } from './reader-act.ts';
import { isLookedAt, placeOf } from './sites.ts';
import { hindranceOf, openStep } from './steps.ts';

const LEAVE: BridgeReply = { answer: 'leave', why: null };
/** Nothing more of the page is looked at: for so many milliseconds its bridge need not even ask. */
const ENOUGH: BridgeReply = { ...LEAVE, quietFor: 250 };

/**
 * Checks who speaks before it looks at what is said: our own pages may change settings, approve and unlock; a page's
 * bridge may only say "this request of mine got a 402".
 *
 * @returns true when an answer will follow.
 */
export function route(
  message: unknown,
  sender: Browser.runtime.MessageSender,
  respond: (reply: Reply | BridgeReply) => void,
): boolean {
  if (sender.id !== browser.runtime.id) return false;
  const own = sender.url?.startsWith(ownUrl('')) === true;
  if (own) void ownReply(message).then(respond);
  else void bridgeReply(message, sender).then(respond);
  return true;
}

async function ownReply(message: unknown): Promise<Reply> {
  try {
    return { value: await answerOwnPage(parseOwnMessage(message)) };
  } catch (error) {
    const name = error instanceof TuppenceError ? error.name : 'Background.UnexpectedError';
    return { error: { name, message: sentenceOf(error) } };
  }
}

async function bridgeReply(message: unknown, sender: Browser.runtime.MessageSender): Promise<BridgeReply> {
  try {
    const word = parsePageWord(message);
    if (word.kind === 'page-402') return await pageAsked(word, sender);
    await openStep(word, sender);
    return LEAVE;
  } catch (error) {
    if (!(error instanceof MalformedError)) console.error('A 402 of a page could not be handled.', error);
    return LEAVE;
  }
}

/** Milliseconds for which a page waits for a reader who has not been asked, but can look into the popup. */
const PATIENCE = 30_000;

/** The page only points at one of its requests; who it is and what it got, the browser says. */
async function pageAsked(
  { url, method, mayAsk, gesture, touched, sent, body }: PageAsk,
  sender: Browser.runtime.MessageSender,
): Promise<BridgeReply> {
  const { tab, frameId = 0, documentId, origin, url: shown } = sender;
  if (documentId === undefined || origin === undefined || tab?.id === undefined) return LEAVE;
  if (method === 'HEAD') return LEAVE; // Nothing could come of it: see `detectionIn`.
  const where = { tabId: tab.id, frameId };
  const asker = { id: documentId, origin, blankIn: shown === 'about:blank' ? tab.id : null };
  if (isFull(where) && !hasFetch(asker, method, url)) return ENOUGH; // Before the browser is asked anything.
  const detection =
    takeFetch(asker, method, url) ??
    (await awaited(where, async () => {
      return (
        (await awaitFetch(asker, method, url)) ?? takeOrphan({ tabId: where.tabId, origin }, method, url)
      );
    }));
  if (detection === null) return LEAVE;
  if (isOrdinary(detection, body)) {
    giveBack(where);
    return LEAVE;
  }
  if (!(await isLookedAt(tab.id))) {
    observe(detection); // It waits until the tab is looked at.
    return LEAVE;
  }
  const seen = { ...detection, tabId: tab.id, documentId, askedBy: origin };
  const work = async (): Promise<BridgeReply> => {
    // What the browser says of the sender is as old as the message: the tab may show another site by now.
    const place = await placeOf(where.tabId, documentId);
    if (place === null) return LEAVE;
    const aside = origin !== place.site;
    const asks = mayAsk ? await placeOfQuestion(where.tabId, gesture && !aside) : 'never';
    const bodyHash = await bodyHashOf(method, sent);
    const unprompted = !touched && !(await wasReadersAct(where.tabId));
    const manner = { ...place, again: 'request', asks, aside, unprompted, bodyHash, said: body } as const;
    const { answer, encounterId } = await handle(seen, manner);
    if (answer === 'retry') giveBack(where);
    if (answer !== 'wait')
      return { answer, why: gesture && mayAsk && !aside ? await hindranceOf(encounterId) : null };
    return { ticket: encounterId, patience: asks === 'popup' ? PATIENCE : null };
  };
  return (await inTurn(where, work)) ?? LEAVE;
}
