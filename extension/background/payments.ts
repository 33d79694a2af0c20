import {
  ALL_NETWORKS,
  type AskReason,
  isSameTerms,
  type PaymentRequired,
  type PayResult,
  type Ports,
  type Purchase,
  pay,
  quote,
  sentenceOf,
  type Terms,
  termsOf,
  type Verdict,
} from 'tuppence/core';
import { browser } from 'wxt/browser';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { toFiguresRecord } from '../storage/figures-record.ts';
import { isUnattended, readPolicy } from '../storage/settings.ts';
import { spendingKey } from '../wallet/spending-key.ts';
import { chain } from './chain.ts';
import { askReader } from './consent.ts';
import { arm } from './deliveries.ts';
import type { Detection } from './detections.ts';
import {
  changeEncounter,
  encounterOf,
  encountersOfRequest,
  newEncounter,
  priceOf,
  termsOfPrice,
} from './encounters.ts';
import { openWithoutPaying } from './free-ways.ts';
import { assertCanArm } from './header-rules.ts';
import { ledger } from './ledger.ts';
import { onePurchaseAtATime } from './one-at-a-time.ts';
import { parseTerms, termsTextOf } from './terms.ts';
import { noTrouble, reportTrouble } from './trouble.ts';

/**
 * What the one who made the request does next: make it again, leave the 402 as it is, or wait for the reader.
 */
export type Answer = 'retry' | 'leave' | 'wait';

/** What the reader has said yes to: why it was asked, and the terms that were shown. */
type Agreement = { readonly verdict: Verdict; readonly terms: Terms };

/** Everything that is known may be paid with here; a page carries less. */
const QUOTING = { networks: ALL_NETWORKS };

/**
 * Looks at a 402 that a tab shows or a page's request got, and pays it, asks, or leaves it alone.
 *
 * @param mayAsk false when the page says that nobody pressed anything: what needs a yes is left unpaid, with the reason
 */
export async function handle(
  detection: Detection,
  site: string,
  mayAsk = true,
): Promise<{ answer: Answer; encounterId: string }> {
  const { tabId, frameId, documentId, kind, url, method } = detection;
  let encounter: EncounterRecord;
  try {
    encounter = await newEncounter({ tabId, frameId, documentId, kind, site, url, method });
  } catch (error) {
    await reportTrouble(error, tabId); // What can't be written down is not paid.
    return { answer: 'leave', encounterId: '' };
  }
  const answer = await settle(encounter, async () => {
    const terms = await termsTextOf(detection);
    const required = parseTerms(terms);
    const price = priceOf(quote(required, QUOTING));
    const known = await changeEncounter(encounter.id, { terms, price });
    if (await wasRefusedHere(known)) return unpaid(known.id, { outcome: 'deny', reason: 'refused' });
    const purchase = { site, url, method, bodyHash: null };
    if (await openWithoutPaying(known, required, purchase)) return 'retry';
    return attempt(known, required, detection.initiator, null, mayAsk);
  });
  return { answer, encounterId: encounter.id };
}

/** Goes on with a question that the reader has said yes to, on exactly the terms that were asked about. */
export async function resume(encounter: EncounterRecord): Promise<Answer> {
  return settle(encounter, async () => {
    if (encounter.terms === null) return unpaid(encounter.id, { outcome: 'deny', reason: 'refused' });
    const initiator = encounter.kind === 'navigation' ? null : encounter.site;
    const { verdict, price } = encounter;
    const agreed = verdict === null || price === null ? null : { verdict, terms: termsOfPrice(price) };
    return attempt(encounter, parseTerms(encounter.terms), initiator, agreed);
  });
}

/** Whatever is thrown before a signature leaves ends as "unpaid", with the sentence kept for the popup. */
async function settle({ id, tabId }: EncounterRecord, work: () => Promise<Answer>): Promise<Answer> {
  try {
    const answer = await work();
    noTrouble();
    return answer;
  } catch (error) {
    const known = changeEncounter(id, { state: 'unpaid', sentence: sentenceOf(error) });
    await known.catch((failure: unknown) => reportTrouble(failure, tabId));
    return 'leave';
  }
}

async function attempt(
  encounter: EncounterRecord,
  required: PaymentRequired,
  initiator: string | null,
  agreed: Agreement | null,
  mayAsk = true,
): Promise<Answer> {
  const { site, url, method } = encounter;
  await assertCanArm(url);
  const purchase: Purchase = { site, url, method, bodyHash: null };
  const evidence = encounter.terms?.from === 'header' ? 'header' : 'body';
  const ports = portsFor(encounter, initiator, agreed, mayAsk);
  const request = { purchase, required, evidence, approved: false } as const;
  const result = await onePurchaseAtATime(purchase, () =>
    pay({ ...request, ...(agreed === null ? {} : { agreed: agreed.terms }) }, ports),
  );
  return answerTo(encounter, result);
}

async function answerTo(encounter: EncounterRecord, result: PayResult): Promise<Answer> {
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
      await askReader(encounter.id, result.verdict);
      return 'wait';
  }
}

/** With nobody there to ask, or nobody to be asked, what would have been asked says more than that it was refused. */
async function whyRefused(id: string, verdict: Verdict): Promise<Verdict> {
  const recorded = (await encounterOf(id))?.verdict ?? null;
  return verdict.reason === 'refused' && recorded?.outcome === 'ask' ? recorded : verdict;
}

async function unpaid(id: string, verdict: Verdict): Promise<Answer> {
  await changeEncounter(id, { state: 'unpaid', verdict });
  return 'leave';
}

function portsFor(
  encounter: EncounterRecord,
  initiator: string | null,
  agreed: Agreement | null,
  mayAsk: boolean,
): Ports {
  const { tabId, url, method, kind } = encounter;
  return {
    wallet: spendingKey,
    ledger,
    chain,
    policy: readPolicy,
    quoting: async () => QUOTING,
    now: () => Date.now(),
    decided: async (verdict, figures) => {
      await changeEncounter(encounter.id, { verdict, figures: toFiguresRecord(figures) });
    },
    consent: {
      async ask({ quote: offer, reason }) {
        if (agreed !== null && isCovered(agreed, termsOf(offer), reason)) return 'approved';
        await changeEncounter(encounter.id, { price: priceOf(offer) });
        if (mayAsk && !(await isUnattended())) return 'deferred';
        await changeEncounter(encounter.id, { verdict: { outcome: 'ask', reason } });
        return 'refused';
      },
    },
    retry: {
      async send(intent, header, settlesLast) {
        await arm(intent, { tabId, url, method, kind, initiator }, header, settlesLast);
        if (kind === 'navigation') await browser.tabs.reload(tabId, { bypassCache: true });
        return null; // The answer is a network event: see deliveries.
      },
    },
  };
}

/**
 * A yes covers what was asked, on the terms that were shown. That it was paid in the meantime, by another tab, is
 * another question.
 */
function isCovered({ verdict, terms }: Agreement, asked: Terms, reason: AskReason): boolean {
  return isSameTerms(terms, asked) && (reason !== 'already-paid' || verdict.reason === reason);
}

/** The same request of the same document is asked about once: a refusal holds until the page is loaded anew. */
async function wasRefusedHere({ id, documentId, url, method }: EncounterRecord): Promise<boolean> {
  if (documentId === null) return false;
  return (await encountersOfRequest(documentId, url)).some(
    (one) => one.id !== id && one.method === method && one.verdict?.reason === 'refused',
  );
}
