import { outcomeOf } from '../core/index.ts';
import type { More } from '../locales/words.ts';
import type { Payer } from '../wallet/extension.ts';
import { answerOf } from './paid-answer.ts';
import type { Result } from './result.ts';
import { resultOf } from './settle-result.ts';

/**
 * Lets the reader's extension pay for `url`. It asks the reader, or not, by its own rules and in its own window.
 *
 * @param isAsked false when nobody pressed anything: then it is told not to ask.
 */
export async function buyThroughExtension(
  url: string,
  { info, provider }: Payer,
  more: More,
  isAsked = true,
): Promise<Result> {
  let response: Response;
  try {
    const quiet = isAsked ? {} : { x402: { ask: false } };
    response = await provider.fetch(url, { method: 'GET', ...quiet });
  } catch {
    return { kind: 'unknown', sentence: more.extensionFailed(info.name) };
  }
  const answer = await answerOf(response);
  // It hands the 402 on when the reader, or the reader's rules, said no.
  if (response.status === 402 && answer.settlement === null)
    return { kind: 'declined', sentence: more.notPaid };
  const result = await resultOf(outcomeOf(answer), { answer, response }, url, more);
  if (result.kind !== 'undelivered') return result;
  return { ...result, sentence: more.notDeliveredBy(info.name, response.status) };
}
