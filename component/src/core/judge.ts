import { toMicroUsd } from './amount.ts';
import { isAddress } from './hex.ts';
import { type KnownAsset, knownAsset, knownNetwork, NETWORKS } from './network.ts';
import type { Quote, QuoteOptions, Refused, UnpayableReason } from './offer.ts';
import type { PaymentRequirements } from './payment-requirements.ts';
import { RUNWAY_SECONDS } from './runway.ts';

/** Longest v2 entry that can be echoed, in bytes, so that the header stays under 8 KB with its signature. */
const MAX_ECHO = 4950;

/** The offer as a quote, or why it can't be paid. Nothing that a server says about a token is believed. */
export function judge(
  requirements: PaymentRequirements,
  { networks = NETWORKS, hasGoodChecksum }: QuoteOptions,
): { readonly quote: Quote } | Refused {
  const no = (reason: UnpayableReason): Refused => ({ requirements, quote: null, reason });
  const { extra, amount, payTo, maxTimeoutSeconds, sent, x402Version } = requirements;
  const { assetTransferMethod: method = 'eip3009', paymentFlow: flow = 'authorization' } = extra;
  if (requirements.scheme !== 'exact') return no('scheme');
  if (method !== 'eip3009' && method !== 'permit2') return no('method');
  if (flow !== 'authorization' && flow !== 'upfront') return no('flow');
  const network = knownNetwork(requirements.network, networks);
  if (network === null) return no('network');
  const asset = knownAsset(network, requirements.asset);
  if (asset === null) return no('asset');
  // Permit2 moves any token; a token without ERC-3009 can't be moved by it, and nothing is fallen back to.
  if (method === 'eip3009' && asset.method !== method) return no('method');
  if (wrongDomainField(requirements, asset) !== null) return no('domain');
  if (maxTimeoutSeconds < RUNWAY_SECONDS) return no('time');
  if (!isAddress(payTo) || /^0x0+$/.test(payTo) || hasGoodChecksum?.(payTo) === false) return no('payee');
  // v1 echoes nothing of an entry but its scheme and network.
  if (x402Version === 2 && new TextEncoder().encode(JSON.stringify(sent)).length > MAX_ECHO)
    return no('too-long');
  const microUsd = toMicroUsd(amount, asset.decimals);
  return { quote: { requirements, network, asset, payTo, microUsd, upfront: flow === 'upfront', method } };
}

/**
 * The field of the token's EIP-712 domain in which the server contradicts the registry, or null. It would get a
 * signature that the token rejects, or worse. A version may be written as a number.
 */
export function wrongDomainField(
  { extra }: PaymentRequirements,
  { domain }: KnownAsset,
): 'name' | 'version' | null {
  const isWrong = (field: 'name' | 'version') => {
    const said = extra[field] ?? domain[field];
    return said !== domain[field] && said !== Number(domain[field]);
  };
  return (['name', 'version'] as const).find(isWrong) ?? null;
}
