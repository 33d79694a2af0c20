import {
  type Address,
  newAuthorization,
  newPaymentId,
  type PaymentRequired,
  paymentHeader,
  type Quote,
  sentenceOf,
} from 'tuppence/core';
import { type Answer, ask, termsOf } from './answers.ts';
import { bad, type Finding, good } from './finding.ts';

/** Nobody has the key of this address. */
const NOBODY: Address = '0x000000000000000000000000000000000000dEaD';

/**
 * Offers a payment that is right in all but its signature, which nobody made: it tells whether the server takes
 * payments, and whether it asks its facilitator, and can't move money.
 */
export async function probePayment(
  address: string,
  terms: PaymentRequired,
  quote: Quote,
): Promise<readonly Finding[]> {
  try {
    const authorization = newAuthorization(quote, NOBODY, Math.floor(Date.now() / 1000));
    const signature = `0x${'11'.repeat(64)}1b` as const;
    const payment = { authorization, signature, paymentId: newPaymentId() };
    const { name, value } = paymentHeader(terms, quote.requirements, payment);
    const answer = await ask(address, { [name]: value });
    return [typeof answer === 'string' ? bad(`A payment is not answered: ${answer}`) : judge(answer)];
  } catch (error) {
    return [bad(sentenceOf(error))];
  }
}

function judge(answer: Answer): Finding {
  const { status } = answer;
  if (status < 300) return bad(`It gave ${status} and content for a payment that nobody signed.`);
  if (status >= 500)
    return bad(
      `It answers a payment with ${status}: see the server’s log, and whether its facilitator is reached.`,
    );
  if (status !== 402) return bad(`It answers a payment that nobody signed with ${status}, not with 402.`);
  const terms = termsOf(answer);
  const error = typeof terms === 'string' ? null : terms.error;
  if (/fetch failed|ECONNREFUSED|unexpected_\w*error/i.test(error ?? ''))
    return bad(`Your server does not reach its facilitator (${error}), so nobody’s payment is taken.`);
  if (error === 'No matching payment requirements')
    return bad('The server does not recognise its own terms: they change from one request to the next.');
  return good(`A payment that nobody signed is refused${error === null ? '' : `: ${error}`}.`);
}
