import type { PageAnswer } from './page-messages.ts';

/**
 * The line between the page script (the page's own world) and the bridge (ours).
 *
 * The page can read and forge all of it, so nothing on it has any authority: see the rings in docs/ARCHITECTURE.md.
 * Names are random for robustness alone. Everything is a string, because objects do not cross worlds in Firefox.
 */
export type PageAnswers = (answer: PageAnswer) => void;

/**
 * As the page gets it: `retry` or `again` to make the request once more, and after `again` to ask about another 402 as
 * well; empty to leave it.
 */
export type Answer = string;

/** What the page says of a 402. */
export type PageWord = {
  readonly url: string;
  readonly method: string;
  /** False when the page says that its reader has pressed nothing. */
  readonly mayAsk: boolean;
  /** What was sent, when that was text; else null. */
  readonly sent: string | null;
  /** The answer's body, where the background can't ask for it itself; else null. */
  readonly body: string | null;
};

/**
 * Asks about one 402.
 *
 * @param sent what the page gave as the request's body; it is looked at when it is text
 */
export type Ask = (
  url: string,
  method: string,
  body: string,
  sent: unknown,
  mayAsk?: boolean,
) => Promise<Answer>;

const HELLO = 'tuppence:hello';
const BRIDGE_READY = 'tuppence:bridge';

/** The bridge's end: calls `onAsk` for each 402 that the page reports. */
export function announceBridge(onAsk: (word: PageWord, answer: PageAnswers) => void): void {
  const onHello = (event: Event) => {
    const channel = detailOf(event);
    removeEventListener(HELLO, onHello);
    addEventListener(channel, (ask) => {
      const [id = '', mayAsk, method = '', url = '', length, ...texts] = detailOf(ask).split(' ');
      ask.preventDefault(); // It has been heard.
      const answer = (text: string) => say(`${channel}:answer`, `${id} ${text}`);
      const both = texts.join(' ');
      const [sent, body] = [both.slice(0, Number(length)) || null, both.slice(Number(length)) || null];
      onAsk({ url, method, mayAsk: mayAsk !== 'false', sent, body }, (said) =>
        answer(said === 'leave' ? '' : said),
      );
    });
  };
  addEventListener(HELLO, onHello);
  say(BRIDGE_READY, '');
}

/**
 * Tells the page why its 402 was left, just before it gets that: `hindrance url`, as elements of ours understand it. Only
 * after a press of the reader; a page that asks by itself learns nothing of them.
 */
export function sayUnpaid(url: string, hindrance: string): void {
  say('x402:unpaid', `${hindrance} ${url}`);
}

/** Tells elements that the reader is back from a step. */
export function sayReady(): void {
  say('x402:ready', '');
}

/** Calls `step` when an element says that the reader has pressed what mends a hindrance. */
export function onStep(step: (hindrance: string) => void): void {
  addEventListener('x402:step', (event) => step(detailOf(event)));
}

/** The page script's end. Without a bridge the answer is no at once. */
export function connectToBridge(): Ask {
  const channel = `tuppence:${crypto.randomUUID()}`;
  const waiting: ((answer: Answer) => void)[] = [];
  const hello = () => say(HELLO, channel);
  addEventListener(BRIDGE_READY, hello);
  addEventListener(`${channel}:answer`, (event) => {
    const [id, answer = ''] = detailOf(event).split(' ');
    waiting[Number(id)]?.(answer);
  });
  hello();
  return (url, method, body, sent, mayAsk) =>
    new Promise((resolve) => {
      const id = waiting.push(resolve) - 1;
      const text = typeof sent === 'string' ? sent : '';
      // Events are synchronous: no bridge heard it.
      if (say(channel, [id, mayAsk, method, url, text.length, text + body].join(' '))) resolve('');
    });
}

/** @returns whether nobody has called `preventDefault` on it. */
function say(name: string, detail: string): boolean {
  return dispatchEvent(new CustomEvent(name, { detail, cancelable: true }));
}

function detailOf(event: Event & { readonly detail?: unknown }): string {
  return `${event.detail}`;
}
