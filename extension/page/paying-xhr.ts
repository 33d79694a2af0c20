import type { Ask } from '../messaging/page-channel.ts';

/** What a page asked of one `XMLHttpRequest`, kept so that it can be asked again. */
type Plan = {
  readonly open: Parameters<XMLHttpRequest['open']>;
  readonly method: string;
  readonly url: string;
  readonly headers: [string, string][];
  body: Parameters<XMLHttpRequest['send']>[0];
  /**
   * - `first`: the request as the page made it; its events reach the page.
   * - `held`: it was answered 402 and the extension is asked; events are kept from the page.
   * - `again`: it is made again; what comes before its answer is kept from the page, which has had that.
   * - `done`: nothing is kept any more.
   */
  phase: 'first' | 'held' | 'again' | 'done';
  /** How the answer that is held ended: `load`, or an error on the way. */
  ending: string;
};

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'abort', 'error', 'load', 'timeout', 'loadend'];

/**
 * `XMLHttpRequest` that holds back an answer of 402 while it asks the extension, and, told so, opens and sends the
 * same object once more. Synchronous requests are left alone.
 */
export function payingXhr(native: typeof XMLHttpRequest, ask: Ask): typeof XMLHttpRequest {
  const { prototype } = native;
  const { open, send, setRequestHeader, abort } = prototype;
  const plans = new WeakMap<XMLHttpRequest, Plan>();

  /** Makes a method note its arguments, after the native one has accepted them. */
  const noting = <Args extends unknown[]>(
    method: (...args: Args) => void,
    note: (plan: Plan, args: Args) => void,
  ) =>
    new Proxy(method, {
      apply(target, xhr: XMLHttpRequest, args: Args) {
        const plan = plans.get(xhr);
        Reflect.apply(target, xhr, args);
        if (plan !== undefined) note(plan, args);
      },
    });

  prototype.open = new Proxy(open, {
    apply(target, xhr: XMLHttpRequest, args: Plan['open']) {
      plans.delete(xhr); // Whatever it was before, the page has given that up.
      Reflect.apply(target, xhr, args);
      if (args[2] !== false) plans.set(xhr, newPlan(args));
    },
  });
  prototype.setRequestHeader = noting(setRequestHeader, (plan, header) => plan.headers.push(header));
  prototype.send = noting(send, (plan, [body]) => {
    plan.body = body;
  });
  prototype.abort = new Proxy(abort, {
    apply(target, xhr: XMLHttpRequest) {
      const plan = plans.get(xhr);
      const wasHeld = plan?.phase === 'held';
      if (plan !== undefined && plan.phase !== 'again') plan.phase = 'done';
      if (wasHeld)
        tell(xhr, [
          ['readystatechange', 4],
          ['abort', 4],
          ['loadend', 4],
        ]);
      Reflect.apply(target, xhr, []);
    },
  });

  const goOn = (xhr: XMLHttpRequest, plan: Plan, answer: 'retry' | 'leave') => {
    if (plan.phase !== 'held') return; // The page has aborted it, or opened it for something else.
    plan.phase = answer === 'retry' ? 'again' : 'done';
    if (answer === 'leave') return tell(xhr, heldEvents(plan));
    Reflect.apply(open, xhr, plan.open);
    for (const header of plan.headers) Reflect.apply(setRequestHeader, xhr, header);
    Reflect.apply(send, xhr, [plan.body]);
  };

  const onEvent = (xhr: XMLHttpRequest, event: Event) => {
    const plan = plans.get(xhr);
    if (plan === undefined || plan.phase === 'done' || !event.isTrusted) return;
    if (plan.phase === 'first' && isHeldBack(xhr, plan)) plan.phase = 'held';
    if (plan.phase === 'again' && xhr.readyState > 1) plan.phase = 'done';
    if (plan.phase === 'first' || plan.phase === 'done') return;
    event.stopImmediatePropagation();
    if (event.type === 'load' || event.type === 'error' || event.type === 'timeout') plan.ending = event.type;
    if (plan.phase === 'held' && event.type === 'loadend')
      void ask(plan.url, plan.method, bodyOf(xhr)).then((answer) => goOn(xhr, plan, answer));
  };

  const paying = new Proxy(native, {
    construct(target, args, newTarget) {
      const xhr: XMLHttpRequest = Reflect.construct(target, args, newTarget);
      const isAgain = () => plans.get(xhr)?.phase === 'again';
      // Before the page has the object: the first listener is the one that can keep events from the others.
      for (const name of EVENTS) {
        xhr.addEventListener(name, (event) => onEvent(xhr, event));
        xhr.upload.addEventListener(name, (event) => isAgain() && event.stopImmediatePropagation());
      }
      return xhr;
    },
  });
  prototype.constructor = paying;
  return paying;
}

function newPlan(open: Plan['open']): Plan {
  const url = new URL(open[1], document.baseURI);
  url.hash = '';
  const method = String(open[0]).toUpperCase();
  return { open, method, url: url.href, headers: [], body: null, phase: 'first', ending: 'load' };
}

/** A 402 behind a redirect belongs to another address than the one that was asked for. */
function isHeldBack(xhr: XMLHttpRequest, plan: Plan): boolean {
  return xhr.readyState > 1 && xhr.status === 402 && xhr.responseURL === plan.url;
}

/** As text, where that is what the page asked for, or JSON. */
function bodyOf({ response }: XMLHttpRequest): string {
  return typeof response === 'string' ? response : JSON.stringify(response);
}

/** What the page would have had of the answer that was held back. */
function heldEvents({ ending }: Plan): [string, number][] {
  const end: [string, number][] = [
    ['readystatechange', 4],
    [ending, 4],
    ['loadend', 4],
  ];
  return ending === 'load'
    ? [['readystatechange', 2], ['readystatechange', 3], ['progress', 3], ...end]
    : [['readystatechange', 2], ...end];
}

/** Gives the page events that were kept from it, each with the state the request was in then. */
function tell(xhr: XMLHttpRequest, events: readonly [string, number][]): void {
  for (const [name, readyState] of events) {
    Object.defineProperty(xhr, 'readyState', { configurable: true, get: () => readyState });
    xhr.dispatchEvent(name === 'readystatechange' ? new Event(name) : new ProgressEvent(name));
    Reflect.deleteProperty(xhr, 'readyState');
  }
}
