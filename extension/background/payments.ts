import {
  type AskReason,
  type Circumstances,
  isSameTerms,
  judgeOffers,
  NotSentError,
  nothingPayableInWords,
  type PaymentRequired,
  type PayResult,
  type Ports,
  type Purchase,
  pay,
  sentenceOf,
  type Terms,
  termsOf,
  type Verdict,
} from 'tuppence/core';
import type { PageAnswer } from '../messaging/page-messages.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { toFiguresRecord } from '../storage/figures-record.ts';
import type { Repetition } from '../storage/request-kind.ts';
import { isUnattended, readPolicy } from '../storage/settings.ts';
import type { TermsText } from '../storage/terms-record.ts';
import { spendingKey } from '../wallet/spending-key.ts';
import { balanceFor, type Claimant, knownBalance, release } from './balances.ts';
import { chain } from './chain.ts';
import { askReader } from './consent.ts';
import { arm } from './deliveries.ts';
import type { Detection } from './detections.ts';
import {
  changeEncounter,
  deleteEncounters,
  encounterOf,
  encountersOfRequest,
  encountersOfTab,
  keepTerms,
  newEncounter,
  priceOf,
  termsKeptOf,
  termsOfPrice,
} from './encounters.ts';
import { offersSignIn, openWithoutPaying } from './free-ways.ts';
import { canArm, strangersOf } from './header-rules.ts';
import { ledger } from './ledger.ts';
import { claimListed, listForReader } from './listed.ts';
import { onePurchaseAtATime } from './one-at-a-time.ts';
import { namesTerms } from './ordinary.ts';
import { mayBePaidByPage } from './own-payers.ts';
import { giveBack, mayKeepTerms } from './page-limits.ts';
import { QUOTING, quotingByHoldings } from './quoting.ts';
import { repeat, stillAsks } from './repeating.ts';
import { keepOffer } from './signed-documents.ts';
import { isStanding, type Place, whileStanding } from './sites.ts';
import { NoTermsError, parseTerms, termsTextOf } from './terms.ts';
import { noTrouble, reportTrouble } from './trouble.ts';

/** What the one who made the request does next: as `PageAnswer` has it, or wait for the reader. */
export type Answer = PageAnswer | 'wait';

/** In what manner a request is looked at. */
export type Manner = Place & {
  readonly again: Repetition;
  /** Where a question is put: in a window; in the popup, until the reader looks there; or nowhere. */
  readonly asks: 'window' | 'popup' | 'never';
  /** The page asked for it by itself, or a frame of another site did. */
  readonly aside: boolean;
  /** The reader has done nothing to come there: see `reader-act.ts`. */
  readonly unprompted: boolean;
  /** See `Purchase`. */
  readonly bodyHash: string | null;
  /** The body of the 402, as a page's script has read it; null when it was not needed. */
  readonly said: string | null;
};
/** What the reader has said yes to: everything that stood against it, and the terms that were shown. */
type Agreement = { readonly reasons: readonly AskReason[]; readonly terms: Terms };

const NOT_ATTACHABLE = { outcome: 'deny', reason: 'not-attachable' } as const;
const REDIRECTED = { outcome: 'deny', reason: 'redirected' } as const;
const PAGE_LEFT = { outcome: 'deny', reason: 'page-left' } as const;

