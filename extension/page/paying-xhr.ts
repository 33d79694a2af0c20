import { isOwnPayment } from '../messaging/own-payment.ts';
import type { Answer, Ask } from '../messaging/page-channel.ts';

/** What a page asked of one `XMLHttpRequest`, kept so that it can be asked again. */
type Plan = {
  /** With the address as it was when it was opened: absolute. */
  readonly open: [method: string, url: string, ...rest: unknown[]];
  readonly headers: [string, string][];
  sent?: Parameters<XMLHttpRequest['send']>;
  /**
   * Left out at first: the request is as the page made it, and its events reach the page.
   *
   * - `held`: it was answered 402 and the extension is asked; events are kept from the page.
   * - `told`: it was not paid, and the page is given the events that were kept.
   * - `again`: it is made again; what comes before its answer is kept from the page, which has had that.
   */
  phase?: 'held' | 'told' | 'again';
  /** The last one; `again` at first, when a 402 is asked about. */
  answer: Answer;
  /** What was kept from the page. */
  held: Held[];
};
/** Both of its signatures. */
type Open = (method: string, url: string | URL, ...rest: unknown[]) => void;
type Held = readonly [event: Event, readyState: number];

/** The native ones: a page may put others in their place. */
const { addEventListener, Response } = window;
/** The first three are those of an abort. */
const EVENTS = 'readystatechange abort loadend loadstart load progress error timeout'.split(' ');

/**
 * `XMLHttpRequest` that holds back an answer of 402 while it asks the extension, and, told so, opens and sends the
 * same object once more. Synchronous requests are left alone.
 */
export function payingXhr(native: typeof XMLHttpRequest, ask: Ask): typeof XMLHttpRequest {
  const { prototype } = native;
  const { open, send, setRequestHeader, abort } = prototype;
  const plans = new WeakMap<XMLHttpRequest, Plan>();
  /**
   * Those whose `upload` the page has looked at. A listener there makes the browser ask another origin for leave first,
   * so there is none of ours until the page may have one, which ours has to come before.
   */
  const uploads = new WeakSet<XMLHttpRequest>();

  const forget = (xhr: XMLHttpRequest) => {
    if (plans.delete(xhr)) unshadow(xhr);
  };

  /** Has `work` called for a method, which calls the native one itself. */
  const wrap = <Args extends unknown[], Result>(
    method: (...args: Args) => Result,
    work: (call: () => Result, xhr: XMLHttpRequest, args: Args, plan?: Plan) => Result,
  ) =>
    new Proxy(method, {
      apply: (target, xhr: XMLHttpRequest, args: Args) =>
        work(() => target.apply(xhr, args), xhr, args, plans.get(xhr)),
    });

  prototype.open = wrap<Plan['open'], void>(open as Open, (call, xhr, args) => {
    forget(xhr); // Whatever it was before, the page has given that up.
    if (args.length > 1) args[1] = `${args[1]}`; // Converted once, as without us.
    call();
    if (args.length > 2 && !args[2]) return;
    // Once: by the time that it is opened again, the page may have another base (`pushState`, `<base>`).
    args[1] = new URL(args[1], document.baseURI).href;
    plans.set(xhr, { open: args, headers: [], answer: 'again', held: [] });
  });
  prototype.setRequestHeader = wrap(setRequestHeader, (call, _, header, plan) => {
    call();
    plan?.headers.push(header);
  });
  prototype.send = wrap(send, (call, _, args, plan) => {
    call();
    if (plan) plan.sent = args;
  });
  prototype.abort = wrap(abort, (call, xhr, _, plan) => {
    const phase = plan?.phase;
    // It has ended, but the page does not know yet.
    const isOwed = phase === 'held' ? xhr.readyState > 3 : phase === 'told' && xhr.readyState < 4;
    if (phase !== 'again') forget(xhr);
    call();
    if (isOwed)
      for (const name of EVENTS.slice(0, 3))
        tell(xhr, [new (name === EVENTS[0] ? Event : ProgressEvent)(name), 4]);
  });
  const upload = Object.getOwnPropertyDescriptor(prototype, 'upload');
  Object.defineProperty(prototype, 'upload', {
    get: wrap(upload?.get as () => XMLHttpRequestUpload, (call, xhr) => {
      const found = call();
      if (!uploads.has(xhr))
        listen(found, (event) => plans.get(xhr)?.phase === 'again' && event.stopImmediatePropagation());
      uploads.add(xhr);
      return found;
    }),
  });

  const goOn = async (xhr: XMLHttpRequest, plan: Plan) => {
    const { open: args, headers, sent, held } = plan;
    // One that broke off is not asked about, nor one that the page pays itself: one purchase has one payer.
    const isOurs = xhr.status === 402 && !headers.some(isOwnPayment);
    plan.answer = isOurs
      ? await ask(xhr.responseURL, args[0].toUpperCase(), await bodyOf(xhr), sent?.[0])
      : '';
    if (plans.get(xhr) !== plan) return; // The page has aborted it, or opened it for something else.
    if (plan.answer) {
      plan.phase = 'again';
      plan.held = [];
      (open as Open).apply(xhr, args);
      for (const header of headers) setRequestHeader.apply(xhr, header);
      send.apply(xhr, sent ?? []);
    } else {
      plan.phase = 'told';
      for (const one of held) if (plans.get(xhr) === plan) tell(xhr, one);
    }
  };

  const onEvent = (event: Event) => {
    const xhr = event.currentTarget as XMLHttpRequest; // Holds: it listens to nothing else.
    const plan = plans.get(xhr);
    if (!plan || !event.isTrusted) return;
    const { readyState } = xhr;
    if (plan.answer === 'again' && xhr.status === 402) plan.phase = 'held';
    if (plan.phase === 'held') {
      plan.held.push([event, readyState]);
      if (event.type === 'loadend') void goOn(xhr, plan);
    } else if (plan.phase !== 'again' || readyState > 1) return;
    event.stopImmediatePropagation();
  };

  const paying = new Proxy(native, {
    construct(target, args, newTarget) {
      const xhr: XMLHttpRequest = Reflect.construct(target, args, newTarget);
      // Before the page has the object: the first listener is the one that can keep events from the others.
      listen(xhr, onEvent);
      return xhr;
    },
  });
  prototype.constructor = paying;
  return paying;
}

function listen(target: EventTarget, listener: (event: Event) => void): void {
  for (const name of EVENTS) addEventListener.apply(target, [name, listener, true]);
}

/** As text, whatever the page asked for: text, JSON, a `blob` or an `arraybuffer`. */
async function bodyOf({ response, responseType }: XMLHttpRequest): Promise<string> {
  return responseType === 'json' ? JSON.stringify(response) : new Response(response).text();
}

/** Gives the page an event that was kept from it, with the state that the request was in then. */
function tell(xhr: XMLHttpRequest, [event, readyState]: Held): void {
  Object.defineProperty(xhr, 'readyState', { configurable: true, value: readyState });
  xhr.dispatchEvent(Reflect.construct(event.constructor, [event.type, event]));
  unshadow(xhr);
}

function unshadow(xhr: XMLHttpRequest): void {
  Reflect.deleteProperty(xhr, 'readyState');
}
