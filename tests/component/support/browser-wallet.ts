import type { Page } from 'playwright';
import type { Hex, TypedDataDefinition } from 'viem';
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts';
import type { World } from '../../../demo-site/world/index.ts';

export type WalletOptions = {
  /** Hexadecimal; Base Sepolia unless given. */
  readonly chainId?: string;
  /** Says no to this method, as a reader does (4001). */
  readonly refuse?: string;
  /** Says no whenever this holds for the method. */
  readonly refuses?: (method: string) => boolean;
  /** Called before an answer to this method is thought about. */
  readonly onCall?: (method: string) => Promise<void>;
  /** Never answers this method: the reader thinks. */
  readonly hold?: string;
  /** As the reader sees it; of several wallets each has another. */
  readonly name?: string;
  /** Only `window.ethereum`, as before EIP-6963. */
  readonly isOld?: boolean;
  /** The form in which it gives a payment's signature; the usual one unless given. */
  readonly formOf?: (signature: Hex) => Hex;
};

export type BrowserWallet = {
  readonly address: Hex;
  /** Methods that the page called, in order. */
  readonly calls: readonly string[];
};

/**
 * Puts a wallet into every document of `page`, announced as EIP-6963 says. Its key stays in this process; what it
 * does not know itself it asks the world's chain.
 */
export async function installWallet(
  page: Page,
  world: World,
  {
    chainId = '0x14a34',
    refuse,
    refuses = () => false,
    hold,
    onCall,
    name = 'Test Wallet',
    isOld = false,
    formOf = (signature) => signature,
  }: WalletOptions = {},
): Promise<BrowserWallet> {
  const account = privateKeyToAccount(generatePrivateKey());
  const calls: string[] = [];
  let chain = chainId;
  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    calls.push(method);
    await onCall?.(method);
    if (method === hold) return new Promise(() => {});
    if (method === refuse || refuses(method))
      return { error: { code: 4001, message: 'User rejected the request.' } };
    if (method === 'eth_requestAccounts') return { result: [account.address] };
    if (method === 'eth_chainId') return { result: chain };
    if (method === 'wallet_switchEthereumChain') {
      chain = (params[0] as { chainId: string }).chainId;
      return { result: null };
    }
    if (method === 'personal_sign')
      return { result: await account.signMessage({ message: { raw: params[0] as Hex } }) };
    if (method === 'eth_signTypedData_v4') {
      const { types, ...rest } = JSON.parse(String(params[1])) as TypedDataDefinition;
      return { result: formOf(await account.signTypedData({ types, ...rest })) };
    }
    return rpc(world.rpcUrl, method, params);
  };
  const binding = `walletAnswer${installed}`;
  installed += 1;
  await page.exposeFunction(binding, answer);
  await page.addInitScript(announceWallet, { binding, name, isOld });
  return { address: account.address, calls };
}

let installed = 0;

async function rpc(url: string, method: string, params: readonly unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params });
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  return response.json();
}

/** Runs in the page. */
function announceWallet({ binding, name, isOld }: { binding: string; name: string; isOld: boolean }): void {
  type Answer = { result?: unknown; error?: { code: number; message: string } };
  const ask = Reflect.get(window, binding) as (method: string, params: unknown) => Promise<Answer>;
  const provider = {
    async request({ method, params = [] }: { method: string; params?: readonly unknown[] }) {
      const { result, error } = await ask(method, params);
      if (error) throw Object.assign(new Error(error.message), { code: error.code });
      return result;
    },
  };
  if (isOld) {
    Reflect.set(window, 'ethereum', provider);
    return;
  }
  const rdns = `${name.toLowerCase().replaceAll(' ', '.')}.example`;
  const info = { uuid: binding, name, icon: 'data:,', rdns };
  const announce = () =>
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail: { info, provider } }));
  window.addEventListener('eip6963:requestProvider', announce);
}