/** Looks at a 402 that a tab shows or a page's request got, and pays it, asks, or leaves it alone. */
export async function handle(
  detection: Detection,
  manner: Manner,
): Promise<{ answer: Answer; encounterId: string }> {
  const { url, method, kind } = detection;
  const { site, asks, bodyHash, said } = manner;
  if (namesOtherWay(detection, said)) return leaveToOtherWay(detection, manner);
  // What a page asks for leaves no trace when it is no x402. What the reader went to has its reason in the popup.
  const early = kind === 'navigation' ? null : await termsOrNone(detection, manner);
  if (early === 'none') {
    if (!detection.isTabless) giveBack(detection);
    return NOTHING;
  }
  let encounter: EncounterRecord;
  try {
    encounter = await writeDown(detection, manner);
  } catch (error) {
    await reportTrouble(error, detection.tabId); // What can't be written down is not paid.
    return NOTHING;
  }
  const answer = await settle(encounter, async () => {
    const terms = early ?? (await termsWhileStanding(detection, manner));
    const required = parseTerms(terms);
    const { best } = judgeOffers(required, await quotingByHoldings());
    const purchase = { site, url, method, bodyHash };
    if (best === null) {
      const isOpening = isForSite(encounter) && (await openWithoutPaying(encounter, required, purchase));
      if (isOpening) return 'again';
      if (offersSignIn(required, encounter)) await changeEncounter(encounter.id, { offersSignIn: true });
      return unpayable(encounter.id, nothingPayableInWords(required, QUOTING));
    }
    const price = priceOf(best);
    const known = await changeEncounter(encounter.id, { terms, price });
    // A press after a refusal is a change of mind; what a page asks by itself is not.
    if (asks !== 'window' && (await wasRefusedHere(known)))
      return unpaid(known.id, { outcome: 'deny', reason: 'refused' });
    if (detection.redirect?.isElsewhere === true) return unpaid(known.id, REDIRECTED);
    if (!(await isAttachable(known))) return unpaid(known.id, NOT_ATTACHABLE);
    if (isForSite(known) && (await openWithoutPaying(known, required, purchase))) return 'again';
    return attempt(known, terms, { agreed: null, asks, circumstances: circumstancesOf(known, manner) });
  });
  return { answer, encounterId: encounter.id };
}

/** What was bought for a site is shown again to its own documents, not to whatever frames stand on its pages. */
function isForSite({ kind, askedBy, site }: EncounterRecord): boolean {
  return kind === 'navigation' || askedBy === site;
}

/** It was left alone, and nothing is kept of it. */
const NOTHING = { answer: 'leave', encounterId: '' } as const;

/** Whether it names another way to pay, and has no terms of x402 beside it. */
function namesOtherWay({ terms, unspecifiedTerms, otherWay }: Detection, said: string | null): boolean {
  return otherWay !== null && terms === null && unspecifiedTerms === null && !namesTerms(said);
}

/** A page that keeps asking for the same has one record of it. */
async function leaveToOtherWay(detection: Detection, manner: Manner): Promise<typeof NOTHING> {
  const { documentId, url, otherWay } = detection;
  const earlier = documentId === null ? [] : await encountersOfRequest(documentId, url);
  if (otherWay !== null && !earlier.some((one) => one.otherWay !== undefined))
    await leaveAlone(detection, manner, { otherWay });
  return NOTHING;
}

async function termsOrNone(detection: Detection, manner: Manner): Promise<TermsText | 'none'> {
  try {
    return await termsWhileStanding(detection, manner);
  } catch (error) {
    if (error instanceof NoTermsError) return 'none';
    throw error;
  }
}

/** The terms take a server ten seconds at most; once the page is left, nobody waits for them. */
async function termsWhileStanding(detection: Detection, { topDocumentId, said }: Manner): Promise<TermsText> {
  const { signal, stop } = whileStanding({ ...detection, topDocumentId });
  try {
    return await termsTextOf(detection, said, signal);
  } finally {
    stop();
  }
}

/** Found out, with the browser's help, before anything is signed or counted. */
async function isAttachable(encounter: EncounterRecord): Promise<boolean> {
  const strangers = await strangersOf(encounter);
  return strangers !== null && canArm(encounter, strangers);
}

/** Writes a 402 down as one that is not paid, and why. */
export async function leaveAlone(
  detection: Detection,
  manner: Manner,
  why: Pick<EncounterRecord, 'sentence'> | Required<Pick<EncounterRecord, 'otherWay'>>,
): Promise<void> {
  const { id } = await writeDown(detection, manner);
  await changeEncounter(id, { state: 'unpaid', ...why });
}

/**
 * Goes on with a question that the reader has said yes to, on exactly the terms that were asked about.
 *
 * @param together what the same yes was told of besides: see `reasonsTogether`
 */
