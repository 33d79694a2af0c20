import type { SpokenFault } from '../paywall/fault.ts';
import type { Hindrance } from '../wallet/hindrance.ts';

/** What is said before anything goes wrong, and before a payment ends. English is in the element itself. */
export type Face = {
  /** BCP 47, for numbers and times. */
  readonly locale: string;
  readonly checking: string;
  readonly readOn: string;
  readonly readOnFor: (price: string) => string;
  readonly lead: string;
  readonly leadHidden: string;
  readonly once: string;
  readonly upfront: string;
  readonly amountOn: (amount: string, network: string) => string;
  readonly testNetwork: (name: string) => string;
  /** @param payee the address, shortened. */
  readonly payee: (payee: string) => string;
  readonly waiting: string;
  readonly paying: string;
  /** @param price null when only the payer knows it. */
  readonly confirm: (payer: string, price: string | null) => string;
  readonly sent: string;
  readonly paid: (price: string | null) => string;
  readonly paidNow: string;
  readonly openNow: string;
  readonly receipt: string;
  readonly tryAgain: string;
  readonly offline: string;
  readonly notLoaded: string;
};

/** What the reader can mend in the extension. */
export type Mendable = Exclude<Hindrance, 'refused'>;

/** Why a site did not take a payment, as far as its code is known. */
export type Refusal = 'funds' | 'used' | 'late' | 'signature' | null;

/** Everything else: loaded with the first press, or with the first fault. */
export type More = {
  readonly loadAgain: string;
  readonly sendAgain: string;
  readonly payAgain: (price: string) => string;
  readonly fault: (fault: SpokenFault) => string;
  readonly notPaid: string;
  readonly refused: string;
  /** Why the extension has not paid, and the button that leads to where the reader can change that. */
  readonly hindered: { readonly [H in Mendable]: (payer: string) => string };
  readonly remedy: { readonly [H in Mendable]: string };
  readonly goesOn: string;
  readonly stopped: string;
  readonly changed: string;
  /** @param said the site's own words, or null. */
  readonly rejected: (refusal: Refusal, said: string | null) => string;
  readonly unknown: (refusal: Refusal, said: string | null) => string;
  readonly extensionFailed: (name: string) => string;
  /** @param status 0 when there was no answer. */
  readonly notDelivered: (status: number) => string;
  readonly notDeliveredBy: (name: string, status: number) => string;
  readonly brokeOff: string;
  readonly movedOn: string;
  readonly openThere: string;
  readonly paidOnOtherTerms: string;
  readonly stillOpen: (time: string) => string;
  readonly paidBefore: (price: string, time: string) => string;
  readonly declined: string;
  readonly noAccount: string;
  readonly wrongChain: (network: string, hasIt: boolean) => string;
  readonly walletBusy: string;
  readonly walletFailed: string;
  readonly notKept: string;
  readonly tooLate: string;
  readonly noPayer: string;
  readonly helpTitle: string;
  readonly getExtension: string;
  /** @param amount null when the price is not known. */
  readonly fund: (what: string | null, amount: string | null) => string;
  readonly pressAgain: string;
  readonly helpLink: string;
  readonly choose: string;
  readonly otherWallet: string;
  readonly signIn: string;
  readonly signingIn: (payer: string) => string;
  readonly notBought: string;
  readonly whichWallet: string;
};

/** Languages that the element speaks besides English. */
export type Language = 'de' | 'es' | 'fr' | 'ja' | 'pt';

/** One language. */
export type Locale = { readonly face: Face; readonly more: More };
