import { asBoolean, asObject, asOneOf, asString, asTextOrNull } from 'tuppence/core';
import { asHindrance, asHindranceOrNull, type Hindrance } from './hindrance.ts';

/** A page's request was answered 402, and its script asks whether to make it again. Carries no authority. */
export type PageAsk = {
  readonly kind: 'page-402';
  readonly url: string;
  readonly method: string;
  /** False when the page says that nobody pressed anything: what would need the reader's yes is left unpaid. */
  readonly mayAsk: boolean;
  /**
   * The reader has just pressed something in the document, and not before they last said no to it; seen by the bridge,
   * not told by the page.
   */
  readonly gesture: boolean;
  /** The same, at any time since the document is there. */
  readonly touched: boolean;
  /** What the request has sent, when that was text, and not too long; else null. */
  readonly sent: string | null;
  /** The body of the answer, when only the page can see it; null when it was not needed. */
  readonly body: string | null;
};

/** The reader has pressed what mends a hindrance, such as "Set it up". */
export type PageStep = {
  readonly kind: 'page-step';
  readonly hindrance: Hindrance;
  /** As that of {@link PageAsk}. */
  readonly gesture: boolean;
};

/**
 * What a page is told: never an amount, an address, a policy or a signature. `retry`: it is paid. `again`: it is tried
 * without paying, and another 402 is to be asked about as well. After a press it hears why it was left.
 */
export type PageAnswer = (typeof ANSWERS)[number];

/** The background's answer at once: done, or a ticket under which the answer follows. */
export type BridgeReply =
  | {
      readonly answer: PageAnswer;
      readonly why: Hindrance | null;
      /** Milliseconds for which whatever the document asks has the same answer. */
      readonly quietFor?: number;
    }
  | {
      readonly ticket: string;
      /** Milliseconds that the page waits for the reader at most; null when the reader has been asked. */
      readonly patience: number | null;
    };

/** Asks a document whether it has an element for `url` that can load again, or to have it do so. */
export type LoadAgain = {
  readonly kind: 'load-again';
  /** `price`: whether an element there shows the price itself. */
  readonly task: 'look' | 'load' | 'price';
  /** Exact, without a fragment. That of a frame's own document: the frame itself loads again. */
  readonly url: string;
};

/**
 * `sheet`: with a whole style sheet, and all that it names. `browser`: asked for by the browser, not by the page.
 * `priced`: an element shows the price, and has a button for it.
 */
export type LoadedAgain = (typeof LOADED)[number];

/** The answer to a ticket, sent to the document that asked. */
export type BridgeVerdict = {
  readonly kind: 'verdict';
  readonly ticket: string;
  readonly answer: PageAnswer;
  /** Why it was left, after a press; else null. */
  readonly why: Hindrance | null;
};

/** Sent to a document whose reader is back from a step. */
export type StepDone = { readonly kind: 'step-done' };

/** Characters. */
export const MAX_BODY = 1_048_576;
export const MAX_SENT = 1_048_576;
const LOADED = ['yes', 'sheet', 'no', 'browser', 'priced'] as const;
const ANSWERS = ['retry', 'again', 'leave'] as const;

/** What the bridge says to the background. @throws {MalformedError} */
export function parsePageWord(value: unknown): PageAsk | PageStep {
  const message = asObject(value, 'message');
  const kind = asOneOf(message['kind'], 'message.kind', ['page-402', 'page-step']);
  if (kind === 'page-step')
    return {
      kind,
      hindrance: asHindrance(message['hindrance']),
      gesture: asBoolean(message['gesture'], 'message.gesture'),
    };
  return {
    kind,
    url: asString(message['url'], 'message.url', 65_536),
    method: asString(message['method'], 'message.method', 32),
    mayAsk: asBoolean(message['mayAsk'], 'message.mayAsk'),
    gesture: asBoolean(message['gesture'], 'message.gesture'),
    touched: message['touched'] === true,
    sent: asTextOrNull(message['sent'], MAX_SENT),
    body: asTextOrNull(message['body'], MAX_BODY),
  };
}

/** @throws {MalformedError} */
export function parseLoadedAgain(value: unknown): LoadedAgain {
  return asOneOf(value, 'message', LOADED);
}

/** What the background says to a document. @throws {MalformedError} */
export function parseBridgeOrder(value: unknown): BridgeVerdict | LoadAgain | StepDone {
  const message = asObject(value, 'message');
  const kind = asOneOf(message['kind'], 'message.kind', ['verdict', 'load-again', 'step-done']);
  if (kind === 'step-done') return { kind };
  if (kind === 'load-again')
    return {
      kind,
      task: asOneOf(message['task'], 'message.task', ['look', 'load', 'price']),
      url: asString(message['url'], 'message.url', 65_536),
    };
  return {
    kind,
    ticket: asString(message['ticket'], 'message.ticket', 64),
    answer: asOneOf(message['answer'], 'message.answer', ANSWERS),
    why: asHindranceOrNull(message['why']),
  };
}
