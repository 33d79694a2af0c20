import { ALL_NETWORKS, knownNetwork, otherOrigins, sameAddress } from 'tuppence/core';
import { browser } from 'wxt/browser';
import { type Hindrance, hindranceIn } from '../messaging/hindrance.ts';
import type { Activity, OwnMessage, OwnMessages, Question } from '../messaging/own-messages.ts';
import type { BridgeVerdict, PageAnswer } from '../messaging/page-messages.ts';
import type { Receipt } from '../messaging/receipt.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { asPurchase, type StoredIntent } from '../storage/intent-record.ts';
import { assertEndpoint, hasOwnRpc, rpcsOf, setRpcs } from '../storage/rpcs.ts';
import { changePolicy, readPolicy, setUnattended, toPolicyRecord, withOrigins } from '../storage/settings.ts';
import { reasonsTogether } from '../storage/together.ts';
import { setLockAfter } from '../wallet/idle.ts';
import { createKey, lend, lock, noteUse, unlock, vaultAddress, vaultStatus } from '../wallet/vault.ts';
import { knownHoldings, renewBalance } from './balances.ts';
import { answerQuestion, claimSame, openQuestions } from './consent.ts';
import { leaveToReload, recallAll } from './deliveries.ts';
import { changeEncounter, encounterOf, encountersOfTab, StaleQuestionError } from './encounters.ts';
import { eraseHistory } from './erasing.ts';
import { signInTo } from './free-ways.ts';
import { ledger } from './ledger.ts';
import { intentOf, newestIntents, startToday, wasUsed } from './ledger-queries.ts';
import { claimListed } from './listed.ts';
import { overview, summaryOf } from './overview.ts';
import { resume } from './payments.ts';
import { isOfSheet, reload } from './repeating.ts';
import { resolveNow } from './resolving.ts';
import { checkEndpoint } from './rpc.ts';
import { verified } from './signed-documents.ts';
import { isStanding, shownIn } from './sites.ts';
import { reasonsOf } from './steps.ts';
import { afterOthers } from './style-sheets.ts';

type Output = OwnMessages[keyof OwnMessages]['output'];

const LEFT = { state: 'unpaid', sentence: 'The page was left before an answer.' } as const;

/** Does what one of our own pages asks. @throws named errors, which the page shows. */
export async function answerOwnPage(message: OwnMessage): Promise<Output> {
  switch (message.kind) {
    case 'overview':
      return overview(message.tabId);
    case 'question':
      return question(message.id);
    case 'answer':
      await noteUse();
      if (message.passphrase !== null) await unlock(message.passphrase);
      return answer(message);
    case 'answerListed':
      await noteUse();
      await answerListed(message);
      return null;
    case 'signIn':
      await noteUse();
      await signIn(message.id);
      return null;
    case 'setPolicy':
      await noteUse();
      await changePolicy(() => message.policy);
      if (message.policy.paused) await recallAll();
      return null;
    case 'recall':
      await recallAll();
      return null;
    case 'createKey':
      return { address: await createKey(message.passphrase, message.privateKey ?? undefined) };
    case 'unlock':
      await unlock(message.passphrase);
      return null;
    case 'lock':
      await lock();
      return null;
    case 'balance':
      return balance(message);
    case 'setRpc':
      await setEndpoint(message);
      return null;
    case 'rpcs':
      return { asked: await rpcsOf(message.network) };
    case 'setPrivateWindows':
      await lend(message.allowed);
      return null;
    case 'setLockAfter':
      await setLockAfter(message.minutes);
      return null;
    case 'setUnattended':
      await setUnattended(message.unattended);
      return null;
    case 'activity':
      return activity(message.tabId);
    case 'check':
      return resolveNow();
    case 'history':
      return history(message);
    case 'startToday':
      await startToday(Date.now());
      return null;
    case 'erase':
      return eraseHistory();
  }
}

