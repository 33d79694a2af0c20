import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { announceBridge, type PageAnswers } from '../messaging/page-channel.ts';
import { type BridgeReply, parseBridgeVerdict } from '../messaging/page-messages.ts';

/** Carries a page's "this request of mine got a 402" to the background, and "retry" or "leave" back. */
export default defineContentScript({
  matches: ['http://*/*', 'https://*/*'],
  runAt: 'document_start',
  noScriptStartedPostMessage: true,
  main() {
    const waiting = new Map<string, PageAnswers>();

    browser.runtime.onMessage.addListener((message: unknown) => {
      const { ticket, answer } = parseBridgeVerdict(message);
      waiting.get(ticket)?.(answer);
      waiting.delete(ticket);
    });

    announceBridge(async (url, method, mayAsk, answer) => {
      try {
        // Holds: only our own background answers `runtime.sendMessage`, and the router's type is this one.
        const reply = (await browser.runtime.sendMessage({
          kind: 'page-402',
          url,
          method,
          mayAsk,
        })) as BridgeReply;
        if ('ticket' in reply) waiting.set(reply.ticket, answer);
        else answer(reply.answer);
      } catch {
        answer('leave'); // The extension was updated or removed under this page.
      }
    });
  },
});
