import { type Authorization, hasRunway, newAuthorization, typedData } from './authorization.ts';
import { conclude } from './conclude.ts';
import { TuppenceError } from './errors.ts';
import type { Hex } from './hex.ts';
import { type Intent, NotSentError } from './intent.ts';
import { newPaymentId, paymentHeader, type SignedPayment } from './payment-header.ts';
import type { PaymentRequired } from './payment-required.ts';
import { permit2Payload, permit2TypedData } from './permit2.ts';
import type { Ports, WalletPort } from './ports.ts';
import type { Quote } from './quote.ts';
import { RUNWAY_SECONDS } from './runway.ts';

/**
 * Signs for a reserved payment, writes the signature down, and only then sends it.
 *
 * @throws {ValidityTooShortError} {SignedTooLateError} and what the wallet throws; the reservation is given back.
 */
export async function signAndSend(
  reserved: Intent,
  offer: Quote,
  required: PaymentRequired,
  ports: Ports,
): Promise<Intent> {
  let signed: SignedIntent;
  try {
    const payment = await sign(offer, ports);
    signed = { ...(await ports.ledger.advance(reserved.id, { state: 'signed', payment })), payment };
  } catch (cause) {
    await ports.ledger.advance(reserved.id, { state: 'expired', note: 'never signed' });
    throw cause;
  }
  return send(signed, offer, required, ports);
}

/** A payment whose signature is stored. */
export type SignedIntent = Intent & { readonly payment: SignedPayment };

/** Presents a signed payment. @returns the intent as it stands then. */
export async function send(
  intent: SignedIntent,
  offer: Quote,
  required: PaymentRequired,
  ports: Ports,
): Promise<Intent> {
  const payloadOf = offer.method === 'permit2' ? permit2Payload : undefined;
  const header = paymentHeader(required, offer.requirements, intent.payment, payloadOf);
  const sent = await ports.ledger.advance(intent.id, { state: 'sent' });
  const settlesLast = required.x402Version === 2 && !offer.upfront;
  const answer = await ports.retry.send(sent, header, settlesLast).catch(async (error: unknown) => {
    // It stands as it did before; what had never left is given back.
    if (error instanceof NotSentError)
      await ports.ledger.advance(intent.id, { state: intent.state === 'signed' ? 'expired' : intent.state });
    throw error;
  });
  if (answer === null) return sent;
  return conclude(sent, { settlesLast, ...answer }, ports.ledger);
}

/** Whether a payment is signed and still valid for long enough to settle. @param now unix milliseconds. */
export function canSend(intent: Intent, now: number): intent is SignedIntent {
  return intent.payment !== null && hasRunway(intent.payment.authorization, seconds(now));
}

/** The validity starts once the wallet is connected, and is looked at again when it has signed: people take time. */
async function sign(offer: Quote, { wallet, now }: Ports): Promise<SignedPayment> {
  const authorization = newAuthorization(offer, await wallet.address(), seconds(now()));
  const signature = await signatureOf(offer, authorization, wallet);
  if (!hasRunway(authorization, seconds(now()))) throw new SignedTooLateError();
  return { authorization, signature, paymentId: newPaymentId() };
}

async function signatureOf(offer: Quote, authorization: Authorization, wallet: WalletPort): Promise<Hex> {
  if (offer.method === 'eip3009') return wallet.sign(typedData(offer, authorization));
  if (wallet.signPermit === undefined) throw new NoPermitError();
  return wallet.signPermit(permit2TypedData(offer, authorization));
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}

/** The wallet took so long that the payment could expire on its way. The signature was thrown away. */
export class SignedTooLateError extends TuppenceError {
  override readonly name = 'Send.SignedTooLateError';
  constructor() {
    super(`The payment was signed too late: less than ${RUNWAY_SECONDS} s were left. Nothing was paid.`);
  }
}

/** A Permit2 offer and a wallet port that signs none. */
export class NoPermitError extends TuppenceError {
  override readonly name = 'Send.NoPermitError';
  constructor() {
    super('This wallet can only pay with tokens that take a signed authorization.');
  }
}
