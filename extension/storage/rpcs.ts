import { asArray, asString, MalformedError, publicExplorer, publicRpc, TuppenceError } from 'tuppence/core';
import { database } from './database.ts';

/** More public endpoints, for the networks that most payments are on, asked when the registry's own does not answer. */
const MORE: { readonly [network: string]: readonly string[] } = {
  'eip155:8453': ['https://base-rpc.publicnode.com', 'https://base.drpc.org'],
  'eip155:84532': ['https://base-sepolia-rpc.publicnode.com', 'https://base-sepolia.drpc.org'],
  'eip155:42161': ['https://arbitrum-one-rpc.publicnode.com', 'https://arbitrum.drpc.org'],
  'eip155:421614': ['https://arbitrum-sepolia-rpc.publicnode.com', 'https://arbitrum-sepolia.drpc.org'],
  'eip155:137': ['https://polygon-bor-rpc.publicnode.com'],
  'eip155:43114': ['https://avalanche-c-chain-rpc.publicnode.com'],
  'eip155:1': ['https://eth.drpc.org'],
};

/**
 * The JSON-RPC endpoints of a network in the order in which they are asked: the reader's own, then public ones. An
 * own one on this machine stands alone: it is a chain of its own, of which no public endpoint knows anything.
 *
 * One of each host: what it says twice is one word. None without encryption, which an older version took.
 */
export async function rpcsOf(network: string): Promise<readonly string[]> {
  const own = asOwn(await (await database()).get('settings', `rpc:${network}`)).filter(isTrustworthy);
  if (own.some(isLoopback)) return oneOfEachHost(own);
  const known = publicRpc(network);
  return oneOfEachHost([...own, ...(known === null ? [] : [known]), ...(MORE[network] ?? [])]);
}

/** Whether the reader has chosen an endpoint for a network. */
export async function hasOwnRpc(network: string): Promise<boolean> {
  return asOwn(await (await database()).get('settings', `rpc:${network}`)).length > 0;
}

/**
 * Sets the reader's own endpoints of a network, and the explorer of the chain that they are of; null for the network's
 * public one.
 *
 * @param explorer without a slash at the end; `/tx/<hash>` after it shows a transaction.
 * @throws {MalformedError} when one of the addresses is not http(s).
 * @throws {EndpointError} when an endpoint elsewhere is not asked by https.
 */
export async function setRpcs(
  network: string,
  urls: readonly string[],
  explorer: string | null = null,
): Promise<void> {
  urls.forEach(assertEndpoint);
  if (explorer !== null) assertWeb(explorer);
  const transaction = (await database()).transaction('settings', 'readwrite');
  await Promise.all([
    transaction.store.put([...urls], `rpc:${network}`),
    transaction.store.put(explorer, `explorer:${network}`),
    transaction.done,
  ]);
}

/** @throws {MalformedError} @throws {EndpointError} when it is neither asked by https nor on this machine. */
export function assertEndpoint(url: string): void {
  assertWeb(url);
  if (!isTrustworthy(url)) throw new EndpointError('not-encrypted');
}

function assertWeb(url: string): void {
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new MalformedError('rpc', 'an http or https address');
}

/**
 * Where a person can look at transactions of a network: `/tx/<hash>` after it. Null when there is no such place, as
 * for a chain of this machine that came without one.
 */
export async function explorerOf(network: string): Promise<string | null> {
  const settings = await database();
  const own: unknown = await settings.get('settings', `explorer:${network}`);
  if (typeof own === 'string') return own;
  if (
    asOwn(await settings.get('settings', `rpc:${network}`))
      .filter(isTrustworthy)
      .some(isLoopback)
  )
    return null;
  return publicExplorer(network);
}

/** One address, as the first version kept it, or several. */
function asOwn(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const urls = typeof value === 'string' ? [value] : asArray(value, 'rpc', 16);
  return urls.map((url) => asString(url, 'rpc'));
}

function isLoopback(url: string): boolean {
  return /^((.+\.)?localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** By plain http, anybody on the way could say how a payment ended. */
function isTrustworthy(url: string): boolean {
  return URL.canParse(url) && (new URL(url).protocol === 'https:' || isLoopback(url));
}

function oneOfEachHost(urls: readonly string[]): readonly string[] {
  const hosts = urls.map((url) => new URL(url).host);
  return urls.filter((_, index) => hosts.indexOf(hosts[index] ?? '') === index);
}

const FAULTS = {
  'not-encrypted': 'An endpoint that is not on this machine has to be asked by https.',
  'wrong-chain': 'This endpoint is of another network.',
} as const;

/** An endpoint that is not to be asked about payments. */
export class EndpointError extends TuppenceError {
  override readonly name = 'Rpc.EndpointError';
  readonly fault: keyof typeof FAULTS;
  constructor(fault: keyof typeof FAULTS) {
    super(FAULTS[fault]);
    this.fault = fault;
  }
}
