import {
  asAddress,
  asArray,
  asHex,
  asInteger,
  asObject,
  asOneOf,
  asString,
  asTextOrNull,
  type Intent,
  isUndecided,
  MalformedError,
  type Purchase,
  parseAtomic,
  type SignedPayment,
  type Terms,
} from 'tuppence/core';
import { asSignedRecords, type SignedRecords } from './signed-record.ts';
import { asVerdict, type VerdictRecord } from './verdict-record.ts';

/** A payment as it is stored, and as it travels between the extension's own pages: plain JSON. */
export type IntentRecord = {
  readonly id: string;
  /** Equal for equal purchases; indexed. */
  readonly purchaseKey: string;
  readonly purchase: Purchase;
  readonly terms: Omit<Terms, 'amount' | 'microUsd'> & {
    readonly amount: string;
    readonly microUsd: string;
  };
  readonly state: Intent['state'];
  readonly verdict: VerdictRecord;
  readonly payment: {
    readonly from: string;
    readonly to: string;
    readonly value: string;
    readonly validAfter: string;
    readonly validBefore: string;
    readonly nonce: string;
    readonly signature: string;
    readonly paymentId: string;
  } | null;
  /** See `Intent`; left out by older versions. */
  readonly part?: true;
  readonly transaction: string | null;
  readonly note: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The counters that it counts in, so that it is given back to just those, whatever the clock says then. */
  readonly windows: readonly string[];
  /** The purchase while the payment is undecided; indexed. */
  readonly openPurchase?: string;
  /** What is still to be found out: how it ended, or the transaction that it settled in; indexed. */
  readonly todo?: 'fate' | 'receipt';
  /** The server's signed offer and receipt; left out when it signed none, and by older versions. */
  readonly signed?: SignedRecords;
  /** What went wrong with its header, whatever the server has answered; left out when nothing did. */
  readonly delivery?: DeliveryFault;
};

/** `went-astray`: a request of another frame left with it. */
export type DeliveryFault = (typeof DELIVERY_FAULTS)[number];

/** A payment with what is kept with it besides the core's own fields. */
export type StoredIntent = Intent & Pick<IntentRecord, 'signed' | 'delivery'>;

const DELIVERY_FAULTS = ['went-astray'] as const;
const STATES = ['reserved', 'signed', 'sent', 'settled', 'rejected', 'unknown', 'expired'] as const;

export function purchaseKey({ site, url, method, bodyHash }: Purchase): string {
  return JSON.stringify([site, url, method, bodyHash]);
}

export function toIntentRecord(intent: StoredIntent, windows: readonly string[]): IntentRecord {
  const { terms, payment } = intent;
  return {
    ...intent,
    purchaseKey: purchaseKey(intent.purchase),
    terms: {
      ...terms,
      amount: terms.amount.toString(),
      microUsd: terms.microUsd.toString(),
    },
    payment: payment === null ? null : toPaymentRecord(payment),
    windows,
    ...stillOpen(intent),
  };
}

function stillOpen(intent: Intent): Pick<IntentRecord, 'openPurchase' | 'todo'> {
  if (isUndecided(intent)) return { openPurchase: purchaseKey(intent.purchase), todo: 'fate' };
  return intent.state === 'settled' && intent.transaction === null ? { todo: 'receipt' } : {};
}

/** @throws {MalformedError} */
export function windowsOf(value: unknown): readonly string[] {
  const { windows } = asObject(value, 'intent');
  return asArray(windows, 'intent.windows', 8).map((key) => asString(key, 'intent.windows', 65_536));
}

function toPaymentRecord({ authorization, signature, paymentId }: SignedPayment): IntentRecord['payment'] {
  return {
    from: authorization.from,
    to: authorization.to,
    value: authorization.value.toString(),
    validAfter: authorization.validAfter.toString(),
    validBefore: authorization.validBefore.toString(),
    nonce: authorization.nonce,
    signature,
    paymentId,
  };
}

/** @throws {MalformedError} when what was stored is not a payment: nothing may be decided on it then. */
export function fromIntentRecord(value: unknown): StoredIntent {
  const record = asObject(value, 'intent');
  return {
    id: asString(record['id'], 'intent.id'),
    purchase: asPurchase(record['purchase']),
    terms: asTerms(record['terms']),
    state: asOneOf(record['state'], 'intent.state', STATES),
    verdict: asVerdict(record['verdict'], 'intent.verdict'),
    ...(record['part'] === true ? { part: true } : {}),
    payment: record['payment'] === null ? null : asPayment(record['payment']),
    transaction: asTextOrNull(record['transaction']),
    note: asTextOrNull(record['note']),
    createdAt: asInteger(record['createdAt'], 'intent.createdAt', 0),
    updatedAt: asInteger(record['updatedAt'], 'intent.updatedAt', 0),
    ...(record['signed'] === undefined ? {} : { signed: asSignedRecords(record['signed']) }),
    ...(record['delivery'] === undefined
      ? {}
      : { delivery: asOneOf(record['delivery'], 'intent.delivery', DELIVERY_FAULTS) }),
  };
}

/** @throws {MalformedError} */
export function asPurchase(value: unknown): Purchase {
  const purchase = asObject(value, 'purchase');
  return {
    site: asString(purchase['site'], 'purchase.site'),
    url: asString(purchase['url'], 'purchase.url', 65_536),
    method: asString(purchase['method'], 'purchase.method', 32),
    bodyHash: asTextOrNull(purchase['bodyHash']),
  };
}

function asTerms(value: unknown): Terms {
  const terms = asObject(value, 'terms');
  return {
    network: asString(terms['network'], 'terms.network'),
    asset: asString(terms['asset'], 'terms.asset'),
    symbol: asString(terms['symbol'], 'terms.symbol'),
    decimals: asInteger(terms['decimals'], 'terms.decimals', 0),
    payTo: asString(terms['payTo'], 'terms.payTo'),
    amount: parseAtomic(terms['amount']),
    microUsd: parseAtomic(terms['microUsd']),
  };
}

function asPayment(value: unknown): SignedPayment {
  const payment = asObject(value, 'payment');
  const nonce = asHex(payment['nonce'], 'payment.nonce', 32);
  if (nonce.length !== 66) throw new MalformedError('payment.nonce', '32 bytes');
  return {
    authorization: {
      from: asAddress(payment['from'], 'payment.from'),
      to: asAddress(payment['to'], 'payment.to'),
      value: parseAtomic(payment['value']),
      validAfter: parseAtomic(payment['validAfter']),
      validBefore: parseAtomic(payment['validBefore']),
      nonce,
    },
    signature: asHex(payment['signature'], 'payment.signature'),
    paymentId: asString(payment['paymentId'], 'payment.paymentId', 128),
  };
}
