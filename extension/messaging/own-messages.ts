import {
  asArray,
  asBoolean,
  asHex,
  asInteger,
  asObject,
  asOneOf,
  asString,
  type Hex,
  MalformedError,
  type Payee,
  type Policy,
} from 'tuppence/core';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import type { IntentRecord } from '../storage/intent-record.ts';
import { asPolicy, type PolicyRecord } from '../storage/settings.ts';
import type { Receipt } from './receipt.ts';

/** What the extension's own pages may ask of the background, and what they get. Money is decimal strings. */
export type OwnMessages = {
  overview: { input: { readonly tabId: number | null }; output: Overview };
  question: { input: { readonly id: string }; output: Question };
  answer: {
    input: {
      readonly id: string;
      readonly approve: boolean;
      /** Unlocks the spending key first; null when it is open already. */
      readonly passphrase: string | null;
      /** From now on this site may be paid under the threshold without a question. */
      readonly allowSite: boolean;
    };
    output: { readonly next: string | null };
  };
  /** Pays, or refuses, what waits in the popup. */
  answerListed: {
    input: {
      readonly tabId: number;
      readonly ids: readonly string[];
      readonly approve: boolean;
      /** From now on this site may be paid under the threshold without a question, for its parts as well. */
      readonly allowSite: boolean;
    };
    output: null;
  };
  /** Signs the reader in to a page that wants that and no money, once. */
  signIn: { input: { readonly id: string }; output: null };
  setPolicy: { input: { readonly policy: Policy }; output: null };
  /** Takes back every payment header that has not left yet: payments have been paused. */
  recall: { input: Record<never, never>; output: null };
  createKey: {
    input: { readonly passphrase: string; readonly privateKey: Hex | null };
    output: { readonly address: string };
  };
  unlock: { input: { readonly passphrase: string }; output: null };
  lock: { input: Record<never, never>; output: null };
  /** What the chain says of a token now: of the one that is paid with on a network where `asset` is null. */
  balance: {
    input: { readonly network: string; readonly asset: string | null };
    output: {
      readonly balance: string | null;
      /** The same without what undecided payments may still take; never below zero. */
      readonly free: string | null;
    };
  };
  /** The reader's own endpoint of a network, with its explorer; null leaves either to the public ones. */
  setRpc: {
    input: { readonly network: string; readonly url: string | null; readonly explorer: string | null };
    output: null;
  };
  /** The endpoints of a network, in the order in which they are asked. */
  rpcs: { input: { readonly network: string }; output: { readonly asked: readonly string[] } };
  /** Lets private windows use the spending key, or no longer. */
  setPrivateWindows: { input: { readonly allowed: boolean }; output: null };
  /** Minutes without a payment and without a press after which the key locks itself; null for never. */
  setLockAfter: { input: { readonly minutes: number | null }; output: null };
  setUnattended: { input: { readonly unattended: boolean }; output: null };
  /** Asks the chain now about everything that is not settled yet, with a receipt. */
  check: {
    input: Record<never, never>;
    output: { readonly undecided: number; readonly withoutReceipt: number };
  };
  /** One page of payments, newest first; `next` begins the page after it, null at the end. */
  history: {
    input: { readonly before: PageStart | null; readonly limit: number };
    output: { readonly payments: readonly Receipt[]; readonly next: PageStart | null };
  };
  /** Erases all history that does not keep the reader from paying twice. */
  erase: { input: Record<never, never>; output: { readonly kept: number } };
  /** Has budgets count from today on, after a clock that was ahead. */
  startToday: { input: Record<never, never>; output: null };
  activity: { input: { readonly tabId: number }; output: Activity };
};

export type OwnKind = keyof OwnMessages;
export type OwnMessage = { [Kind in OwnKind]: { kind: Kind } & OwnMessages[Kind]['input'] }[OwnKind];

/** The last payment of the page before. */
export type PageStart = { readonly createdAt: number; readonly id: string };

/** What the popup and the welcome page show: addresses are cut, and lists have an end. */
export type Overview = {
  readonly wallet: 'ready' | 'locked' | 'none';
  readonly address: string | null;
  /** Whether private windows may use the spending key. */
  readonly privateWindows: boolean;
  /** Minutes without a payment and without a press after which the key locks itself; null for never. */
  readonly lockAfter: number | null;
  readonly policy: PolicyRecord;
  readonly spentToday: string;
  readonly spentThisMonth: string;
  /** Newest first. */
  readonly payments: readonly PaymentSummary[];
  /** 402s that were not paid, newest first. */
  readonly unpaid: readonly EncounterRecord[];
  /** The newest 402 of the tab that was asked for, whatever became of it. */
  readonly here: EncounterRecord | null;
  /** What waits for the reader on the page that the tab shows, oldest first: as many as are shown at once. */
  readonly listed: readonly EncounterRecord[];
  /** How many wait there. */
  readonly listedCount: number;
  /** Why something on that page was not even looked at, or null. */
  readonly leftAlone: 'too-many' | 'too-much-text' | 'method-too-long' | 'address-too-long' | null;
  /** Why the records could not be written when that was needed last, or null. */
  readonly trouble: string | null;
  /** The day that budgets count in (`2027-11-25`), when that is still to come: the clock was ahead once. Else null. */
  readonly dayAhead: string | null;
};

