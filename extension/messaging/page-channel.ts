/**
 * The line between the page script (the page's own world) and the bridge (ours).
 *
 * The page can read and forge all of it, so nothing on it has any authority: see the rings in docs/ARCHITECTURE.md.
 * Names are random for robustness alone. Everything is a string, because objects do not cross worlds in Firefox.
 */
export type PageAnswers = (answer: 'retry' | 'leave') => void;

const HELLO = 'tuppence:hello';
const BRIDGE_READY = 'tuppence:bridge';

/**
 * The bridge's end: calls `onAsk` for each 402 that the page reports; `mayAsk` is false when the page says that its
 * reader has pressed nothing.
 */
export function announceBridge(
  onAsk: (url: string, method: string, mayAsk: boolean, answer: PageAnswers) => void,
): void {
  const onHello = (event: Event) => {
    const channel = detailOf(event);
    removeEventListener(HELLO, onHello);
    addEventListener(`${channel}:ask`, (ask) => {
      const [id = '', mayAsk, method = '', ...url] = detailOf(ask).split(' ');
      say(`${channel}:heard`, id);
      onAsk(url.join(' '), method, mayAsk !== 'false', (answer) =>
        say(`${channel}:answer`, `${id} ${answer}`),
      );
    });
  };
  addEventListener(HELLO, onHello);
  say(BRIDGE_READY, '');
}

/** The page script's end: a function that asks about one 402. Without a bridge the answer is "leave" at once. */
export function connectToBridge(): (
  url: string,
  method: string,
  mayAsk?: boolean,
) => Promise<'retry' | 'leave'> {
  const channel = `tuppence:${crypto.getRandomValues(new Uint32Array(2)).join('-')}`;
  const heard = new Set<string>();
  const waiting = new Map<string, PageAnswers>();
  const hello = () => say(HELLO, channel);
  addEventListener(BRIDGE_READY, hello, { once: true });
  addEventListener(`${channel}:heard`, (event) => heard.add(detailOf(event)));
  addEventListener(`${channel}:answer`, (event) => {
    const [id = '', answer] = detailOf(event).split(' ');
    waiting.get(id)?.(answer === 'retry' ? 'retry' : 'leave');
    waiting.delete(id);
  });
  hello();
  let count = 0;
  return (url, method, mayAsk) =>
    new Promise((resolve) => {
      count += 1;
      const id = String(count);
      waiting.set(id, resolve);
      say(`${channel}:ask`, `${id} ${mayAsk} ${method} ${url}`);
      if (!heard.delete(id)) resolve('leave'); // Events are synchronous: no bridge heard it.
    });
}

function say(name: string, detail: string): void {
  dispatchEvent(new CustomEvent(name, { detail }));
}

function detailOf(event: Event): string {
  return event instanceof CustomEvent && typeof event.detail === 'string' ? event.detail : '';
}
