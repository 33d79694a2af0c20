/** What `<x402-paywall>` does beyond the sight of a price; loaded with the first press, fault or open content. */

import { X402ErrorEvent, X402PaidEvent, X402PayEvent } from '../events.ts';
import * as lazy from '../lazy.ts';
import { more as english } from '../locales/en.ts';
import type { Language, Locale, More } from '../locales/words.ts';
import { findPayer } from '../wallet/extension.ts';
import { mend } from '../wallet/hindrance.ts';
import { checkout } from './checkout.ts';
import { type Content, contentOf } from './content.ts';
import type { Place } from './draw.ts';
import { buyThroughExtension } from './extension-purchase.ts';
import { type ExtrasContext, extras, openThere, receiptLine } from './extras.view.ts';
import type { Fault } from './fault.ts';
import { askFor, DEFAULT_MAX_AMOUNT, limitOf, type Session, showOffer } from './gate.ts';
import * as screen from './later-model.ts';
import type { Look } from './look.ts';
import { locked, type Model } from './model.ts';
import { refusalOf } from './odd-terms.ts';
import type { Delivery, Result, Step } from './result.ts';
import { hasSignIn } from './sign-in.ts';
import { buyWithWallet, openBySignIn } from './wallet-purchase.ts';
import { type Wallet, walletsFor } from './wallets.ts';

export { laterSheet } from './later-sheet.ts';
export { oddTerms } from './odd-terms.ts';
export type { Wallet } from './wallets.ts';
export { receiptLine };

/** Puts content into the element's light tree; the element is `aria-busy` until all of it is there. */
export async function place(element: Place, content: Content): Promise<void> {
  element.ariaBusy = 'true';
  try {
    await (await lazy.draw()).place(element, content);
  } finally {
    element.ariaBusy = null;
  }
}

/** Draws what stands below the button. */
export type Extras = (
  model: Model,
  context: Pick<ExtrasContext, 'html' | 'helpHref' | 'onChoose'>,
) => ReturnType<typeof extras>;

/** How to pay, when it is not left to be found out: with this wallet, or without a question to the reader. */
export type Way = { readonly wallet?: Wallet; readonly isQuiet?: boolean };

type Payable = Extract<Look, { kind: 'offer' | 'hidden' }>;

/** Shows what a look has found. `status` says what has just happened. */
export async function take(session: Session, seen: Look, status = ''): Promise<void> {
  const { face, maxAmount, payTo } = session.host.settings();
  session.found = seen;
  if (seen.kind === 'open') {
    show(session, screen.OPEN);
    return draw(session, contentOf(seen.response, seen.url, true));
  }
  if (seen.kind === 'fault') return showFault(session, seen.fault);
  if (seen.kind === 'offer') {
    const limit = limitOf(seen.quote, session.host.settings());
    return limit === null ? showOffer(session, seen, status) : showFault(session, limit);
  }
  // What can't be read can't be held against a limit that was set.
  const isLimited = maxAmount !== DEFAULT_MAX_AMOUNT || payTo !== '';
  if (findPayer() === null || isLimited) return showFault(session, seen.fault);
  show(session, { ...locked(null, face), status });
}

/** Shows what was bought, by this element or by another one of the page. */
export function unlock(session: Session, delivery: Delivery): Promise<void> {
  show(session, screen.unlocked(session.model, session.host.settings().face, delivery));
  return draw(session, delivery.content);
}

/** Pays for what was found, or looks again where there was nothing to pay. */
export async function press(session: Session, way: Way = {}): Promise<void> {
  const { found } = session;
  const step = steps.get(session);
  steps.delete(session);
  if (step !== undefined && !way.isQuiet && !way.wallet) await takeStep(session, step);
  else if (found?.kind === 'offer' || found?.kind === 'hidden') await pay(session, found, way);
  else await session.open();
}

/** What the reader can do before a press pays, by element; the button says it. */
const steps = new WeakMap<Session, Step>();

/** Leads to the extension's own page. Once the reader is back, what their rules pay by themselves goes on. */
async function takeStep(session: Session, { hindrance }: Step): Promise<void> {
  const { url, found, model } = session;
  const { face, more } = await wordsFor(session);
  const goOn = (): void => {
    if (session.url !== url || session.found !== found || session.isBusy) return;
    if (session.model.state !== 'locked') return;
    if (found !== null) tried.delete(found);
    session.isBusy = true;
    void press(session, { isQuiet: true }).finally(() => {
      session.isBusy = false;
    });
  };
  mend(hindrance, goOn);
  show(session, { ...locked(model.quote, face), status: more.goesOn });
}

