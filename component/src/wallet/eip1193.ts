import {
  type Address,
  asAddress,
  asArray,
  type Hex,
  type KnownNetwork,
  type WalletPort,
} from '../core/index.ts';
import { DeclinedError, errorCode, NoAccountError, WalletFailedError, WrongChainError } from './errors.ts';
import { asSignature } from './signature.ts';

/** What browser wallets offer to pages (EIP-1193). Answers are anything until checked. */
export type Eip1193Provider = {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
};

const UNKNOWN_CHAIN = 4902;

/**
 * A browser wallet that signs for one network.
 *
 * `address()` asks the reader to connect, then to change the network when the wallet is on another one: wallets
 * refuse to sign for a chain that they are not on, and the validity of a payment starts after both.
 * @throws {DeclinedError} {WrongChainError} {NoAccountError} {WalletFailedError} from its methods.
 */
export function eip1193Wallet(provider: Eip1193Provider, network: KnownNetwork): WalletPort {
  return {
    status: async () => 'ready',
    async address() {
      const account = await accountOf(provider);
      await switchTo(provider, network);
      return account;
    },
    async sign(data) {
      const params = [data.message.from, JSON.stringify(data)];
      return asSignature(await call(provider, 'eth_signTypedData_v4', params));
    },
  };
}

/** The account that the reader connects. @throws as `address()` above. */
export async function accountOf(provider: Eip1193Provider): Promise<Address> {
  const accounts = asArray(await call(provider, 'eth_requestAccounts'), 'accounts', 1000);
  if (accounts.length === 0) throw new NoAccountError();
  return asAddress(accounts[0], 'accounts[0]');
}

/** Signs `text` as EIP-191 has it. @throws as `sign()` above. */
export async function signText(provider: Eip1193Provider, text: string, account: Address): Promise<Hex> {
  const bytes = [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0'));
  return asSignature(await call(provider, 'personal_sign', [`0x${bytes.join('')}`, account]));
}

/** The chain that the wallet is on, or null when it doesn't say. */
export async function chainIdOf(provider: Eip1193Provider): Promise<number | null> {
  const said = await call(provider, 'eth_chainId');
  const chainId = typeof said === 'string' ? Number(said) : said;
  return typeof chainId === 'number' && Number.isSafeInteger(chainId) ? chainId : null;
}

async function switchTo(provider: Eip1193Provider, network: KnownNetwork): Promise<void> {
  if ((await chainIdOf(provider)) === network.chainId) return;
  try {
    const chainId = `0x${network.chainId.toString(16)}`;
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId }] });
  } catch (cause) {
    throw new WrongChainError(network.name, errorCode(cause) !== UNKNOWN_CHAIN, { cause });
  }
  // Some wallets resolve without having changed anything.
  if ((await chainIdOf(provider)) !== network.chainId) throw new WrongChainError(network.name, true);
}

async function call(
  provider: Eip1193Provider,
  method: string,
  params?: readonly unknown[],
): Promise<unknown> {
  try {
    return await provider.request(params === undefined ? { method } : { method, params });
  } catch (cause) {
    if (errorCode(cause) === 4001) throw new DeclinedError({ cause });
    throw new WalletFailedError(cause);
  }
}
