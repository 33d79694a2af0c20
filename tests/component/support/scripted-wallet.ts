import type { Eip1193Provider } from '../../../component/src/wallet/eip1193.ts';
import { PAYER, SIGNATURE } from './terms.ts';

export type Call = { readonly method: string; readonly params: readonly unknown[] };
export type Script = { readonly [method: string]: (...params: readonly unknown[]) => unknown };

/** A wallet that answers from `script`, else like a well-behaved one on Base Sepolia, and remembers what it was asked. */
export function scriptedWallet(script: Script = {}): { provider: Eip1193Provider; calls: Call[] } {
  const calls: Call[] = [];
  const answers: Script = {
    eth_requestAccounts: () => [PAYER],
    eth_chainId: () => '0x14a34',
    eth_signTypedData_v4: () => SIGNATURE,
    ...script,
  };
  const provider: Eip1193Provider = {
    async request({ method, params = [] }) {
      calls.push({ method, params });
      const answer = answers[method];
      if (answer === undefined) throw rpcError(4200, `${method} is not supported`);
      return answer(...params);
    },
  };
  return { provider, calls };
}

export function rpcError(code: number, message = 'no'): Error {
  return Object.assign(new Error(message), { code });
}

/** How often the wallet was asked for `method`. */
export function count(calls: readonly Call[], method: string): number {
  return calls.filter((call) => call.method === method).length;
}
