import { formatUsd, type Quote } from '../core/index.ts';
import type { X402ErrorCode } from '../events.ts';
import type { Look } from './look.ts';
import type { Delivery, Result } from './result.ts';
import { words } from './words.ts';

export type PaywallState =
  | 'checking'
  | 'locked'
  | 'confirming'
  | 'paying'
  | 'unlocked'
  | 'unsupported'
  | 'error';

/** All that is on the screen. */
export type Model = {
  readonly state: PaywallState;
  readonly quote: Quote | null;
  /** What has just happened, as a sentence; empty for nothing. */
  readonly status: string;
  /** The button's words, or null for no button. */
  readonly button: string | null;
  readonly help: boolean;
  /** What was bought here, for the line that stays; null when there was nothing to pay. */
  readonly receipt: { readonly transaction: string | null } | null;
  /** A named failure, or null. */
  readonly failure: X402ErrorCode | null;
};

const BLANK: Model = {
  state: 'checking',
  quote: null,
  status: '',
  button: null,
  help: false,
  receipt: null,
  failure: null,
};

export const checking: Model = { ...BLANK, status: words.checking };

/** @param hasPayer whether an extension is there, which reads the prices that a page may not. */
export function afterLook(look: Look, hasPayer: boolean): Model {
  switch (look.kind) {
    case 'open':
      return { ...BLANK, state: 'unlocked' };
    case 'offer':
      return { ...BLANK, state: 'locked', quote: look.quote, button: words.readOnFor(look.quote) };
    case 'hidden':
      return hasPayer
        ? { ...BLANK, state: 'locked', button: words.readOn }
        : failed('unsupported', 'unsupported', look.sentence, null);
    case 'unsupported':
      return failed('unsupported', 'unsupported', look.sentence, null);
    case 'failed':
      return failed('error', 'unreachable', look.sentence, words.tryAgain);
  }
}

export function confirming(model: Model, payer: string): Model {
  const price = model.quote === null ? null : formatUsd(model.quote.microUsd);
  return { ...calm(model), state: 'confirming', status: words.confirm(payer, price), button: words.waiting };
}

export function paying(model: Model): Model {
  return { ...calm(model), state: 'paying', status: words.sent, button: words.paying };
}

/** @param hasPayer as for {@link afterLook}. */
export function afterPress(model: Model, result: Result, hasPayer: boolean): Model {
  const { quote } = model;
  switch (result.kind) {
    case 'delivered':
      return unlocked(model, result);
    case 'looked': {
      const next = afterLook(result.look, hasPayer);
      return next.state === 'locked' ? { ...next, status: words.changed } : next;
    }
    case 'declined':
      return { ...locked(model), status: result.sentence, failure: 'not-paid' };
    case 'rejected':
      return { ...failed('error', 'not-paid', result.sentence, words.tryAgain), quote };
    case 'unknown':
      return { ...failed('error', 'unknown', result.sentence, words.sendAgain), quote };
    case 'undelivered': {
      const receipt = { transaction: result.transaction };
      return { ...failed('error', 'not-delivered', result.sentence, words.loadAgain), quote, receipt };
    }
  }
}

export function unlocked({ quote }: Model, { paid, transaction }: Delivery): Model {
  const receipt = paid ? { transaction } : null;
  return { ...BLANK, state: 'unlocked', quote, receipt, status: paid ? words.paidNow : words.openNow };
}

/** Back to the price, with the button ready. */
export function locked({ quote }: Model): Model {
  return { ...BLANK, state: 'locked', quote, button: quote === null ? words.readOn : words.readOnFor(quote) };
}

export function withoutPayer(model: Model): Model {
  return { ...locked(model), status: words.noPayer, help: true, failure: 'no-payer' };
}

export function unusable(sentence: string): Model {
  return failed('unsupported', 'unsupported', sentence, null);
}

function failed(
  state: 'unsupported' | 'error',
  failure: X402ErrorCode,
  status: string,
  button: string | null,
): Model {
  return { ...BLANK, state, failure, status, button };
}

function calm(model: Model): Model {
  return { ...model, help: false, failure: null, status: '' };
}
