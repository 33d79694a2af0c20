import {
  DEAD_ALONE,
  formatPrice,
  hasTermsOf,
  type Intent,
  isUndecided,
  type PayResult,
  type Policy,
  type Ports,
  type Purchase,
  pay,
  paymentHeader,
  type Quote,
  resolve,
  SignedTooLateError,
  sentenceOf,
  termsOf,
  ValidityTooShortError,
} from '../core/index.ts';
import type { Face, More } from '../locales/words.ts';
import type { AnnouncedInfo } from '../wallet/announcements.ts';
import { type Eip1193Provider, eip1193Wallet } from '../wallet/eip1193.ts';
import { eip1193Chain } from '../wallet/eip1193-chain.ts';
import { DeclinedError, NoAccountError, WalletFailedError, WrongChainError } from '../wallet/errors.ts';
import { rememberWallet } from '../wallet/remembered.ts';
import { contentOf } from './content.ts';
import { type Ask, look, type Offer } from './look.ts';
import { isOpenToPayments, type Sent, sendPaid } from './paid-answer.ts';
import type { Result } from './result.ts';
import { resultOf } from './settle-result.ts';
import { sendSignIn } from './sign-in.ts';
import { createStoredLedger, NotKeptError } from './stored-ledger.ts';

/** Nothing is ever paid here without a press. */
const ASK_ALWAYS: Policy = {
  paused: false,
  autoPay: null,
  dayBudget: null,
  anySite: false,
  allowedSites: [],
};
/** In the ledger: the content of this payment came. */
const DELIVERED = 'delivered';

/** The page's payments: one ledger for every element and every tab of a site. */
const ledger = createStoredLedger(storeOfPage());

export type WalletPurchase = {
  /** What the reader saw and pressed for. Other terms are not paid. */
  readonly shown: Offer;
  readonly wallet: { readonly info: AnnouncedInfo; readonly provider: Eip1193Provider };
  readonly ask: Ask;
  readonly words: { readonly face: Face; readonly more: More };
  /** The reader has been told that this was paid before, and has pressed once more. */
  readonly again: boolean;
  /** Called when the payment is about to leave. */
  readonly onSend: () => void;
};

/**
 * Pays with a browser wallet, after the reader has pressed.
 *
 * The terms are asked for once more: the newest ones are sent back, and other ones than the reader saw are not paid.
 * Callers run it for one address at a time.
 */
export async function buyWithWallet(order: WalletPurchase): Promise<Result> {
  const { shown, ask } = order;
  const seen = await look(shown.url, location.origin, ask);
  if (seen.kind !== 'offer' || !isSameOffer(seen.quote, shown.quote)) return { kind: 'looked', look: seen };
  if (!(await canBePaid(seen, ask)))
    return {
      kind: 'looked',
      look: { kind: 'fault', fault: { code: 'blocked', host: new URL(seen.url).host } },
    };
  const result = await payFor(seen, order);
  if (result.kind === 'delivered') rememberWallet(order.wallet.info);
  return result;
}

/** A payment that the browser stops on its way looks like one that was lost; so it is tried out while it costs nothing. */
async function canBePaid({ url, required }: Offer, ask: Ask): Promise<boolean> {
  if (new URL(url).origin === location.origin) return true;
  return isOpenToPayments(url, required.x402Version === 1 ? 'X-PAYMENT' : 'PAYMENT-SIGNATURE', ask);
}

async function payFor(offer: Offer, order: WalletPurchase): Promise<Result> {
  const { url, required, evidence } = offer;
  const { more } = order.words;
  const got: { sent: Sent | null } = { sent: null };
  const send: Ports['retry']['send'] = async (_intent, header) => {
    order.onSend();
    got.sent = await sendPaid(url, header, order.ask);
    return got.sent.answer;
  };
  const ports = portsFor(offer, order, { send });
  let result: PayResult;
  try {
    const request = { purchase: purchaseOf(url), required, evidence, approved: false };
    result = await pay(request, ports);
  } catch (error) {
    return { kind: 'declined', sentence: wordsFor(error, more) };
  }
  const { sent } = got;
  if (result.kind !== 'sent' || sent === null) return afterRefusal(offer, order);
  if (sent.isRedirect) return afterRedirect(result.intent, sent, url, order, ports);
  return noted(result.intent, await resultOf(result.intent, sent, url, more));
}

/**
 * The site has sent the reader on, as to a signed address of a store. Whether it took the money first, the chain says.
 * Then it may know the reader again, by a cookie that came along, and the page may read what is there.
 */
async function afterRedirect(
  intent: Intent,
  sent: Sent,
  url: string,
  { ask, words: { more } }: WalletPurchase,
  ports: Ports,
): Promise<Result> {
  const ended = await resolve(intent, ports).catch(() => intent);
  if (ended.state !== 'settled') return resultOf(ended, sent, url, more);
  const seen = await look(url, location.origin, ask); // Without the payment: it goes to nobody else.
  if (seen.kind === 'open')
    return noted(ended, await resultOf(ended, { ...sent, response: seen.response }, url, more));
  return { kind: 'undelivered', transaction: ended.transaction, sentence: more.movedOn, openAt: url };
}

