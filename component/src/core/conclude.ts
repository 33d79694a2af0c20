import { IllegalTransitionError, type Intent } from './intent.ts';
import type { LedgerPort, Ports } from './ports.ts';
import { outcomeOf, type PaidAnswer } from './settlement.ts';

/**
 * Books what a paid request was answered. An answer never gives reserved money back, only the chain can; and what
 * has settled stays settled, whatever a second answer to the same authorization says.
 */
export async function conclude(intent: Intent, answer: PaidAnswer, ledger: LedgerPort): Promise<Intent> {
  const outcome = outcomeOf(answer);
  try {
    return await ledger.advance(intent.id, {
      state: outcome.state,
      ...(outcome.state === 'rejected' ? {} : { transaction: outcome.transaction }),
      ...(outcome.state === 'settled' && outcome.extensions !== null
        ? { extensions: outcome.extensions }
        : {}),
      note: outcome.state === 'settled' ? null : outcome.reason,
    });
  } catch (error) {
    if (error instanceof IllegalTransitionError && error.from === 'settled') return intent;
    throw error;
  }
}

/**
 * Asks the chain how an undecided payment ended, when that can be known: it was used, or it can't be any more.
 *
 * @returns the intent as it stands afterwards.
 */
export async function resolve(intent: Intent, ports: Pick<Ports, 'ledger' | 'chain'>): Promise<Intent> {
  // Nothing leaves before its signature is stored, so a reservation without one is a leftover of a crash.
  if (intent.payment === null) return ports.ledger.advance(intent.id, { state: 'expired' });
  const fate = await ports.chain.fateOf(intent.terms, intent.payment.authorization);
  if (fate === 'used' && intent.state !== 'signed')
    return ports.ledger.advance(intent.id, { state: 'settled' });
  if (fate === 'dead') return ports.ledger.advance(intent.id, { state: 'expired' });
  return intent;
}