async function pay(session: Session, target: Payable, way: Way): Promise<void> {
  const { host, url } = session;
  const locale = await wordsFor(session);
  const { face, more } = locale;
  const quote = target.kind === 'offer' ? target.quote : null;
  const limit = quote && limitOf(quote, host.settings());
  if (limit !== null) return showFault(session, limit);
  if (target.kind === 'offer') adviseOn(target);
  const payer = way.wallet ? null : findPayer();
  if (way.isQuiet && (payer === null || !isFirstTry(target))) return;
  const { all, taken } = walletsFor(host.settings().wallet);
  const wallet = quote && (way.wallet ?? taken);
  if (payer === null && wallet === null) return offerWays(session, all);
  if (!host.emit(new X402PayEvent(quote, payer === null ? 'wallet' : 'extension')))
    return way.isQuiet ? undefined : show(session, screen.refused(quote, face, more.stopped));
  const waiting = screen.confirming(session.model, face, (payer ?? wallet)?.info.name ?? '');
  show(session, way.isQuiet ? { ...waiting, status: '' } : waiting);
  const buy = (): Promise<Result> =>
    payer === null
      ? buyBy(session, target, wallet, locale)
      : buyThroughExtension(target.url, payer, more, !way.isQuiet);
  // Anything unforeseen is taken for the worst case: something may have been sent.
  const unforeseen = (): Result => ({ kind: 'unknown', sentence: more.unknown(null, null) });
  const result = await checkout(session.page, target.url, buy).catch(unforeseen);
  if (session.url !== url) return;
  // Nobody asked for it, so nobody needs to hear that it was not paid: the button is there again.
  if (way.isQuiet && result.kind === 'declined') show(session, locked(quote, face));
  else await finish(session, result, payer === null ? all : []);
}

function adviseOn(offer: Extract<Payable, { kind: 'offer' }>): void {
  const { x402Version, accepts } = offer.required;
  const isV1 = x402Version === 1;
  const isOwnForm = accepts.every(
    ({ sent }) => isV1 === 'maxAmountRequired' in sent && isV1 !== String(sent['network']).includes(':'),
  );
  if (isV1 === (offer.evidence === 'body') && isOwnForm) return;
  lazy
    .diagnose()
    .then(({ diagnoseOffer }) => diagnoseOffer(offer))
    .catch(ignore);
}

const tried = new WeakSet<Look>();

/** What the reader's rules did not pay by themselves is not put to them again each time that it is scrolled by. */
function isFirstTry(target: Payable): boolean {
  const isFirst = !tried.has(target);
  tried.add(target);
  return isFirst;
}

/** What was bought before can be had for a signature, where the site says so. */
export async function offerSignIn(session: Session): Promise<void> {
  const { found, host, url } = session;
  if (found?.kind !== 'offer' || !hasSignIn(found.required, found.url)) return;
  const words = await wordsFor(session);
  if (session.url !== url || session.found !== found || session.model.state !== 'locked') return;
  prepareExtras(session, words, walletsFor(host.settings().wallet).all);
  show(session, { ...session.model, extra: 'sign-in' });
}

/** @param wallet null leaves it to the reader, unless it is plain which one paid. */
async function signIn(session: Session, wallet: Wallet | null): Promise<void> {
  const { found, host, page, url } = session;
  if (found?.kind !== 'offer' || session.isBusy) return;
  const words = await wordsFor(session);
  const { face, more } = words;
  const { all, taken } = walletsFor(host.settings().wallet);
  const chosen = wallet ?? taken;
  if (chosen === null) {
    prepareExtras(session, words, all, (one) => void signIn(session, one));
    return show(session, { ...screen.choosing(session.model, face, more), status: more.whichWallet });
  }
  session.isBusy = true;
  show(session, screen.signingIn(session.model, face, more, chosen.info.name));
  const open = async (): Promise<Result> => {
    const opened = { info: chosen.info, provider: await chosen.open() };
    const ask = askFor(host.settings());
    return openBySignIn({ shown: found, wallet: opened, ask, words, again: false, onSend: ignore });
  };
  const failed = (): Result => ({ kind: 'declined', sentence: more.walletFailed });
  const result = await checkout(page, found.url, open).catch(failed);
  if (session.url !== url) return;
  session.isBusy = false;
  await finish(session, result, all);
}