/** A payment without its signature: pages that show it have no need of that. */
export type PaymentSummary = Omit<
  IntentRecord,
  'payment' | 'purchaseKey' | 'windows' | 'openPurchase' | 'todo'
>;

/** What the consent window shows. */
export type Question = {
  readonly encounter: EncounterRecord;
  /** How many questions of the tab are open, this one included. */
  readonly open: number;
  readonly wallet: 'ready' | 'locked' | 'none';
  readonly address: string | null;
  readonly policy: PolicyRecord;
  readonly spentToday: string;
  /** When the same thing was paid before, unix milliseconds; null when never. */
  readonly paidAt: number | null;
  /** What it cost then, millionths of a US dollar; null when that was erased. */
  readonly paidMicroUsd: string | null;
  /** Whom this origin was paid for last that it had not been paid for before; null before the first payment. */
  readonly payeeBefore: Payee | null;
  /** Whether the balance may be asked for before any press: its network was used, or is the reader's own choice. */
  readonly knowsNetwork: boolean;
  /** What the spending key is known to hold, where that was ever asked for; amounts are atomic units. */
  readonly holdings: readonly { readonly network: string; readonly asset: string; readonly atomic: string }[];
};

/** Every 402 of a tab with the payment it led to, oldest first. */
export type Activity = {
  readonly items: readonly { readonly encounter: EncounterRecord; readonly payment: PaymentSummary | null }[];
};

const KINDS = [
  'overview',
  'question',
  'answer',
  'answerListed',
  'signIn',
  'setPolicy',
  'recall',
  'createKey',
  'unlock',
  'lock',
  'balance',
  'setRpc',
  'rpcs',
  'setPrivateWindows',
  'setUnattended',
  'setLockAfter',
  'activity',
  'check',
  'history',
  'erase',
  'startToday',
] as const satisfies readonly OwnKind[];

/** Most payments of one page: a message has to stay small. */
const MAX_PAGE = 1_000;
/** Most ids that are answered with one press: more than are ever shown at once. */
const MAX_IDS = 100_000;

/** @throws {MalformedError} */
export function parseOwnMessage(value: unknown): OwnMessage {
  const message = asObject(value, 'message');
  const kind = asOneOf(message['kind'], 'message.kind', KINDS);
  const text = (field: string, max = 4096) => asString(message[field], `message.${field}`, max);
  const textOrNull = (field: string) => (message[field] === null ? null : text(field));
  switch (kind) {
    case 'overview':
      return {
        kind,
        tabId: message['tabId'] === null ? null : asInteger(message['tabId'], 'message.tabId', 0),
      };
    case 'question':
    case 'signIn':
      return { kind, id: text('id') };
    case 'answer':
      return {
        kind,
        id: text('id'),
        approve: asBoolean(message['approve'], 'message.approve'),
        passphrase: textOrNull('passphrase'),
        allowSite: asBoolean(message['allowSite'], 'message.allowSite'),
      };
    case 'answerListed':
      return {
        kind,
        tabId: asInteger(message['tabId'], 'message.tabId', 0),
        ids: asArray(message['ids'], 'message.ids', MAX_IDS).map((id) => asString(id, 'message.ids')),
        approve: asBoolean(message['approve'], 'message.approve'),
        allowSite: asBoolean(message['allowSite'], 'message.allowSite'),
      };
    case 'setPolicy':
      return { kind, policy: asPolicy(message['policy']) };
    case 'createKey':
      return { kind, passphrase: text('passphrase'), privateKey: asKeyOrNull(message['privateKey']) };
    case 'unlock':
      return { kind, passphrase: text('passphrase') };
    case 'lock':
      return { kind };
    case 'balance':
      return { kind, network: text('network'), asset: textOrNull('asset') };
    case 'setRpc':
      return {
        kind,
        network: text('network'),
        url: textOrNull('url'),
        explorer: message['explorer'] === undefined ? null : textOrNull('explorer'),
      };
    case 'rpcs':
      return { kind, network: text('network') };
    case 'setPrivateWindows':
      return { kind, allowed: asBoolean(message['allowed'], 'message.allowed') };
    case 'setLockAfter':
      return {
        kind,
        minutes: message['minutes'] === null ? null : asInteger(message['minutes'], 'message.minutes', 1),
      };
    case 'setUnattended':
      return { kind, unattended: asBoolean(message['unattended'], 'message.unattended') };
    case 'check':
    case 'erase':
    case 'startToday':
    case 'recall':
      return { kind };
    case 'history':
      return {
        kind,
        before: message['before'] === null ? null : asPageStart(message['before']),
        limit: Math.min(asInteger(message['limit'], 'message.limit', 1), MAX_PAGE),
      };
    case 'activity':
      return { kind, tabId: asInteger(message['tabId'], 'message.tabId', 0) };
  }
}

function asPageStart(value: unknown): PageStart {
  const start = asObject(value, 'message.before');
  return {
    createdAt: asInteger(start['createdAt'], 'before.createdAt', 0),
    id: asString(start['id'], 'before.id'),
  };
}

function asKeyOrNull(value: unknown): Hex | null {
  if (value === null) return null;
  const key = asHex(value, 'message.privateKey', 32);
  if (key.length !== 66) throw new MalformedError('message.privateKey', '32 bytes');
  return key;
}
