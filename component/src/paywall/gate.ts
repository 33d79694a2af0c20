import { formatPrice, type Quote } from '../core/index.ts';
import { X402QuoteEvent } from '../events.ts';
import * as lazy from '../lazy.ts';
import type { Face, Language, Locale } from '../locales/words.ts';
import type { Eip1193Provider } from '../wallet/eip1193.ts';
import { quoteByExtension } from '../wallet/peek.ts';
import type { Content } from './content.ts';
import type { Fault } from './fault.ts';
import { faultOf, type Limits } from './limits.ts';
import { type Ask, type Look, look } from './look.ts';
import { BLANK, checking, locked, type Model, type PaywallState } from './model.ts';
import { createPage, type Page } from './page.ts';
import type { Extras, Wallet } from './till.ts';

export type Till = typeof import('./till.ts');

/** The element, as its logic sees it. */
export type GateHost = {
  show(model: Model): void;
  /** Puts the content in place and resolves when all of it is there; null takes it away. */
  place(content: Content | null): Promise<void>;
  /** The till has been loaded. */
  equip(till: Till): void;
  /** @returns false when a listener prevented the default. */
  emit(event: Event): boolean;
  /** What the publisher has set; read anew whenever it matters. */
  settings(): Settings;
};

export type Settings = Limits & {
  readonly wallet: Eip1193Provider | null;
  readonly fetch: Ask;
  readonly face: Face;
  /** Null for English; of a language that the page has added, all of its words. */
  readonly language: Language | Locale | null;
};

/** One element's dealings. */
export type Session = {
  readonly host: GateHost;
  readonly page: Page;
  url: string | null;
  found: Look | null;
  model: Model;
  /** Draws what stands below the button, once there is something. */
  extras: Extras | null;
  isReported: boolean;
  /** The reader knows that this was paid for before. */
  isToldPaid: boolean;
  isBusy: boolean;
  show(model: Model): void;
  open(): Promise<void>;
};

export type Gate = {
  readonly session: Session;
  /** Starts over with another address, or with none that can be used. Looks, and pays nothing. */
  open(url: string | null): Promise<void>;
  /** The button was pressed, whatever it said. */
  press(): Promise<void>;
  /** Pays without a press, through an extension only; it is told not to ask the reader. */
  payQuietly(): Promise<void>;
  /** Pays with this one of the wallets that were offered. */
  choose(wallet: Wallet): Promise<void>;
  /** Takes part in what the page buys. @returns a function that ends it. */
  join(): () => void;
  /** Resolves with the terms, once they are known; null when there are none to be read. */
  quote(): Promise<Quote | null>;
};

/** In dollars. A publisher who sells for more says so. */
export const DEFAULT_MAX_AMOUNT = '10';
/** States in which a press does something. */
const READY: readonly PaywallState[] = ['locked', 'refused', 'error', 'offline'];
const ofThisPage = createPage();

/**
 * What `<x402-paywall>` does up to the sight of a price, without its looks. All that comes after is in the till, which
 * is loaded when it is needed. Browser only.
 */
export function createGate(host: GateHost, page = ofThisPage): Gate {
  let checked: Promise<void> = Promise.resolve();

  const check = async (): Promise<void> => {
    const { url } = session;
    const ready = url && page.deliveries.get(url);
    if (ready) return withTill((till) => till.unlock(session, ready));
    session.show(checking(host.settings().face));
    const seen: Look =
      url === null
        ? { kind: 'fault', fault: { code: 'no-source' } }
        : await look(url, location.origin, askFor(host.settings()));
    if (session.url !== url) return;
    const fault = seen.kind === 'offer' && limitOf(seen.quote, host.settings());
    if (seen.kind !== 'offer' || fault)
      return withTill((till) => till.take(session, fault ? { kind: 'fault', fault } : seen));
    showOffer(session, seen);
    if (seen.required.extensions?.['sign-in-with-x']) return withTill((till) => till.offerSignIn(session));
  };

  const session: Session = {
    host,
    page,
    url: null,
    found: null,
    model: checking(host.settings().face),
    extras: null,
    isReported: false,
    isToldPaid: false,
    isBusy: false,
    show(model) {
      session.model = model;
      host.show(model);
    },
    open: check,
  };

  const withTill = async (task: (till: Till) => unknown): Promise<void> => {
    const { url } = session;
    try {
      const till = await lazy.till();
      host.equip(till);
      await task(till);
    } catch {
      const { notLoaded, offline, tryAgain } = host.settings().face;
      if (session.url === url)
        session.show({
          ...BLANK,
          ...(navigator.onLine
            ? { state: 'error', status: notLoaded }
            : { state: 'offline', status: offline }),
          button: tryAgain,
          failure: 'unreachable',
        });
    }
  };

  /** One thing at a time: a second press while the first is being worked on does nothing. */
  const once = async (task: (till: Till) => unknown): Promise<void> => {
    if (session.isBusy || !READY.includes(session.model.state)) return;
    session.isBusy = true;
    await withTill(task);
    session.isBusy = false;
  };

  return {
    session,
    open(url) {
      session.url = url;
      session.found = session.extras = null;
      session.isReported = session.isToldPaid = session.isBusy = false;
      void host.place(null);
      checked = check();
      return checked;
    },
    press: () => once((till) => till.press(session)),
    payQuietly: () =>
      session.model.state === 'locked' && quoteByExtension() !== null
        ? once((till) => till.press(session, { isQuiet: true }))
        : Promise.resolve(),
    choose: (wallet) => once((till) => till.press(session, { wallet })),
    join() {
      const listener: Parameters<typeof page.listeners.add>[0] = (url, delivery) => {
        const isMine = url === session.url || (session.found?.kind === 'offer' && url === session.found.url);
        // Who is busy paying hears of it by its own result.
        if (isMine && READY.includes(session.model.state))
          void withTill((till) => till.unlock(session, delivery));
      };
      page.listeners.add(listener);
      return () => void page.listeners.delete(listener);
    },
    async quote() {
      await checked;
      return session.model.quote;
    },
  };
}

/**
 * How anything is asked for that an extension is not to pay: a price, a sign-in, what a wallet has paid. The page's own
 * `fetch` would have it pay.
 */
export function askFor({ fetch }: Settings): Ask {
  return quoteByExtension() ?? fetch;
}

/** The price, with the button. `status` says what has just happened. */
export function showOffer(session: Session, seen: Extract<Look, { kind: 'offer' }>, status = ''): void {
  session.found = seen;
  session.show({ ...locked(seen.quote, session.host.settings().face), status });
  session.host.emit(new X402QuoteEvent(seen.quote));
}

/** Why the page does not allow this to be paid, or null. */
export function limitOf(quote: Quote, settings: Settings): Fault | null {
  return faultOf(quote, settings, (microUsd) => formatPrice(microUsd, settings.face.locale));
}
