import { type PaymentRequired, signInChallenge, signInHeader, signInMessage } from '../core/index.ts';
import { accountOf, type Eip1193Provider, signText } from '../wallet/eip1193.ts';
import { type Ask, look, type Offer } from './look.ts';
import { answerOf, type Sent, sendPaid } from './paid-answer.ts';

/** Whether a site opens what was bought before for a signature. A challenge for another site is none. */
export function hasSignIn(required: PaymentRequired, url: string): boolean {
  try {
    return signInChallenge(required, url, Date.now()) !== null;
  } catch {
    return false;
  }
}

/**
 * Asks for `offer.url` with a proof of who has paid (sign-in-with-x). Costs nothing; the wallet asks its reader.
 *
 * @returns the answer, which is the content itself where it has come to be open; null when the site offers no sign-in.
 * @throws what `eip1193Wallet` throws.
 */
export async function sendSignIn(offer: Offer, wallet: Eip1193Provider, ask: Ask): Promise<Sent | null> {
  if (!hasSignIn(offer.required, offer.url)) return null;
  const account = await accountOf(wallet);
  // A challenge can be used once, and the wallet may have kept its reader waiting: the newest one is signed.
  const seen = await look(offer.url, location.origin, ask);
  if (seen.kind === 'open')
    return { answer: await answerOf(seen.response), response: seen.response, isRedirect: false };
  const challenge = seen.kind === 'offer' ? signInChallenge(seen.required, seen.url, Date.now()) : null;
  if (challenge === null) return null;
  const signature = await signText(wallet, signInMessage(challenge, account), account);
  return sendPaid(offer.url, signInHeader(challenge, account, signature), ask);
}
