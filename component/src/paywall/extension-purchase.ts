import { outcomeOf } from '../core/index.ts';
import type { Payer } from '../wallet/extension.ts';
import { checkout } from './checkout.ts';
import { answerOf } from './paid-answer.ts';
import { type Result, resultOf } from './result.ts';
import { words } from './words.ts';

/** Lets the reader's extension pay for `url`. It asks the reader, or not, by its own rules and in its own window. */
export function buyThroughExtension(url: string, { info, provider }: Payer): Promise<Result> {
  return checkout(url, async () => {
    let response: Response;
    try {
      response = await provider.fetch(url, { method: 'GET' });
    } catch {
      return { kind: 'unknown', sentence: words.extensionFailed(info.name) };
    }
    const answer = answerOf(response);
    // It hands the 402 on when the reader, or the reader's rules, said no.
    if (response.status === 402 && answer.settlement === null)
      return { kind: 'declined', sentence: words.notPaid };
    const result = await resultOf(outcomeOf(answer), { answer, response }, url);
    if (result.kind !== 'undelivered') return result;
    return { ...result, sentence: words.notDeliveredBy(info.name, response.status) };
  });
}