export async function resume(
  encounter: EncounterRecord,
  together: readonly AskReason[] = [],
): Promise<Answer> {
  return settle(encounter, async () => {
    const terms = await termsKeptOf(encounter.id);
    if (terms === null) return unpaid(encounter.id, { outcome: 'deny', reason: 'refused' });
    const { verdict, price } = encounter;
    const reasons = [...(verdict?.outcome === 'ask' ? verdict.reasons : []), ...together];
    const agreed = price === null ? null : { reasons, terms: termsOfPrice(price) };
    if (!(await isAttachable(encounter))) return unpaid(encounter.id, NOT_ATTACHABLE);
    const circumstances = {
      askedBy: encounter.askedBy,
      paidByPage: mayBePaidByPage(encounter.method, encounter.url, Date.now()),
    };
    return attempt(encounter, terms, { agreed, asks: 'window', circumstances });
  });
}

/** A request that already waits in the popup, and is made once more, waits there once. */
async function writeDown(detection: Detection, manner: Manner): Promise<EncounterRecord> {
  const { site, topDocumentId, again, bodyHash } = manner;
  const { tabId, frameId, documentId, kind, initiator, askedBy, isTabless, url, method } = detection;
  const earlier = documentId === null ? [] : await encountersOfRequest(documentId, url);
  const waiting = earlier.filter(
    (one) => one.state === 'listed' && one.method === method && one.bodyHash === bodyHash,
  );
  // Claimed first: one that its reader has just answered is on its way.
  await deleteEncounters((await claimListed(waiting.map(({ id }) => id))).map(({ id }) => id));
  const request = { tabId, frameId, documentId, kind, initiator, askedBy, isTabless, url, method, bodyHash };
  const redirectedFrom = detection.redirect?.from ?? null;
  return newEncounter({ ...request, redirectedFrom, again, site, topDocumentId });
}

function circumstancesOf(
  { kind, method, url, again, askedBy }: EncounterRecord,
  { aside, unprompted }: Manner,
): Circumstances {
  const paidByPage = mayBePaidByPage(method, url, Date.now());
  if (kind === 'navigation')
    return { paidByPage, unprompted, ...(method === 'GET' ? {} : { redoes: 'form' }) };
  const part = aside && kind !== 'fetch';
  return { paidByPage, aside, part, unprompted, askedBy, ...(again === 'page' ? { redoes: 'page' } : {}) };
}

/** Whatever is thrown before a signature leaves ends as "unpaid", with the reason kept for the popup. */
async function settle(encounter: EncounterRecord, work: () => Promise<Answer>): Promise<Answer> {
  const { id, tabId } = encounter;
  try {
    const answer = await work();
    noTrouble();
    return answer;
  } catch (error) {
    const known = whyEnded(encounter, error).then((why) => changeEncounter(id, { state: 'unpaid', ...why }));
    await known.catch((failure: unknown) => reportTrouble(failure, tabId));
    return 'leave';
  }
}

async function whyEnded(
  encounter: EncounterRecord,
  error: unknown,
): Promise<Partial<Pick<EncounterRecord, 'verdict' | 'sentence'>>> {
  if (error instanceof NotSentError) return { verdict: { outcome: 'deny', reason: error.reason } };
  return (await isStanding(encounter)) ? { sentence: sentenceOf(error) } : { verdict: PAGE_LEFT };
}

type Attempt = {
  /** Null when nothing was asked. */
  readonly agreed: Agreement | null;
  readonly asks: Manner['asks'];
  readonly circumstances: Circumstances;
};

async function attempt(
  encounter: EncounterRecord,
  terms: TermsText,
  { agreed, asks, circumstances }: Attempt,
): Promise<Answer> {
  const { site, url, method, bodyHash } = encounter;
  const required = parseTerms(terms);
  const purchase: Purchase = { site, url, method, bodyHash };
  const evidence = terms.from === 'body' || terms.from === 'page' ? terms.from : 'header';
  const claimant = Symbol(encounter.id);
  const ports = portsFor(encounter, required, agreed, asks, claimant);
  const request = { purchase, required, evidence, approved: false, circumstances } as const;
  const result = await onePurchaseAtATime(purchase, () =>
    pay({ ...request, ...(agreed === null ? {} : { agreed: agreed.terms }) }, ports),
  ).finally(() => release(claimant));
  return answerTo(encounter, terms, asks, result);
}

