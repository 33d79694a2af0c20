import { formatDecimal } from './amount.ts';
import { isAddress, sameAddress } from './hex.ts';
import type { Json } from './json.ts';
import { wrongDomainField } from './judge.ts';
import { type KnownNetwork, knownAsset, knownNetwork, NETWORKS } from './network.ts';
import type { Offers, Quote, QuoteOptions, Refused, UnpayableReason } from './offer.ts';
import { judgeOffers } from './offers.ts';
import type { PaymentRequired } from './payment-required.ts';
import type { PaymentRequirements } from './payment-requirements.ts';
import { RUNWAY_SECONDS } from './runway.ts';

/**
 * Circle's euro token, by network, so that an offer of it can be named
 * (https://developers.circle.com/stablecoins/eurc-contract-addresses). It is worth no dollar, and never paid.
 */
const EURC: { readonly [chainId: number]: string } = {
  1: '0x1aBaEA1f7C830bD89Acc67eC4af516284b1bC33c',
  8453: '0x60a3E35Cc302bFA44Cb288Bc5a4F316Fdb1adb42',
  43114: '0xC891EB4cbdEFf6e073e859e987815Ed1505c2ACD',
  43113: '0x5E44db7996c682E92a960b65AC713a54AD815c6B',
  84532: '0x808456652fdb597867f38412077A9182bf77359F',
  11155111: '0x08210F9170F89Ab7658F0B5E3fF39b0E03C594D4',
};
const EURC_DECIMALS = 6;

/**
 * What `judgeOffers` comes to, with a sentence for each offer that is not taken. A module of its own: a page that only
 * pays does not carry the sentences.
 */
export function offersOf(required: PaymentRequired, options: QuoteOptions = {}): Offers {
  const { best, others, refused } = judgeOffers(required, options);
  const unpayable = refused.map((one, index) => ({
    ...one,
    // What can't be read comes first, in its order.
    sentence: required.unreadable[index]?.reason ?? refusalInWords(one, options.networks ?? NETWORKS),
  }));
  return { best, others, unpayable };
}

/** Why nothing of a 402 can be paid, in a sentence for each reason; empty when something can. */
export function nothingPayableInWords(required: PaymentRequired, options: QuoteOptions = {}): string {
  const { best, unpayable } = offersOf(required, options);
  if (best !== null) return '';
  return unpayable.length === 0
    ? noOfferInWords(required)
    : [...new Set(unpayable.map(({ sentence }) => sentence))].join(' ');
}

/** A route that only wants a sign-in has nothing to pay. */
function noOfferInWords({ extensions }: PaymentRequired): string {
  return extensions?.['sign-in-with-x'] === undefined
    ? 'The site offers no way to pay.'
    : 'The site wants you to sign in, not to pay. Once you have paid there, that is done by itself.';
}

function refusalInWords({ requirements, quote, reason }: Refused, networks: readonly KnownNetwork[]): string {
  if (quote !== null) return walletInWords(quote, reason);
  // Holds: only an offer that could not be read is without requirements, and it has a sentence of its own.
  return termsInWords(requirements as PaymentRequirements, reason, networks);
}

/** Why an offer is not taken that could be paid in another wallet, or another company. */
function walletInWords({ asset, network }: Quote, reason: UnpayableReason): string {
  const token = `${asset.symbol} on ${network.name}`;
  switch (reason) {
    case 'network-not-allowed':
      return `You don't pay on ${network.name}.`;
    case 'allowance':
      return `${token} needs a Permit2 allowance first.`;
    case 'balance':
      return `You don't have enough ${token}.`;
    default:
      return 'Test money and real money are never mixed.';
  }
}

/** Why nobody could pay this offer here. */
function termsInWords(
  requirements: PaymentRequirements,
  reason: UnpayableReason,
  networks: readonly KnownNetwork[],
): string {
  const { scheme, network, payTo, maxTimeoutSeconds, extra } = requirements;
  switch (reason) {
    case 'scheme':
      return `The payment scheme “${scheme}” is not supported.`;
    case 'flow':
      return `The payment flow “${shown(extra['paymentFlow'] ?? null)}” is not supported.`;
    case 'network':
      return `The network “${/^solana\b/i.test(network) ? 'Solana' : network}” is not known here.`;
    case 'time':
      return `The site allows ${maxTimeoutSeconds} s for the payment; ${RUNWAY_SECONDS} s is the least that is safe.`;
    case 'payee':
      return isAddress(payTo) && !/^0x0+$/.test(payTo)
        ? `The payee’s address ${payTo} is mistyped: its capital letters don’t fit.`
        : `The payee “${payTo}” is not an address.`;
    case 'too-long':
      return 'The terms are too long.';
    default:
      return tokenInWords(requirements, networks);
  }
}

/** The same for what depends on the token: how it is moved, its domain, and whether it is known at all. */
function tokenInWords(requirements: PaymentRequirements, networks: readonly KnownNetwork[]): string {
  const { network: id, asset: address, amount, extra } = requirements;
  const { assetTransferMethod: method } = extra;
  const network = knownNetwork(id, networks);
  if (network === null || (method !== undefined && method !== 'eip3009' && method !== 'permit2'))
    // Holds: on a network that is not known, only a method that is named comes to this.
    return `The payment method “${shown(method as Json)}” is not supported.`;
  const asset = knownAsset(network, address);
  if (asset === null)
    return sameAddress(EURC[network.chainId] ?? '', address)
      ? `It costs ${formatDecimal(amount, EURC_DECIMALS)} EURC on ${network.name}: euros. Only dollars are paid here.`
      : `The token ${address} on ${network.name} is not known here.`;
  const field = wrongDomainField(requirements, asset);
  // Holds below: a field that is left out is not wrong.
  return field === null
    ? `${asset.symbol} on ${network.name} is not paid that way.`
    : `The site calls the ${field} of ${asset.symbol} “${shown(extra[field] as Json)}”; it is “${asset.domain[field]}”.`;
}

/** A server's own words in a sentence. `String` would throw on an object with a `toString` that is no function. */
function shown(said: Json): string {
  return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, 80);
}