function portsFor({ quote }: Offer, { wallet, again }: WalletPurchase, retry: Ports['retry']): Ports {
  return {
    wallet: eip1193Wallet(wallet.provider, quote.network),
    chain: eip1193Chain(wallet.provider),
    // The press agrees to pay once; the ledger or the chain may say only now that it was paid already.
    consent: {
      ask: async ({ reasons }) => (reasons.includes('already-paid') && !again ? 'refused' : 'approved'),
    },
    policy: async () => ASK_ALWAYS,
    now: Date.now,
    ledger,
    retry,
  };
}

/** Nothing new was signed: either it is paid already, or an earlier payment may still go through. */
async function afterRefusal(offer: Offer, order: WalletPurchase): Promise<Result> {
  const { face, more } = order.words;
  const earlier = await ledger.find(purchaseOf(offer.url));
  const open = earlier.filter(isUndecided);
  if (open.length > 0) {
    const ends = open.map(
      ({ payment }) => Number((payment?.authorization.validBefore ?? 0n) + DEAD_ALONE) * 1000,
    );
    return { kind: 'declined', sentence: more.stillOpen(timeOf(Math.max(...ends), face)) };
  }
  const settled = earlier.find(({ state }) => state === 'settled');
  return settled === undefined
    ? { kind: 'declined', sentence: more.notPaid }
    : presentAgain(settled, offer, order);
}

/** Signs the reader in, or shows the site the payment that it has taken: the token contract takes it no second time. */
async function presentAgain(intent: Intent, offer: Offer, order: WalletPurchase): Promise<Result> {
  const { quote, required, url } = offer;
  const { ask, wallet, words } = order;
  const { face, more } = words;
  const signedIn = await sendSignIn(offer, wallet.provider, ask).catch(() => null); // There is another way.
  if (signedIn?.response?.ok) return noted(intent, await resultOf(intent, signedIn, url, more));
  const wasRead = intent.note === DELIVERED;
  const before: Result = {
    kind: 'paid-before',
    sentence: more.paidBefore(
      formatPrice(intent.terms.microUsd, face.locale),
      timeOf(intent.updatedAt, face),
    ),
  };
  if (intent.payment === null || !hasTermsOf(intent, quote))
    return wasRead
      ? before
      : { kind: 'undelivered', transaction: intent.transaction, sentence: more.paidOnOtherTerms };
  const sent = await sendPaid(url, paymentHeader(required, quote.requirements, intent.payment), ask);
  const result = await resultOf(intent, sent, url, more);
  if (result.kind === 'delivered' || !wasRead) return noted(intent, result);
  return before;
}

/** Writes down that the content came, and takes that back when it breaks off on the way. */
async function noted(intent: Intent, result: Result): Promise<Result> {
  if (result.kind !== 'delivered' || intent.state !== 'settled') return result;
  await ledger.advance(intent.id, { state: 'settled', note: DELIVERED });
  result.content.body.read(() => {}).catch(() => ledger.advance(intent.id, { state: 'settled', note: null }));
  return result;
}

function purchaseOf(url: string): Purchase {
  return { site: location.origin, url, method: 'GET', bodyHash: null };
}

/** Opens what was bought before for a signature: nothing is paid, whatever comes of it. */
export async function openBySignIn({ shown, wallet, ask, words }: WalletPurchase): Promise<Result> {
  const { more } = words;
  try {
    const sent = await sendSignIn(shown, wallet.provider, ask);
    if (!sent?.response?.ok) return { kind: 'declined', sentence: more.notBought };
    const content = contentOf(sent.response, shown.url, false);
    rememberWallet(wallet.info);
    return { kind: 'delivered', shared: false, content, paid: false, transaction: null };
  } catch (error) {
    return { kind: 'declined', sentence: wordsFor(error, more) };
  }
}

/** Of something thrown before anything was signed. */
function wordsFor(thrown: unknown, more: More): string {
  if (thrown instanceof DeclinedError) return more.declined;
  if (thrown instanceof NoAccountError) return more.noAccount;
  if (thrown instanceof WrongChainError) return more.wrongChain(thrown.network, thrown.hasIt);
  if (thrown instanceof WalletFailedError)
    return thrown.isBusy ? more.walletBusy : `${more.walletFailed} ${sentenceOf(thrown.cause).slice(0, 200)}`;
  if (thrown instanceof NotKeptError) return more.notKept;
  const isLate = thrown instanceof ValidityTooShortError || thrown instanceof SignedTooLateError;
  return isLate ? more.tooLate : `${more.walletFailed} ${sentenceOf(thrown)}`;
}

function isSameOffer(one: Quote, other: Quote): boolean {
  const [a, b] = [termsOf(one), termsOf(other)];
  return (
    a.network === b.network &&
    a.asset === b.asset &&
    a.amount === b.amount &&
    a.payTo === b.payTo &&
    one.upfront === other.upfront
  );
}

function timeOf(milliseconds: number, { locale }: Face): string {
  return new Date(milliseconds).toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' });
}

function storeOfPage(): Storage | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // Switched off for this site.
  }
}