async function answerTo(
  encounter: EncounterRecord,
  terms: TermsText,
  asks: Manner['asks'],
  result: PayResult,
): Promise<Answer> {
  switch (result.kind) {
    case 'sent':
      await changeEncounter(encounter.id, {
        state: 'paid',
        verdict: result.intent.verdict,
        intentId: result.intent.id,
      });
      return 'retry';
    case 'refused':
      return unpaid(encounter.id, await whyRefused(encounter.id, result.verdict));
    case 'asking':
      if (!mayKeepTerms(encounter.tabId, terms.text.length)) return unpaid(encounter.id, result.verdict);
      await keepTerms(encounter.id, terms);
      if (asks === 'popup') await listForReader(encounter.id, result.verdict);
      else await askReader(encounter.id, result.verdict);
      return 'wait';
  }
}

/** With nobody there to ask, or nobody to be asked, what would have been asked says more than that it was refused. */
async function whyRefused(id: string, verdict: Verdict): Promise<Verdict> {
  const recorded = (await encounterOf(id))?.verdict ?? null;
  return verdict.reason === 'refused' && recorded?.outcome === 'ask' ? recorded : verdict;
}

async function unpayable(id: string, sentence: string): Promise<Answer> {
  await changeEncounter(id, { state: 'unpaid', sentence });
  return 'leave';
}

async function unpaid(id: string, verdict: Verdict): Promise<Answer> {
  await changeEncounter(id, { state: 'unpaid', verdict });
  return 'leave';
}

function portsFor(
  encounter: EncounterRecord,
  required: PaymentRequired,
  agreed: Agreement | null,
  asks: Manner['asks'],
  claimant: Claimant,
): Ports {
  return {
    wallet: spendingKey,
    ledger: {
      ...ledger,
      reserve: (...draft) => ledger.reserve(...draft).finally(() => release(claimant)),
    },
    chain,
    policy: readPolicy,
    quoting: quotingByHoldings,
    now: () => Date.now(),
    balance: (offer, moment) => (moment === 'signing' ? balanceFor(offer, claimant) : knownBalance(offer)),
    standing: async () =>
      (await isStanding(encounter)) && (await stillAsks(encounter)) ? null : 'page-left',
    isOwn: ({ id }) => wasPaidFor(encounter, id),
    decided: async (verdict, figures) => {
      await changeEncounter(encounter.id, { verdict, figures: toFiguresRecord(figures) });
    },
    consent: {
      async ask({ quote: offer, reason, reasons }) {
        if (agreed !== null && isCovered(agreed, termsOf(offer), reasons)) return 'approved';
        await changeEncounter(encounter.id, { price: priceOf(offer) });
        if (asks !== 'never' && !(await isUnattended())) return 'deferred';
        await changeEncounter(encounter.id, { verdict: { outcome: 'ask', reason, reasons } });
        return 'refused';
      },
    },
    retry: {
      async send(intent, header, settlesLast) {
        await keepOffer(intent, required);
        // Before it can leave: whoever asks again must be known for the one it was made for.
        await changeEncounter(encounter.id, { intentId: intent.id });
        if (await arm(intent, encounter, header, settlesLast)) await repeat(encounter);
        return null; // The answer is a network event: see deliveries.
      },
    },
  };
}

/** A yes covers the reasons that were listed, on the terms that were shown; one that has come up since asks anew. */
function isCovered(agreed: Agreement, asked: Terms, reasons: readonly AskReason[]): boolean {
  return isSameTerms(agreed.terms, asked) && reasons.every((reason) => agreed.reasons.includes(reason));
}

/**
 * Whether a payment was made for the same document; or, for what the tab itself went to, for the same tab. A frame that
 * goes somewhere by itself is in the document around it, and is not that document.
 */
async function wasPaidFor(encounter: EncounterRecord, intentId: string): Promise<boolean> {
  const { documentId, tabId, url, askedBy } = encounter;
  const same =
    documentId === null ? await encountersOfTab(tabId) : await encountersOfRequest(documentId, url);
  return same.some(
    (one) => one.intentId === intentId && one.documentId === documentId && one.askedBy === askedBy,
  );
}

/** A refusal holds until the page is loaded anew, or the reader presses there once more. */
async function wasRefusedHere({ id, documentId, url, method }: EncounterRecord): Promise<boolean> {
  if (documentId === null) return false;
  return (await encountersOfRequest(documentId, url)).some(
    (one) => one.id !== id && one.method === method && one.verdict?.reason === 'refused',
  );
}
