import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { loadAgain } from '../bridge/loading-again.ts';
import type { Hindrance } from '../messaging/hindrance.ts';
import { announceBridge, onStep, type PageAnswers, sayReady, sayUnpaid } from '../messaging/page-channel.ts';
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

/** A request of the page that the reader is asked about. */
type Waiting = { readonly answer: PageAnswers; readonly url: string; readonly gesture: boolean };

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
    const waiting = new Map<string, Waiting>();
    /** Every request of the page that waits for an answer, whoever is to give it. */
    const asking = new Set<PageAnswers>();
    const end = (answer: PageAnswers, said: PageAnswer) => {
      if (asking.delete(answer)) answer(said);
    };
    /** Whether the reader has pressed something since they last said no: one press is no answer to two questions. */
    let isFresh = true;
    const press = ({ isTrusted }: Event) => {
      if (isTrusted) isFresh = true;
    };
    const hasPressed = () => isFresh && navigator.userActivation.isActive;
    /** Tells the element that asked after a press what the reader can do about it, before it gets its 402. */
    const explain = ({ url, gesture }: Pick<Waiting, 'url' | 'gesture'>, why: Hindrance | null) => {
      if (why === null) return;
      isFresh = false;
      for (const name of ['pointerdown', 'keydown'])
        addEventListener(name, press, { capture: true, once: true });
      if (gesture) sayUnpaid(url, why);
    };
    /** An extension that is updated or removed leaves this script behind without a word; its name is gone then. */
    const watch = () => {
      if (!browser.runtime?.id) for (const answer of asking) end(answer, 'leave');
      if (asking.size > 0) setTimeout(watch, STILL_THERE);
    };

    /** Gives the page its answer, once. @returns whether it was still waiting for it. */
    const tell = (ticket: string, answer: PageAnswer, why: Hindrance | null = null) => {
      const ask = waiting.get(ticket);
      if (ask) {
        explain(ask, why);
        end(ask.answer, answer);
      }
      return waiting.delete(ticket);
    };

    browser.runtime.onMessage.addListener((message: unknown, _sender, respond) => {
      const order = parseBridgeOrder(message);
      if (order.kind === 'step-done') return sayReady();
      if (order.kind === 'verdict') respond(tell(order.ticket, order.answer, order.why));
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

    onStep((hindrance) => {
      // The background parses it, and opens nothing without a press.
      const message = { kind: 'page-step', hindrance, gesture: hasPressed() };
      void browser.runtime.sendMessage(message).catch(() => undefined);
    });

    /** Until when, by `performance.now()`, nothing of this document is looked at. */
    let quietUntil = 0;

    announceBridge(async ({ url, method, mayAsk, sent, body }, answer) => {
      if (performance.now() < quietUntil) return answer('leave');
      const gesture = hasPressed();
      const touched = navigator.userActivation.hasBeenActive;
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
          explain({ url, gesture }, reply.why);
          return end(answer, reply.answer);
        }
        waiting.set(reply.ticket, { answer, url, gesture });
        if (reply.patience !== null) setTimeout(() => tell(reply.ticket, 'leave'), reply.patience);
      } catch {
        end(answer, 'leave'); // The extension was updated or removed under this page.
      }
    });
  },
});
