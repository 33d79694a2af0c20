import { asBoolean, asObject, asOneOf, asString } from 'tuppence/core';

/** A page's request was answered 402, and its script asks whether to make it again. Carries no authority. */
export type PageAsk = {
  readonly kind: 'page-402';
  readonly url: string;
  readonly method: string;
  /** False when nobody pressed anything: what would need the reader's yes is left unpaid. */
  readonly mayAsk: boolean;
};

/** What a page is told: never an amount, an address, a policy or a signature. */
export type PageAnswer = 'retry' | 'leave';

/** The background's answer at once: done, or a ticket under which the answer follows. */
export type BridgeReply = { readonly answer: PageAnswer } | { readonly ticket: string };

/** The answer to a ticket, sent to the document that asked. */
export type BridgeVerdict = {
  readonly kind: 'verdict';
  readonly ticket: string;
  readonly answer: PageAnswer;
};

const ANSWERS = ['retry', 'leave'] as const;

/** @throws {MalformedError} */
export function parsePageAsk(value: unknown): PageAsk {
  const message = asObject(value, 'message');
  return {
    kind: asOneOf(message['kind'], 'message.kind', ['page-402']),
    url: asString(message['url'], 'message.url', 65_536),
    method: asString(message['method'], 'message.method', 32),
    mayAsk: asBoolean(message['mayAsk'], 'message.mayAsk'),
  };
}

/** @throws {MalformedError} */
export function parseBridgeVerdict(value: unknown): BridgeVerdict {
  const message = asObject(value, 'message');
  return {
    kind: asOneOf(message['kind'], 'message.kind', ['verdict']),
    ticket: asString(message['ticket'], 'message.ticket', 64),
    answer: asOneOf(message['answer'], 'message.answer', ANSWERS),
  };
}
