import type { Intent, Outcome } from '../core/index.ts';
import type { More, Refusal } from '../locales/words.ts';
import { contentOf } from './content.ts';
import { reasonOf, type Sent } from './paid-answer.ts';
import type { Result } from './result.ts';

/** How a paid request ended, for the reader. Content that came is shown, whatever was said about the money. */
export async function resultOf(
  outcome: Outcome | Intent,
  { answer, response }: Sent,
  url: string,
  more: More,
): Promise<Result> {
  const transaction = 'transaction' in outcome ? outcome.transaction : null;
  const { state } = outcome;
  if (response?.ok) {
    const content = contentOf(response, url, false);
    return { kind: 'delivered', shared: false, content, paid: state !== 'rejected', transaction };
  }
  if (state === 'settled')
    return { kind: 'undelivered', transaction, sentence: more.notDelivered(answer.status) };
  const reason = answer.error ?? (response && (await reasonOf(response))) ?? noteOf(outcome);
  const why = [refusalOf(reason), wordsOf(reason)] as const;
  return state === 'rejected'
    ? { kind: 'rejected', sentence: more.rejected(...why) }
    : { kind: 'unknown', sentence: more.unknown(...why) };
}

function noteOf(outcome: Outcome | Intent): string | null {
  if ('note' in outcome) return outcome.note;
  return 'reason' in outcome ? outcome.reason : null;
}

/** The servers' error codes, by pattern. */
const REFUSALS: readonly (readonly [RegExp, NonNullable<Refusal>])[] = [
  [/insufficient_(funds|balance)/, 'funds'],
  [/nonce_already_used|duplicate_settlement/, 'used'],
  [/valid_before|valid_after|expired/, 'late'],
  [/signature/, 'signature'],
];

function refusalOf(reason: string | null): Refusal {
  return REFUSALS.find(([pattern]) => reason !== null && pattern.test(reason))?.[1] ?? null;
}

/** What the site itself said, for a code that has no words here; null for what was only made up on this side. */
function wordsOf(reason: string | null): string | null {
  if (reason === null || /^status \d+|^payment refused$|^settlement failed$|^the page failed/.test(reason))
    return null;
  return reason.slice(0, 160);
}