/** @throws {MalformedError} @throws {EndpointError} when it is of another chain, or not asked by https. */
async function setEndpoint({ network, url, explorer }: OwnMessages['setRpc']['input']): Promise<void> {
  if (url !== null) {
    assertEndpoint(url);
    await checkEndpoint(network, url);
  }
  await setRpcs(network, url === null ? [] : [url], explorer);
}

/** A question that was answered with a refusal, by a press or by closing the window: the page gets its 402. */
export async function refuse(encounter: EncounterRecord): Promise<void> {
  const why = hindranceIn(reasonsOf(encounter.verdict)) ?? 'refused';
  // Who has too little money has nothing to agree to: that stays the reason, and the next request is a new one.
  const verdict = why === 'refused' ? { verdict: { outcome: 'deny', reason: 'refused' } as const } : {};
  for (const one of [encounter, ...(await claimSame(encounter))]) {
    await changeEncounter(one.id, { state: 'unpaid', ...verdict });
    await tellPage(one, 'leave', why);
  }
}

async function answer({
  id,
  approve,
  allowSite,
}: OwnMessages['answer']['input']): Promise<{ next: string | null }> {
  const next = await answerQuestion(id, async (encounter) => {
    if (!approve) return refuse(encounter);
    if (allowSite) await allow([encounter]);
    if (!(await isStanding(encounter))) {
      await changeEncounter(id, LEFT);
      throw new StaleQuestionError();
    }
    const result = await resume(encounter);
    if (result !== 'wait') await tellPage(encounter, result);
  });
  return { next };
}

/**
 * Pays, or refuses, what waits in the popup. What only a reload can fetch is paid first, all of it, and then loaded
 * with the page at once.
 */
async function answerListed({
  tabId,
  ids,
  approve,
  allowSite,
}: OwnMessages['answerListed']['input']): Promise<void> {
  const claimed = (await claimListed(ids)).filter((one) => one.tabId === tabId);
  if (approve && allowSite) await allow(claimed);
  const together = reasonsTogether(claimed);
  let mustReload = false;
  for (const encounter of claimed) {
    if (!approve) await refuse(encounter);
    else if (!(await isStanding(encounter))) await changeEncounter(encounter.id, LEFT);
    else {
      const result = await resumeInTurn(encounter, together);
      if (result === 'wait') continue; // The reader has been asked about something else meanwhile.
      const isWaiting = await tellPage(encounter, result);
      // A navigation has been loaded again already.
      const isLeft = encounter.again !== 'element' && encounter.kind !== 'navigation';
      if (result !== 'retry' || !isLeft || isWaiting) continue;
      await leaveToReload(encounter);
      mustReload = true;
    }
  }
  if (mustReload && (await shownIn(tabId))?.topDocumentId === claimed[0]?.topDocumentId) await reload(tabId);
}

async function resumeInTurn(
  encounter: EncounterRecord,
  together: Parameters<typeof resume>[1],
): ReturnType<typeof resume> {
  const { documentId, url } = encounter;
  const pay = () => resume(encounter, together);
  return documentId !== null && (await isOfSheet(encounter)) ? afterOthers({ documentId, url }, pay) : pay();
}

/** @throws {StaleQuestionError} when the tab shows something else by now. */
async function signIn(id: string): Promise<void> {
  const encounter = await encounterOf(id);
  if (encounter?.offersSignIn !== true || !(await isStanding(encounter))) throw new StaleQuestionError();
  await signInTo(encounter);
}

/** From now on without a question: the site, where it asked for what is its own; else the others, on its pages. */
async function allow(encounters: readonly EncounterRecord[]): Promise<void> {
  const own = encounters.filter((one) => otherOrigins(one).length === 0).map(({ site }) => site);
  const others = encounters.flatMap((one) =>
    otherOrigins(one).flatMap((origin) => (origin === 'null' ? [] : { site: one.site, origin })),
  );
  await changePolicy((policy) => ({
    ...policy,
    allowedSites: [...new Set([...policy.allowedSites, ...own])],
    allowedOrigins: withOrigins(policy.allowedOrigins ?? [], others),
  }));
}

