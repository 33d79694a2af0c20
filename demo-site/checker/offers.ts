import {
  ALL_NETWORKS,
  formatDecimal,
  formatUsd,
  offersOf,
  type PaymentRequired,
  type Quote,
} from 'tuppence/core';
import { isAddress } from 'viem';
import { bad, type Finding, good } from './finding.ts';

/** The most that the element pays unless a page sets `max-amount`, in millionths of a dollar. */
const DEFAULT_MAX = 10_000_000n;

/** One way to pay, in words, and whether anybody can. */
export type Offer = {
  readonly price: string;
  /** Exact, with its token: `0.02 USDC`. */
  readonly amount: string;
  readonly network: string;
  readonly payTo: string;
};

/** Every offer that can be paid, judged by the same code that the extension and the element have. */
export function judgeOffers(terms: PaymentRequired): {
  readonly quotes: readonly Quote[];
  readonly findings: readonly Finding[];
} {
  const { best, others, unpayable } = offersOf(terms, { networks: ALL_NETWORKS });
  const payable = best === null ? [] : [best, ...others];
  const wrong = payable.filter(({ payTo }) => !isChecksummed(payTo));
  const quotes = payable.filter((quote) => !wrong.includes(quote));
  return {
    quotes,
    findings: [
      ...quotes.map((quote) => good(`${formatUsd(quote.microUsd)} can be paid on ${quote.network.name}.`)),
      ...quotes
        .filter(({ microUsd }) => microUsd > DEFAULT_MAX)
        .map(() => bad('The element pays at most $10 unless the page says more: set max-amount on the tag.')),
      ...wrong.map(({ payTo }) =>
        bad(
          `The payee ${payTo} is mistyped: its capitals don’t fit the rest. Copy it again from your wallet.`,
        ),
      ),
      ...unpayable.map(({ sentence }) => bad(sentence)),
      ...(quotes.length === 0 ? [bad('Nobody can pay this: no offer is left.')] : []),
    ],
  };
}

export function offerInWords({ microUsd, requirements, asset, network, payTo }: Quote): Offer {
  return {
    price: formatUsd(microUsd),
    amount: `${formatDecimal(requirements.amount, asset.decimals)} ${asset.symbol} (${requirements.asset})`,
    network: `${network.name} (${network.id})${network.testnet ? ', test money' : ''}`,
    payTo,
  };
}

/** EIP-55: an address with letters of both cases says by them whether it was copied right. */
function isChecksummed(address: string): boolean {
  const digits = address.slice(2);
  return digits === digits.toLowerCase() || digits === digits.toUpperCase() || isAddress(address);
}
