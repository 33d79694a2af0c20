import { browser } from 'wxt/browser';
import type { Overview, PaymentSummary } from '../messaging/own-messages.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { type StoredIntent, toIntentRecord } from '../storage/intent-record.ts';
import { readPolicy, toPolicyRecord } from '../storage/settings.ts';
import type { SignedRecord, SignedRecords } from '../storage/signed-record.ts';
import { readLockAfter } from '../wallet/idle.ts';
import { isLent, vaultAddress, vaultStatus } from '../wallet/vault.ts';
import { encountersOfTab, newestUnpaid } from './encounters.ts';
import { ledger } from './ledger.ts';
import { dayAhead, newestIntents, spentThisMonth } from './ledger-queries.ts';
import { countListed, listedOf } from './listed.ts';
import { leftAloneOn } from './page-limits.ts';
import { withoutFragment } from './request-url.ts';
import { trouble } from './trouble.ts';

/** Payments and unpaid 402s of an overview, and what waits on the page. */
const SHOWN = 50;
const SHOWN_LISTED = 250;
/** Characters of an address that a list shows, and of a document that a server has signed. */
const SHOWN_URL = 1_024;
const SHOWN_SIGNED = 4_096;

/** How things stand, for the popup and the welcome page: as much as they show, however much is kept. */
export async function overview(tabId: number | null): Promise<Overview> {
  const [
    wallet,
    address,
    privateWindows,
    lockAfter,
    policy,
    spent,
    month,
    intents,
    unpaid,
    here,
    listed,
    count,
    ahead,
  ] = await Promise.all([
    vaultStatus(),
    vaultAddress(),
    isLent(),
    readLockAfter(),
    readPolicy(),
    ledger.spentOn(Date.now()),
    spentThisMonth(Date.now()),
    newestIntents(SHOWN),
    newestUnpaid(SHOWN),
    tabId === null ? null : newestOfPage(tabId),
    tabId === null ? [] : listedOf(tabId, SHOWN_LISTED),
    tabId === null ? 0 : countListed(tabId),
    dayAhead(Date.now()),
  ]);
  return {
    wallet,
    address,
    privateWindows,
    lockAfter,
    policy: toPolicyRecord(policy),
    spentToday: spent.toString(),
    spentThisMonth: month.toString(),
    payments: intents.map((intent) => shortPayment(summaryOf(intent))),
    unpaid: unpaid.map(shortEncounter),
    here: here === null ? null : shortEncounter(here),
    listed: listed.map(shortEncounter),
    listedCount: Math.max(count, listed.length),
    leftAlone: tabId === null ? null : leftAloneOn(tabId),
    trouble: trouble(),
    dayAhead: ahead,
  };
}

/** The newest 402 of what the tab shows now: numbers of tabs are used again, and readers move on. */
async function newestOfPage(tabId: number): Promise<EncounterRecord | null> {
  const { url = '' } = await browser.tabs.get(tabId);
  const isOfPage = (one: EncounterRecord) =>
    one.kind === 'navigation' ? one.url === withoutFragment(url) : url.startsWith(`${one.site}/`);
  return (await encountersOfTab(tabId)).findLast(isOfPage) ?? null;
}

/** A payment without its signature, for pages that show it. */
export function summaryOf(intent: StoredIntent): PaymentSummary {
  const { payment: _payment, purchaseKey: _key, windows: _windows, ...rest } = toIntentRecord(intent, []);
  const { openPurchase: _open, todo: _todo, ...summary } = rest;
  return summary;
}

function shortEncounter(encounter: EncounterRecord): EncounterRecord {
  return { ...encounter, url: encounter.url.slice(0, SHOWN_URL) };
}

function shortPayment(payment: PaymentSummary): PaymentSummary {
  const { purchase, signed } = payment;
  const short = { ...payment, purchase: { ...purchase, url: purchase.url.slice(0, SHOWN_URL) } };
  return signed === undefined ? short : { ...short, signed: shortSigned(signed) };
}

function shortSigned({ offer, receipt }: SignedRecords): SignedRecords {
  return {
    ...(offer === undefined ? {} : { offer: shortDocument(offer) }),
    ...(receipt === undefined ? {} : { receipt: shortDocument(receipt) }),
  };
}

/** What its signature is worth is always said; the whole of a long one stands in the history. */
function shortDocument(document: SignedRecord): SignedRecord {
  const { payload, signature } = document;
  const length = JSON.stringify(payload).length + signature.length;
  return length > SHOWN_SIGNED ? { ...document, payload: {}, signature: '' } : document;
}