/** @returns whether somebody was still waiting for it. */
async function tellPage(
  { id, tabId, documentId }: EncounterRecord,
  verdict: PageAnswer,
  why: Hindrance | null = null,
): Promise<boolean> {
  if (documentId === null) return false; // A navigation has nobody waiting: it was reloaded, or stays as it is.
  const message: BridgeVerdict = { kind: 'verdict', ticket: id, answer: verdict, why };
  // The document may be gone; then nobody waits for the answer.
  return browser.tabs.sendMessage(tabId, message, { documentId }).then(
    (wasWaiting) => wasWaiting === true,
    () => false,
  );
}

async function question(id: string): Promise<Question> {
  const encounter = await encounterOf(id);
  if (encounter?.state !== 'asking') throw new StaleQuestionError();
  const purchase = asPurchase(encounter);
  const earlier = await ledger.find(purchase);
  const history = await ledger.history?.(purchase, Date.now());
  const settled = earlier.find(({ state }) => state === 'settled');
  return {
    encounter,
    open: (await openQuestions(encounter.tabId)).length,
    wallet: await vaultStatus(),
    address: await vaultAddress(),
    policy: toPolicyRecord(await readPolicy()),
    spentToday: (await ledger.spentOn(Date.now())).toString(),
    paidAt: settled?.createdAt ?? encounter.figures?.paidAt ?? null,
    paidMicroUsd: settled?.terms.microUsd.toString() ?? null,
    payeeBefore: history?.payees.at(-1) ?? null,
    knowsNetwork: await knowsNetwork(encounter.price?.network ?? ''),
    holdings: await holdings(),
  };
}

async function activity(tabId: number): Promise<Activity> {
  const encounters = await encountersOfTab(tabId);
  const items = encounters.map(async (encounter) => ({
    encounter,
    payment: encounter.intentId === null ? null : summaryOf(await intentOf(encounter.intentId)),
  }));
  return { items: await Promise.all(items) };
}

async function history({
  before,
  limit,
}: OwnMessages['history']['input']): Promise<OwnMessages['history']['output']> {
  const intents = await newestIntents(limit, before);
  const last = intents.length < limit ? undefined : intents.at(-1);
  return {
    payments: (await Promise.all(intents.map(verified))).map(receiptOf),
    next: last === undefined ? null : { createdAt: last.createdAt, id: last.id },
  };
}

function receiptOf(intent: StoredIntent): Receipt {
  const { payment } = intent;
  return {
    ...summaryOf(intent),
    payer: payment?.authorization.from ?? null,
    nonce: payment?.authorization.nonce ?? null,
    paymentId: payment?.paymentId ?? null,
  };
}

/** A network that a page has named is asked about nothing before the reader has had to do with it: it would tell who is there. */
async function knowsNetwork(network: string): Promise<boolean> {
  return (await hasOwnRpc(network)) || (await wasUsed(network));
}

async function balance({
  network,
  asset,
}: OwnMessages['balance']['input']): Promise<OwnMessages['balance']['output']> {
  const assets = knownNetwork(network, ALL_NETWORKS)?.assets ?? [];
  const token = asset === null ? assets[0] : assets.find(({ address }) => sameAddress(address, asset));
  if ((await vaultAddress()) === null || token === undefined) return { balance: null, free: null };
  const told = await renewBalance({ network, asset: token.address });
  const held = (await holdings()).find(
    (one) => one.network === network && sameAddress(one.asset, token.address),
  );
  return { balance: told?.toString() ?? null, free: held?.atomic ?? null };
}

async function holdings(): Promise<Question['holdings']> {
  if ((await vaultAddress()) === null) return [];
  return (await knownHoldings()).map(({ network, asset, atomic }) => ({
    network,
    asset,
    atomic: atomic.toString(),
  }));
}
