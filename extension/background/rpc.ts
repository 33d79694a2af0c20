import {
  asHex,
  asObject,
  type Json,
  type JsonObject,
  MalformedError,
  parseJson,
  TuppenceError,
} from 'tuppence/core';
import { rpcsOf } from '../storage/rpcs.ts';
import { limitedText } from './limited-text.ts';

/** Asks one endpoint: method and parameters of JSON-RPC, to the `result`. */
export type Rpc = (method: string, params: readonly Json[]) => Promise<unknown>;

/** Milliseconds after which a silent endpoint counts as unreachable. */
const PATIENCE = 10_000;
/** Characters of an answer. What is asked for are numbers, and the logs of one authorization. */
const MAX_ANSWER = 262_144;

/**
 * Puts a question to the first endpoint of a network that can answer it. All of a question goes to the same one, so
 * that its parts are about the same chain at the same time.
 *
 * @throws {NoEndpointError}
 */
export async function askNetwork<T>(network: string, question: (rpc: Rpc) => Promise<T>): Promise<T> {
  for (const url of await rpcsOf(network)) {
    try {
      return await question((method, params) => call(url, method, params));
    } catch {
      // It is down, lags, or limits what it tells: the next one may not.
    }
  }
  throw new NoEndpointError(network);
}

async function call(url: string, method: string, params: readonly Json[]): Promise<unknown> {
  const request: JsonObject = { jsonrpc: '2.0', id: 1, method, params };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
    credentials: 'omit',
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
