import { encodeBase64, type Hex, NETWORKS, type Quote, quote } from '../../../component/src/core/index.ts';

export const BASE_SEPOLIA = 84532;
export const PAYER = '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266';
export const PAYEE = '0x209693Bc6afc0C5328bA36FaF03C514EF312287C';
export const SIGNATURE: Hex = `0x${'5a'.repeat(65)}`;

/** One v2 offer of `amount` atomic units of Base Sepolia's USDC. */
export function terms(amount = '20000') {
  const usdc = NETWORKS.find(({ chainId }) => chainId === BASE_SEPOLIA)?.assets[0];
  const extra = { name: 'USDC', version: '2' };
  const entry = { scheme: 'exact', network: 'eip155:84532', amount, asset: usdc?.address, payTo: PAYEE };
  return { x402Version: 2, accepts: [{ ...entry, maxTimeoutSeconds: 300, extra }] };
}

/** A 402 with v2 terms. */
export function challenge(amount?: string, headers: Record<string, string> = {}): Response {
  const header = encodeBase64(JSON.stringify(terms(amount)));
  return new Response('{}', { status: 402, headers: { 'PAYMENT-REQUIRED': header, ...headers } });
}

/** A settlement header as servers send it. */
export function settlement(success: boolean, more: Record<string, string> = {}): string {
  return encodeBase64(JSON.stringify({ success, network: 'eip155:84532', transaction: '', ...more }));
}

/** The v2 entry of {@link terms} as the core quotes it. */
export function quoted(): Quote {
  const [sent] = terms().accepts;
  if (sent?.asset === undefined) throw new Error('Base Sepolia has no asset');
  const requirements = { ...sent, asset: sent.asset, x402Version: 2, amount: 20_000n, sent } as const;
  const nothing = { error: null, resource: null, sentResource: null, unreadable: [], extensions: null };
  return quote({
    ...nothing,
    x402Version: 2,
    accepts: [{ ...requirements, sent: { ...sent, asset: sent.asset } }],
  });
}
