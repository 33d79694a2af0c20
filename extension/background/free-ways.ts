import {
  ALL_NETWORKS,
  hasTermsOf,
  type Intent,
  judgeOffers,
  type PaymentHeader,
  type PaymentRequired,
  type Purchase,
  paymentHeader,
  ruleFor,
  type SignInHeader,
  signInChallenge,
  signInHeader,
  signInMessage,
  TuppenceError,
} from 'tuppence/core';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { readPolicy } from '../storage/settings.ts';
import { signText, spendingKey } from '../wallet/spending-key.ts';
import { armFree } from './deliveries.ts';
import { changeEncounter, encountersOfTab } from './encounters.ts';
import { ledger } from './ledger.ts';
import { reload, repeat } from './repeating.ts';

type Way = NonNullable<EncounterRecord['freeWay']>;

/** Milliseconds for which a way that has not helped is not tried again in the same tab. */
const ONCE_IN = 60_000;
/** Milliseconds after a payment for which its authorization may be shown again: servers that answer do so soon. */
const RESEND_WITHIN = 86_400_000;

const TRIED: { readonly [W in Way]: string } = {
  'sign-in': 'It was tried to sign you in, which costs nothing.',
  resend: 'You have bought this before. It was tried to show the same payment again, which costs nothing.',
};
const HELPED: { readonly [W in Way]: string } = {
  'sign-in': 'Your key has signed you in; nothing was paid.',
  resend: 'You have bought this before. The same payment was shown again; nothing was paid.',
};

/**
 * The ways in that cost nothing: cookies went with the request already, then signing in where the site offers it, then
 * showing the very authorization that has paid for this address. Its nonce is used, so that it can't take money again.
 * Each is tried once; when the site still asks for money, the rules decide, and ask when it was bought before.
 *
 * A site that was paid knows the account, so it is signed in to at any of its addresses: what was bought may be credits,
 * or a job that was paid by POST and is polled by GET.
 *
 * @returns whether one is being tried: the tab, or the element, is loading again then. A page's script is still to be
 * told.
 */
export async function openWithoutPaying(
  encounter: EncounterRecord,
  required: PaymentRequired,
  purchase: Purchase,
): Promise<boolean> {
  const { id, method } = encounter;
  const isAgreed = agreed.delete(nameOf(encounter));
  const isGet = method === 'GET';
  // A form would be sent once more for it.
  const isRepeatable = encounter.kind === 'navigation' ? isGet : encounter.again !== 'page';
  const policy = await readPolicy();
  const rule = ruleFor(policy, encounter.site)?.rule;
  if (!isRepeatable || policy.paused || rule === 'never') return false;
  const settled = (await ledger.find(purchase)).find(({ state }) => state === 'settled') ?? null;
  const { boughtAt = null, highest = null } = (await ledger.history?.(purchase, Date.now())) ?? {};
  if (!isAgreed && settled === null && boughtAt === null && highest === null) return false;
  const tried = await waysTried(encounter);
  const found =
    (rule === 'ask' && !isAgreed ? null : await signInOf(required, encounter, tried)) ??
    (settled !== null && isGet ? resendOf(settled, required, tried) : null);
  if (found === null) return false;
  await changeEncounter(id, { state: 'unpaid', freeWay: found.way, sentence: TRIED[found.way] });
  const isArmed = await armFree(encounter, found.header, () => helped(id, found.way));
  if (isArmed) await repeat(encounter);
  return isArmed;
}

/** Pages that the reader wants to be signed in to once, though their site was never paid. */
const agreed = new Set<string>();
const nameOf = ({ tabId, url }: Pick<EncounterRecord, 'tabId' | 'url'>) => `${tabId} ${url}`;

/** Loads a page again that only wants a sign-in, and signs the reader in: they have pressed the button for it. */
export async function signInTo(encounter: EncounterRecord): Promise<void> {
  agreed.add(nameOf(encounter));
  await reload(encounter.tabId); // Its challenge is an old one by now.
}

/** Whether a page could be opened by a sign-in alone, and its reader has to say so. */
export function offersSignIn(required: PaymentRequired, { kind, method, url }: EncounterRecord): boolean {
  if (kind !== 'navigation' || method !== 'GET' || required.accepts.length + required.unreadable.length > 0)
    return false;
  try {
    return signInChallenge(required, url, Date.now()) !== null;
  } catch {
    return false; // It could be used for more than that.
  }
}

/** Only what has helped is tried again soon: whatever else happens to it, it can't go round in circles. */
async function helped(id: string, way: Way): Promise<void> {
  await changeEncounter(id, { freeWayHelped: true, sentence: HELPED[way] });
}

type Found = { readonly way: Way; readonly header: PaymentHeader | SignInHeader };

/**
 * Signed without a question, so only where a payment would be made without one: not by plain http, not where the
 * reader wants to be asked, not by a key that is locked. And only to the site in the address bar, which was paid before:
 * another one would learn who reads there. For the rest see `signInChallenge`.
 */
async function signInOf(
  required: PaymentRequired,
  { url, site }: EncounterRecord,
  tried: ReadonlySet<Way>,
): Promise<Found | null> {
  if (new URL(url).origin !== site) return null;
  if (tried.has('sign-in') || (await spendingKey.status()) !== 'ready') return null;
  try {
    const challenge = signInChallenge(required, url, Date.now());
    if (challenge === null) return null;
    const address = await spendingKey.address();
    const signature = await signText(signInMessage(challenge, address));
    return { way: 'sign-in', header: signInHeader(challenge, address, signature) };
  } catch (error) {
    if (error instanceof TuppenceError) return null; // It can't be signed: the next way.
    throw error;
  }
}

function resendOf(settled: Intent, required: PaymentRequired, tried: ReadonlySet<Way>): Found | null {
  const { payment, createdAt } = settled;
  if (tried.has('resend') || payment === null || Date.now() - createdAt > RESEND_WITHIN) return null;
  const { best, others } = judgeOffers(required, { networks: ALL_NETWORKS });
  const offer = [best, ...others].find((one) => one !== null && hasTermsOf(settled, one)) ?? null;
  if (offer === null) return null;
  return { way: 'resend', header: paymentHeader(required, offer.requirements, payment) };
}

/** What was tried a moment ago, and since anything was paid there: a payment may have bought credits. */
async function waysTried({ tabId, url, id }: EncounterRecord): Promise<ReadonlySet<Way>> {
  const recent = await encountersOfTab(tabId, Date.now() - ONCE_IN);
  const same = recent.filter((one) => one.id !== id && one.url === url);
  const since = same.slice(same.findLastIndex(({ state }) => state === 'paid') + 1);
  return new Set(
    since.flatMap(({ freeWay, freeWayHelped }) => (freeWay === null || freeWayHelped ? [] : [freeWay])),
  );
}
