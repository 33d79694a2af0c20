import { outcomeOf } from '../core/index.ts';
import type { More } from '../locales/words.ts';
import type { Payer } from '../wallet/extension.ts';
import { type Hindrance, hearWhy } from '../wallet/hindrance.ts';
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
  let why: Hindrance | null;
  try {
    const quiet = isAsked ? {} : { x402: { ask: false } };
    [response, why] = await hearWhy(url, () => provider.fetch(url, { method: 'GET', ...quiet }));
  } catch {
    return { kind: 'unknown', sentence: more.extensionFailed(info.name) };
  }
  const answer = await answerOf(response);
  // It hands the 402 on when the reader, or the reader's rules, said no.
  if (response.status === 402 && answer.settlement === null)
    return {
      kind: 'declined',
      ...(why === null ? { sentence: more.notPaid } : inWords(why, info.name, more)),
    };
  const result = await resultOf(outcomeOf(answer), { answer, response, isRedirect: false }, url, more);
  if (result.kind !== 'undelivered') return result;
  return { ...result, sentence: more.notDeliveredBy(info.name, response.status) };
}

function inWords(why: Hindrance, payer: string, more: More) {
  if (why === 'refused') return { sentence: more.refused };
  return { sentence: more.hindered[why](payer), step: { hindrance: why, button: more.remedy[why] } };
}
