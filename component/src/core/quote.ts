import { toMicroUsd } from './amount.ts';
import { TuppenceError } from './errors.ts';
import { type Address, asAddress } from './hex.ts';
import { type KnownAsset, type KnownNetwork, knownAsset, knownNetwork } from './network.ts';
import type { PaymentRequired, PaymentRequirements } from './payment-required.ts';

/** One requirement that can be signed, with all that is known about it from the pinned tables. */
export type Quote = {
  /** The very object that policy judges, the reader sees and the wallet signs for. */
  readonly requirements: PaymentRequirements;
  readonly network: KnownNetwork;
  readonly asset: KnownAsset;
  readonly payTo: Address;
  /** The price in millionths of a US dollar, rounded up. */
  readonly microUsd: bigint;
  /** True when the server charges before it produces the content, and keeps the money if that fails. */
  readonly upfront: boolean;
};

/**
 * The offer to take: payable ones only, money that is kept if the page fails last, then the cheapest.
 *
 * Test money and real money are never compared: the first payable offer decides which of the two is meant.
 * @throws {NothingPayableError} with a reason for every offer.
 */
export function quote(required: PaymentRequired): Quote {
  const quotes: Quote[] = [];
  const reasons: string[] = required.unreadable.map(({ reason }) => reason);
  for (const requirements of required.accepts) {
    const judged = judge(requirements);
    if (typeof judged === 'string') reasons.push(judged);
    else quotes.push(judged);
  }
  const [first] = quotes;
  if (first === undefined) throw new NothingPayableError(reasons);
  const comparable = quotes.filter(({ network }) => network.testnet === first.network.testnet);
  return comparable.reduce((best, next) => (isBetter(next, best) ? next : best));
}

function isBetter(one: Quote, other: Quote): boolean {
  return one.upfront === other.upfront ? one.microUsd < other.microUsd : other.upfront;
}

/** The offer as a quote, or the sentence that says why it can't be paid. */
function judge(requirements: PaymentRequirements): Quote | string {
  if (requirements.scheme !== 'exact') return `The payment scheme “${requirements.scheme}” is not supported.`;
  const { assetTransferMethod: method, paymentFlow: flow } = requirements.extra;
  if (method !== undefined && method !== 'eip3009')
    return `The transfer method “${String(method)}” is not supported.`;
  if (flow !== undefined && flow !== 'authorization' && flow !== 'upfront')
    return `The payment flow “${String(flow)}” is not supported.`;
  const network = knownNetwork(requirements.network);
  if (network === null) return `The network “${requirements.network}” is not one that is known here.`;
  const asset = knownAsset(network, requirements.asset);
  if (asset === null)
    return `The token ${requirements.asset} on ${network.name} is not one that is known here.`;
  const mismatch = domainMismatch(requirements, asset);
  if (mismatch !== null) return mismatch;
  if (requirements.amount === 0n) return 'The price is zero.';
  const payTo = addressOrNull(requirements.payTo);
  if (payTo === null) return `The payee “${requirements.payTo}” is not an address on ${network.name}.`;
  const microUsd = toMicroUsd(requirements.amount, asset.decimals);
  return {
    requirements,
    network,
    asset,
    payTo,
    microUsd,
    upfront: flow === 'upfront',
  };
}

/** A server that names another domain than the token has would get a signature that the token rejects, or worse. */
function domainMismatch({ extra }: PaymentRequirements, { domain, symbol }: KnownAsset): string | null {
  for (const field of ['name', 'version'] as const) {
    const said = extra[field];
    if (said !== undefined && said !== domain[field])
      return `The server calls ${symbol}'s signing ${field} “${String(said)}”; it is “${domain[field]}”.`;
  }
  return null;
}

function addressOrNull(text: string): Address | null {
  try {
    return asAddress(text, 'payTo');
  } catch {
    return null;
  }
}

/** None of the offers can be paid here. `reasons` has a sentence for each. */
export class NothingPayableError extends TuppenceError {
  override readonly name = 'Quote.NothingPayableError';
  readonly reasons: readonly string[];
  constructor(reasons: readonly string[]) {
    super(reasons.length === 0 ? 'The site offers no way to pay.' : [...new Set(reasons)].join(' '));
    this.reasons = reasons;
  }
}
