import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { loadAgain } from '../bridge/loading-again.ts';
import { announceBridge, type PageAnswers } from '../messaging/page-channel.ts';
import { type BridgeReply, MAX_SENT, type PageAnswer, parseBridgeOrder } from '../messaging/page-messages.ts';

declare global {
  interface Document {
    /** https://wicg.github.io/nav-speculation/prerendering.html; TypeScript does not know it yet. */
    readonly prerendering?: boolean;
  }
  interface Window {
    /** https://wicg.github.io/document-picture-in-picture/ */
    readonly documentPictureInPicture?: { readonly window: object | null };
  }
}

/** Milliseconds between two looks whether the extension is still there, while the page waits for it. */
const STILL_THERE = 1_000;

/**
 * Carries a page's "this request of mine got a 402" to the background, and the answer back; and has elements
 * load again when what they are for has been paid.
 */
export default defineContentScript({
  matches: ['*://*/*'],
  allFrames: true,
  matchOriginAsFallback: true,
  runAt: 'document_start',
  noScriptStartedPostMessage: true,
  main() {
    const waiting = new Map<string, PageAnswers>();
    /** Every request of the page that waits for an answer, whoever is to give it. */
    const asking = new Set<PageAnswers>();
    const end = (answer: PageAnswers, said: PageAnswer) => {
      if (asking.delete(answer)) answer(said);
    };
    /** An extension that is updated or removed leaves this script behind without a word; its name is gone then. */
    const watch = () => {
      if (!browser.runtime?.id) for (const answer of asking) end(answer, 'leave');
      if (asking.size > 0) setTimeout(watch, STILL_THERE);
    };

    /** Gives the page its answer, once. @returns whether it was still waiting for it. */
    const tell = (ticket: string, answer: PageAnswer) => {
      const ask = waiting.get(ticket);
      if (ask) end(ask, answer);
      return waiting.delete(ticket);
    };

    browser.runtime.onMessage.addListener((message: unknown, _sender, respond) => {
      const order = parseBridgeOrder(message);
      if (order.kind === 'verdict') respond(tell(order.ticket, order.answer));
      else void loadAgain(order).then(respond);
      return true;
    });

    /**
     * Whether the page has something of its own afloat above all windows, which could cover what the reader is asked: a
     * document or a video. Frames of other origins can't tell, and open no question.
     */
    const isAfloat = () => {
      try {
        return [self, top].some(
          (one) => one?.documentPictureInPicture?.window || one?.document.pictureInPictureElement,
        );
      } catch {
        return false;
      }
    };

    /** A page that is made ready ahead pays nothing, and goes on when its reader comes. */
    const shown = () =>
      new Promise((resolve) => document.addEventListener('prerenderingchange', resolve, { once: true }));

    /** Until when, by `performance.now()`, nothing of this document is looked at. */
    let quietUntil = 0;

    announceBridge(async ({ url, method, mayAsk, sent, body }, answer) => {
      if (performance.now() < quietUntil) return answer('leave');
      const { isActive: gesture, hasBeenActive: touched } = navigator.userActivation;
      asking.add(answer);
      if (asking.size === 1) watch();
      try {
        if (document.prerendering) await shown();
        // Holds: only our own background answers `runtime.sendMessage`, and the router's type is this one.
        const reply = (await browser.runtime.sendMessage({
          kind: 'page-402',
          url,
          method,
          mayAsk: mayAsk && !isAfloat(),
          gesture,
          touched,
          sent: sent !== null && sent.length > MAX_SENT ? null : sent,
          body,
        })) as BridgeReply;
        if ('answer' in reply) {
          if (reply.quietFor) quietUntil = performance.now() + reply.quietFor;
          return end(answer, reply.answer);
        }
        waiting.set(reply.ticket, answer);
        if (reply.patience !== null) setTimeout(() => tell(reply.ticket, 'leave'), reply.patience);
      } catch {
        end(answer, 'leave'); // The extension was updated or removed under this page.
      }
    });
  },
});
