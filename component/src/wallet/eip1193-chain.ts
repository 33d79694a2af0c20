import {
  type Address,
  type Authorization,
  asObject,
  asString,
  type ChainPort,
  DEAD_ALONE,
  knownNetwork,
  MalformedError,
} from '../core/index.ts';
import { chainIdOf, type Eip1193Provider } from './eip1193.ts';

/** `authorizationState(address,bytes32)` of ERC-3009. */
const AUTHORIZATION_STATE = '0xe94a0102';

/**
 * The chain as the wallet sees it. It is unreachable while the wallet is on another network: the contract at that
 * address there, if any, knows nothing of this payment.
 */
export function eip1193Chain(provider: Eip1193Provider): ChainPort {
  return {
    async fateOf(terms, authorization) {
      try {
        const network = knownNetwork(terms.network);
        const asset = network?.assets.find(({ address }) => address === terms.asset);
        if (asset === undefined || (await chainIdOf(provider)) !== network?.chainId) return 'unreachable';
        return await fateAtLatest(provider, asset.address, authorization);
      } catch {
        return 'unreachable';
      }
    },
  };
}

/** State and time of one and the same block, so that no settlement can come between the two questions. */
async function fateAtLatest(
  provider: Eip1193Provider,
  token: Address,
  { from, nonce, validBefore }: Authorization,
): Promise<'used' | 'dead' | 'open'> {
  const latest = await provider.request({ method: 'eth_getBlockByNumber', params: ['latest', false] });
  const block = asObject(latest, 'block');
  const height = asString(block['number'], 'block.number', 66);
  const time = BigInt(asString(block['timestamp'], 'block.timestamp', 66));
  const call = { to: token, data: `${AUTHORIZATION_STATE}${word(from)}${word(nonce)}` };
  if (isSet(await provider.request({ method: 'eth_call', params: [call, height] }))) return 'used';
  return time >= validBefore + DEAD_ALONE ? 'dead' : 'open';
}

/** Hexadecimal digits as one ABI word: 32 bytes, padded on the left. */
function word(hex: string): string {
  return hex.slice(2).toLowerCase().padStart(64, '0');
}

/** @throws {MalformedError} when the result is not one boolean. */
function isSet(result: unknown): boolean {
  if (typeof result !== 'string' || !/^0x0{63}[01]$/.test(result))
    throw new MalformedError('result', 'a boolean');
  return result.endsWith('1');
}
