import { TuppenceError } from './errors.ts';
import { asBoolean, asInteger, asObject, asString } from './fields.ts';
import { type Address, asAddress } from './hex.ts';
import { MalformedError } from './json.ts';
import { type KnownAsset, type KnownNetwork, knownAsset, knownNetwork, NETWORKS } from './network.ts';

/** A dollar token that the reader added, with its network. Only ERC-3009 tokens worth a dollar can be added. */
export type ReaderToken = {
  readonly chainId: number;
  /** The network's name; not used for a network that is known. */
  readonly network: string;
  readonly testnet: boolean;
  readonly address: Address;
  readonly symbol: string;
  readonly decimals: number;
  /** EIP-712 domain of the token contract. */
  readonly domain: { readonly name: string; readonly version: string };
  /** Whether the reader has said that it may be paid without a question. */
  readonly autoPay: boolean;
};

const MAX_DECIMALS = 36;

/** A stored or typed-in token. @throws {MalformedError} naming the field. */
export function asReaderToken(value: unknown, path = 'token'): ReaderToken {
  const token = asObject(value, path);
  const domain = asObject(token['domain'], `${path}.domain`);
  return {
    chainId: asInteger(token['chainId'], `${path}.chainId`, 1),
    network: asString(token['network'], `${path}.network`, 64),
    testnet: asBoolean(token['testnet'], `${path}.testnet`),
    address: asAddress(token['address'], `${path}.address`),
    symbol: asString(token['symbol'], `${path}.symbol`, 16),
    decimals: asDecimals(token['decimals'], `${path}.decimals`),
    domain: {
      name: asString(domain['name'], `${path}.domain.name`, 128),
      version: asString(domain['version'], `${path}.domain.version`, 16),
    },
    autoPay: asBoolean(token['autoPay'], `${path}.autoPay`),
  };
}

function asDecimals(value: unknown, path: string): number {
  const decimals = asInteger(value, path, 0);
  if (decimals > MAX_DECIMALS) throw new MalformedError(path, `at most ${MAX_DECIMALS}`);
  return decimals;
}

/**
 * The registry with the reader's own tokens: for `quote`'s `networks`.
 *
 * @throws {AlreadyKnownError} for a token that the registry or an earlier one of `tokens` has: what is pinned is
 * never written over.
 */
export function withReaderTokens(
  tokens: readonly ReaderToken[],
  networks: readonly KnownNetwork[] = NETWORKS,
): readonly KnownNetwork[] {
  return tokens.reduce(withToken, networks);
}

function withToken(networks: readonly KnownNetwork[], token: ReaderToken): readonly KnownNetwork[] {
  const id = `eip155:${token.chainId}`;
  const { chainId, testnet, network: name } = token;
  const network = knownNetwork(id, networks) ?? {
    id,
    chainId,
    name,
    v1Name: null,
    testnet,
    assets: [],
  };
  if (knownAsset(network, token.address) !== null) throw new AlreadyKnownError(token.symbol, network.name);
  const added = { ...network, assets: [...network.assets, assetOf(token)] };
  return [...networks.filter((one) => one !== network), added];
}

function assetOf({ address, symbol, decimals, domain, autoPay }: ReaderToken): KnownAsset {
  return { address, symbol, decimals, domain, method: 'eip3009', trusted: autoPay };
}

/** A token that is pinned, or was added before. */
export class AlreadyKnownError extends TuppenceError {
  override readonly name = 'ReaderTokens.AlreadyKnownError';
  constructor(symbol: string, network: string) {
    super(`${symbol} on ${network} is known already, and what is known about it stays as it is.`);
  }
}