async function buyBy(
  session: Session,
  target: Payable,
  wallet: Wallet | null,
  words: Locale,
): Promise<Result> {
  const { host, url, isToldPaid } = session;
  if (target.kind !== 'offer' || wallet === null) return { kind: 'declined', sentence: words.more.noPayer };
  const onSend = (): void => {
    if (session.url === url) show(session, screen.paying(session.model, words.face));
  };
  const opened = { info: wallet.info, provider: await wallet.open() };
  const ask = askFor(host.settings());
  return buyWithWallet({ shown: target, wallet: opened, ask, words, again: isToldPaid, onSend });
}

/** The reader chooses, or learns what it takes. */
async function offerWays(session: Session, wallets: readonly Wallet[]): Promise<void> {
  const { face, more } = await wordsFor(session);
  prepareExtras(session, { face, more }, wallets);
  const isInstalled = wallets.length > 1; // One is always there: it needs nothing installed.
  show(session, (isInstalled ? screen.choosing : screen.withoutPayer)(session.model, face, more));
}

/** @param onChosen what a choice leads to; a payment, if not given. */
function prepareExtras(
  session: Session,
  words: Locale,
  wallets: readonly Wallet[],
  onChosen?: (wallet: Wallet) => void,
): void {
  const ways = {
    wallets,
    onOther: (): void => void offerWays(session, wallets),
    onSignIn: (): void => void signIn(session, null),
    ...(onChosen && { onChoose: onChosen }),
  };
  session.extras = (model, context) => extras(model, { ...context, ...words, ...ways });
}

async function finish(session: Session, result: Result, others: readonly Wallet[]): Promise<void> {
  const words = await wordsFor(session);
  const { face, more } = words;
  if (result.kind === 'looked') return take(session, result.look, more.changed);
  session.isToldPaid = result.kind === 'paid-before';
  if (result.kind === 'delivered') void unlock(session, result);
  else {
    const model = screen.afterPress(session.model, result, face, more);
    if (result.kind === 'declined' && result.step) steps.set(session, result.step);
    const canChange = result.kind === 'declined' && others.length > 1;
    if (canChange) prepareExtras(session, words, others);
    const openAt = result.kind === 'undelivered' ? result.openAt : undefined;
    if (openAt !== undefined) session.extras = (_, { html }) => openThere(html, openAt, more);
    show(session, { ...model, ...(canChange && { extra: 'other' }), ...(openAt && { extra: 'open' }) });
  }
  if (result.kind === 'undelivered' || (result.kind === 'delivered' && result.paid && !result.shared))
    reportPaid(session, result.transaction);
}

function reportPaid(session: Session, transaction: string | null): void {
  if (!session.isReported) session.host.emit(new X402PaidEvent(transaction, session.model.quote));
  session.isReported = true;
}

function show(session: Session, model: Model): void {
  session.show(model);
  if (model.failure !== null) session.host.emit(new X402ErrorEvent(model.failure, model.status));
}

async function showFault(session: Session, found: Fault): Promise<void> {
  const fault =
    found.code === 'unpayable' ? { ...found, detail: refusalOf(found.header, found.body) } : found;
  const { url } = session;
  lazy
    .diagnose()
    .then(({ diagnose }) => diagnose(fault, url))
    .catch(ignore);
  const { face, more } = await wordsFor(session);
  if (session.url === url) show(session, screen.faulty(fault, face, more));
}

/** Content may break off on its way; what is paid for can be asked for again. */
async function draw(session: Session, content: Content): Promise<void> {
  const { url, found, page } = session;
  try {
    await session.host.place(content);
  } catch {
    if (session.url !== url || url === null) return;
    page.deliveries.delete(url);
    if (found?.kind === 'offer') page.deliveries.delete(found.url);
    const { receipt } = session.model;
    if (receipt === null) return showFault(session, { code: 'unreachable', host: new URL(url).host });
    const { face, more } = await wordsFor(session);
    const broken: Result = { kind: 'undelivered', ...receipt, sentence: more.brokeOff };
    show(session, screen.afterPress(session.model, broken, face, more));
  }
}

/** The rest of the words; English when they can't be had. */
async function wordsFor({ host }: Session): Promise<Locale> {
  const { face, language } = host.settings();
  if (language === null) return { face, more: english };
  if (typeof language === 'object') return language;
  return {
    face,
    more: await MORE[language]().then(
      ({ more }): More => more,
      () => english,
    ),
  };
}

const MORE: { readonly [L in Language]: () => Promise<{ readonly more: More }> } = {
  de: lazy.de,
  es: lazy.es,
  fr: lazy.fr,
  ja: lazy.ja,
  pt: lazy.pt,
};

function ignore(): void {}
