import {
  ALL_NETWORKS,
  type Intent,
  isOfferFor,
  isSameTerms,
  offersOf,
  type PaymentRequired,
  type SignedDocument,
  signedOffersOf,
  TuppenceError,
  termsOf,
} from 'tuppence/core';
import { verifyOffer, verifyReceipt } from 'tuppence/core/offer-receipt';
import { fromIntentRecord, type StoredIntent, toIntentRecord, windowsOf } from '../storage/intent-record.ts';
import { type SignedRecords, toSignedRecord } from '../storage/signed-record.ts';
import { write } from '../storage/transact.ts';

/** Keeps the server's signed offer of just what is being paid with the payment, before the header can leave. */
export async function keepOffer({ id, terms, createdAt }: Intent, required: PaymentRequired): Promise<void> {
  const { best, others } = offersOf(required, { networks: ALL_NETWORKS });
  const paid = [best, ...others].find((one) => one !== null && isSameTerms(termsOf(one), terms)) ?? null;
  const offer = paid === null ? undefined : offersIn(required).find((one) => isOfferFor(one, paid));
  if (paid === null || offer === undefined) return;
  const kept = toSignedRecord(offer, await verifyOffer(offer, paid, Math.floor(createdAt / 1000)));
  if (kept !== null) await keep(id, (signed) => ({ offer: kept, ...signed }));
}

/** Writes down what the signed receipt of a payment is worth, when it has one that was not looked at yet. */
export async function checkReceipt(intent: StoredIntent): Promise<void> {
  const receipt = (await verified(intent)).signed?.receipt;
  if (receipt !== undefined && intent.signed?.receipt?.worth === null)
    await keep(intent.id, (signed) => ({ ...signed, receipt }));
}

/** The payment with its receipt verified: a background that was ended between booking and verifying left it out. */
export async function verified(intent: StoredIntent): Promise<StoredIntent> {
  const { signed, payment, terms, purchase } = intent;
  if (signed?.receipt === undefined || signed.receipt.worth !== null || payment === null) return intent;
  const { network, payTo } = terms;
  const facts = { network, payTo, payer: payment.authorization.from, url: purchase.url };
  const worth = await verifyReceipt(signed.receipt, facts);
  return { ...intent, signed: { ...signed, receipt: { ...signed.receipt, worth } } };
}

/** Terms whose offers can't be read are paid like those without any: they are no part of what is signed here. */
function offersIn(required: PaymentRequired): readonly SignedDocument[] {
  try {
    return signedOffersOf(required);
  } catch (error) {
    if (error instanceof TuppenceError) return [];
    throw error;
  }
}

function keep(id: string, change: (signed: SignedRecords) => SignedRecords): Promise<void> {
  return write(['intents'], async (transaction) => {
    const intents = transaction.objectStore('intents');
    const stored = await intents.get(id);
    const intent = fromIntentRecord(stored);
    await intents.put(toIntentRecord({ ...intent, signed: change(intent.signed ?? {}) }, windowsOf(stored)));
  });
}
