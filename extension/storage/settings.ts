import {
  asArray,
  asBoolean,
  asObject,
  asString,
  MalformedError,
  type Policy,
  parseAtomic,
  publicRpc,
} from 'tuppence/core';
import { database } from './database.ts';

/** The reader's rules as they are stored and sent between the extension's pages: amounts are decimal strings. */
export type PolicyRecord = Omit<Policy, 'autoPay' | 'dayBudget'> & {
  readonly autoPay: string | null;
  readonly dayBudget: string | null;
};

/** Before the reader has set anything: 10¢ at a time, two dollars a day, each site asked about once. */
export const DEFAULT_POLICY: Policy = {
  paused: false,
  autoPay: 100_000n,
  dayBudget: 2_000_000n,
  anySite: false,
  allowedSites: [],
};

export async function readPolicy(): Promise<Policy> {
  const stored = await (await database()).get('settings', 'policy');
  return stored === undefined ? DEFAULT_POLICY : asPolicy(stored);
}

/** Changes the rules in one transaction, so that two changes at a time never undo each other. */
export async function changePolicy(change: (policy: Policy) => Policy): Promise<void> {
  const { store, done } = (await database()).transaction('settings', 'readwrite', { durability: 'strict' });
  const stored = await store.get('policy');
  const policy = change(stored === undefined ? DEFAULT_POLICY : asPolicy(stored));
  await Promise.all([store.put(toPolicyRecord(policy), 'policy'), done]);
}

export function toPolicyRecord(policy: Policy): PolicyRecord {
  return {
    ...policy,
    autoPay: policy.autoPay?.toString() ?? null,
    dayBudget: policy.dayBudget?.toString() ?? null,
  };
}

/** @throws {MalformedError} @throws {NotAnAmountError} */
export function asPolicy(value: unknown): Policy {
  const policy = asObject(value, 'policy');
  return {
    paused: asBoolean(policy['paused'], 'policy.paused'),
    autoPay: asLimit(policy['autoPay']),
    dayBudget: asLimit(policy['dayBudget']),
    anySite: asBoolean(policy['anySite'], 'policy.anySite'),
    allowedSites: asArray(policy['allowedSites'], 'policy.allowedSites', 10_000).map(asOrigin),
  };
}

/** No figure means "ask", never zero and never unlimited. */
function asLimit(value: unknown): bigint | null {
  return value === null ? null : parseAtomic(value);
}

function asOrigin(value: unknown): string {
  const text = asString(value, 'origin');
  if (!URL.canParse(text) || new URL(text).origin !== text)
    throw new MalformedError('origin', 'like https://example.com');
  return text;
}

/** Whether nobody is there to be asked: then every question is answered with a refusal. */
export async function isUnattended(): Promise<boolean> {
  return (await (await database()).get('settings', 'unattended')) === true;
}

export async function setUnattended(unattended: boolean): Promise<void> {
  await (await database()).put('settings', unattended, 'unattended');
}

/** The JSON-RPC endpoint for a network: the reader's own, else the public one that the registry names. */
export async function rpcOf(network: string): Promise<string | null> {
  const own = await (await database()).get('settings', `rpc:${network}`);
  return typeof own === 'string' ? own : publicRpc(network);
}

/** @throws {MalformedError} when `url` is not http(s). */
export async function setRpc(network: string, url: string): Promise<void> {
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new MalformedError('rpc', 'an http or https address');
  await (await database()).put('settings', url, `rpc:${network}`);
}
