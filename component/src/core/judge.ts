import { toMicroUsd } from './amount.ts';
import { encodeBase64 } from './base64.ts';
import { isAddress } from './hex.ts';
import type { Json } from './json.ts';
import {
  type KnownAsset,
  type KnownNetwork,
  knownAsset,
  knownNetwork,
  type TransferMethod,
} from './network.ts';
import type { Quote, Unpayable, UnpayableReason } from './offer.ts';
import type { PaymentRequirements } from './payment-requirements.ts';

/** Longest entry that can be echoed, in base64 characters, so that the header stays under 8 KB with its signature. */
const MAX_ECHO = 6600;

/** The offer as a quote, or why it can't be paid. Nothing that a server says about a token is believed. */
export function judge(
  requirements: PaymentRequirements,
  networks: readonly KnownNetwork[],
): { readonly quote: Quote } | Unpayable {
  const no = (reason: UnpayableReason, sentence: string) => unpayable(requirements, null, reason, sentence);
  const unsupported = (part: 'scheme' | 'method' | 'flow', said: Json) =>
    no(part, `The payment ${part} “${shown(said)}” is not supported.`);
  const { scheme, extra, amount, payTo } = requirements;
  if (scheme !== 'exact') return unsupported('scheme', scheme);
  const { assetTransferMethod: method = 'eip3009', paymentFlow: flow = 'authorization' } = extra;
  if (method !== 'eip3009' && method !== 'permit2') return unsupported('method', method);
  if (flow !== 'authorization' && flow !== 'upfront') return unsupported('flow', flow);
  const network = knownNetwork(requirements.network, networks);
  if (network === null) return no('network', `The network “${requirements.network}” is not known here.`);
  const asset = knownAsset(network, requirements.asset);
  if (asset === null)
    return no('asset', `The token ${requirements.asset} on ${network.name} is not known here.`);
  if (!canMove(asset, method))
    return no('method', `${asset.symbol} on ${network.name} is not paid that way.`);
  const mismatch = domainMismatch(requirements, asset);
  if (mismatch !== null) return no('domain', mismatch);
  if (amount === 0n) return no('amount', 'The price is zero.');
  if (!isAddress(payTo) || /^0x0+$/.test(payTo))
    return no('payee', `The payee “${payTo}” is not an address.`);
  if (encodeBase64(JSON.stringify(requirements.sent)).length > MAX_ECHO)
    return no('too-long', 'The terms are too long.');
  const microUsd = toMicroUsd(amount, asset.decimals);
  return { quote: { requirements, network, asset, payTo, microUsd, upfront: flow === 'upfront', method } };
}

/** An offer that is not taken. */
export function unpayable(
  requirements: PaymentRequirements | null,
  quote: Quote | null,
  reason: UnpayableReason,
  sentence: string,
): Unpayable {
  return { requirements, quote, reason, sentence };
}

/** Permit2 moves any token; a token without ERC-3009 can't be moved by it, and nothing is fallen back to. */
function canMove(asset: KnownAsset, method: TransferMethod): boolean {
  return method === 'permit2' || asset.method === 'eip3009';
}

/** A server that names another domain than the token has would get a signature that the token rejects, or worse. */
function domainMismatch({ extra }: PaymentRequirements, { domain, symbol }: KnownAsset): string | null {
  for (const field of ['name', 'version'] as const) {
    const said = extra[field];
    if (said !== undefined && said !== domain[field])
      return `The site calls the ${field} of ${symbol} “${shown(said)}”; it is “${domain[field]}”.`;
  }
  return null;
}

/** A server's own words in a sentence. `String` would throw on an object with a `toString` that is no function. */
function shown(said: Json): string {
  return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, 80);
}
