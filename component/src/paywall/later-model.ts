import type { Quote } from '../core/index.ts';
import type { Face, More } from '../locales/words.ts';
import { type Fault, isPassing } from './fault.ts';
import { BLANK, locked, type Model, priceOf } from './model.ts';
import type { Delivery, Result } from './result.ts';

/** Nothing was signed, because somebody said no. */
export function refused(quote: Quote | null, face: Face, status: string): Model {
  return { ...locked(quote, face), state: 'refused', status, failure: 'not-paid' };
}

export function faulty(fault: Fault, face: Face, more: More): Model {
  const passes = isPassing(fault);
  return {
    ...BLANK,
    state: fault.code === 'offline' ? 'offline' : passes ? 'error' : 'unsupported',
    status: fault.code === 'offline' ? face.offline : more.fault(fault),
    button: passes ? face.tryAgain : null,
    failure: passes ? 'unreachable' : 'unsupported',
  };
}

export function confirming({ quote }: Model, face: Face, payer: string): Model {
  const status = face.confirm(payer, priceOf(quote, face));
  return { ...BLANK, quote, state: 'confirming', status, button: face.waiting };
}

export function paying({ quote }: Model, face: Face): Model {
  return { ...BLANK, quote, state: 'paying', status: face.sent, button: face.paying };
}

export function unlocked(
  { quote }: Model,
  face: Face,
  { paid, transaction }: Omit<Delivery, 'content'>,
): Model {
  const receipt = paid ? { transaction } : null;
  return { ...BLANK, state: 'unlocked', quote, receipt, status: paid ? face.paidNow : face.openNow };
}

/** Open from the start: there is nothing to say. */
export const OPEN: Model = { ...BLANK, state: 'unlocked' };

export function withoutPayer({ quote }: Model, face: Face, more: More): Model {
  return { ...locked(quote, face), status: more.noPayer, extra: 'help', failure: 'no-payer' };
}

/** Nothing will be paid: the wallet only says who the reader is. */
export function signingIn({ quote }: Model, face: Face, more: More, payer: string): Model {
  return { ...BLANK, quote, state: 'confirming', status: more.signingIn(payer), button: face.waiting };
}

export function choosing({ quote }: Model, face: Face, more: More): Model {
  return { ...locked(quote, face), status: more.choose, button: null, extra: 'choose' };
}

/** The press has ended without content. */
export function afterPress(
  { quote }: Model,
  result: Exclude<Result, { kind: 'delivered' | 'looked' }>,
  face: Face,
  more: More,
): Model {
  const { sentence: status } = result;
  switch (result.kind) {
    case 'declined':
      return { ...refused(quote, face, status), ...(result.step && { button: result.step.button }) };
    case 'paid-before':
      return { ...refused(quote, face, status), button: more.payAgain(priceOf(quote, face) ?? '') };
    case 'rejected':
      return { ...BLANK, state: 'error', quote, status, failure: 'not-paid', button: face.tryAgain };
    case 'unknown':
      return { ...BLANK, state: 'error', quote, status, failure: 'unknown', button: more.sendAgain };
    case 'undelivered': {
      const receipt = { transaction: result.transaction };
      const failure = 'not-delivered';
      return { ...BLANK, state: 'error', quote, receipt, status, failure, button: more.loadAgain };
    }
  }
}
