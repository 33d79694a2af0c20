import { MalformedError, sentenceOf, TuppenceError } from 'tuppence/core';
import { type Browser, browser } from 'wxt/browser';
import type { Reply } from '../messaging/ask-background.ts';
import { parseOwnMessage } from '../messaging/own-messages.ts';
import { ownUrl } from '../messaging/own-url.ts';
import { type BridgeReply, type PageAsk, parsePageAsk } from '../messaging/page-messages.ts';
import { takeFetch } from './detections.ts';
import { answerOwnPage } from './own-pages.ts';
import { handle } from './payments.ts';

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
    return await pageAsked(parsePageAsk(message), sender);
  } catch (error) {
    if (!(error instanceof MalformedError)) console.error('A 402 of a page could not be handled.', error);
    return { answer: 'leave' };
  }
}

/** The page only points at one of its requests; who it is and what it got, the browser says. */
async function pageAsked(
  { url, method, mayAsk }: PageAsk,
  sender: Browser.runtime.MessageSender,
): Promise<BridgeReply> {
  const { tab, frameId, documentId, documentLifecycle, origin } = sender;
  if (documentId === undefined || origin === undefined || frameId !== 0) return { answer: 'leave' };
  if (tab?.active !== true || documentLifecycle !== 'active') return { answer: 'leave' };
  const detection = await takeFetch(documentId, method, url);
  if (detection === null) return { answer: 'leave' };
  const { answer, encounterId } = await handle(detection, origin, mayAsk);
  return answer === 'wait' ? { ticket: encounterId } : { answer };
}
