import {
  asHex,
  asObject,
  type Json,
  type JsonObject,
  MalformedError,
  parseJson,
  TuppenceError,
} from 'tuppence/core';
import { EndpointError, rpcsOf } from '../storage/rpcs.ts';
import { limitedText } from './limited-text.ts';

/** Asks one endpoint: method and parameters of JSON-RPC, to the `result`. */
export type Rpc = (method: string, params: readonly Json[]) => Promise<unknown>;

/** Milliseconds after which a silent endpoint counts as unreachable. */
const PATIENCE = 10_000;
/** Characters of an answer. What is asked for are numbers, and the logs of one authorization. */
const MAX_ANSWER = 262_144;

/** The chain that an endpoint says it is of, by its address: asked once in the life of the background. */
const chainIds = new Map<string, bigint>();

/**
 * Puts a question to the first endpoint of a network that can answer it.
 *
 * @throws {NoEndpointError}
 */
export async function askNetwork<T>(network: string, question: (rpc: Rpc) => Promise<T>): Promise<T> {
  for await (const answer of answersOf(network, question)) return answer;
  throw new NoEndpointError(network);
}

/**
 * The answers of a network's endpoints in their order, each asked when its answer is wanted. All of a question goes to
 * the same one, so that its parts are about the same chain at the same time.
 */
export async function* answersOf<T>(network: string, question: (rpc: Rpc) => Promise<T>): AsyncGenerator<T> {
  for (const url of await rpcsOf(network)) {
    let answer: T;
    try {
      if (!(await isOfChain(network, url))) continue;
      answer = await question((method, params) => call(url, method, params));
    } catch {
      continue; // It is down, lags, or limits what it tells: the next one may not.
    }
    yield answer;
  }
}

/**
 * Networks may share a token's address, and then one of them answers for another without a complaint.
 *
 * @throws what asking it throws; then nobody knows.
 */
async function isOfChain(network: string, url: string): Promise<boolean> {
  const id = chainIds.get(url) ?? asQuantity(await call(url, 'eth_chainId', []), 'chainId');
  chainIds.set(url, id);
  return network === `eip155:${id}`;
}

/**
 * Asks an endpoint anew which chain it is of. One that can't be asked now passes.
 *
 * @throws {EndpointError}
 */
export async function checkEndpoint(network: string, url: string): Promise<void> {
  chainIds.delete(url);
  if (!(await isOfChain(network, url).catch(() => true))) throw new EndpointError('wrong-chain');
}

async function call(url: string, method: string, params: readonly Json[]): Promise<unknown> {
  const request: JsonObject = { jsonrpc: '2.0', id: 1, method, params };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
    credentials: 'omit',
    redirect: 'error', // It could lead to one that is not encrypted, or is another's.
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await limitedText(response, MAX_ANSWER);
  if (text === null) throw new MalformedError('rpc', `an answer of at most ${MAX_ANSWER} characters`);
  const answer = asObject(parseJson(text), 'rpc');
  if (answer['error'] !== undefined && answer['error'] !== null)
    throw new MalformedError('rpc.error', 'nothing');
  return answer['result'];
}

/** A 32-byte word. @throws {MalformedError} */
export function asWord(value: unknown, path: string): bigint {
  const hex = asHex(value, path, 32);
  if (hex.length !== 66) throw new MalformedError(path, '32 bytes');
  return BigInt(hex);
}

/** A JSON-RPC quantity: 0x and hexadecimal digits without leading zeros. @throws {MalformedError} */
export function asQuantity(value: unknown, path: string): bigint {
  const odd = typeof value === 'string' && value.length % 2 === 1 ? value.replace('0x', '0x0') : value;
  return BigInt(asHex(odd, path, 32));
}

export function quantity(value: bigint): string {
  return `0x${value.toString(16)}`;
}

/** None of a network's endpoints has answered. */
export class NoEndpointError extends TuppenceError {
  override readonly name = 'Rpc.NoEndpointError';
  readonly network: string;
  constructor(network: string) {
    super(`No endpoint of ${network} can be asked at the moment.`);
    this.network = network;
  }
}
