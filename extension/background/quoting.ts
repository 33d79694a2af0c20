import { ALL_NETWORKS, type Quote, type QuoteOptions, sameAddress } from 'tuppence/core';
import { isAddress } from 'viem/utils';
import { spendingKey } from '../wallet/spending-key.ts';
import { FRESH, knownHoldings } from './balances.ts';

/** Everything that is known may be paid with here; a page carries less. */
export const QUOTING: QuoteOptions = { networks: ALL_NETWORKS, hasGoodChecksum };

/**
 * The same, by what the spending key is known to hold: what is enough for its price comes first, what was too little a
 * moment ago last. Nothing is asked for here, and no offer is left out: money may have come since.
 */
export async function quotingByHoldings(): Promise<QuoteOptions> {
  if ((await spendingKey.status()) === 'none') return QUOTING;
  const holdings = await knownHoldings();
  const held = ({ network, asset }: Quote) =>
    holdings.find((one) => one.network === network.id && sameAddress(one.asset, asset.address)) ?? null;
  const now = Date.now();
  return {
    ...QUOTING,
    balanceOf(quote) {
      const atomic = held(quote)?.atomic ?? null;
      return atomic !== null && atomic >= quote.requirements.amount ? atomic : null;
    },
    isShort(quote) {
      const holding = held(quote);
      return holding !== null && holding.atomic < quote.requirements.amount && now - holding.at <= FRESH;
    },
  };
}

/** Whether an address in mixed case is written as EIP-55 has it. One in a single case has no checksum. */
function hasGoodChecksum(address: string): boolean {
  const digits = address.slice(2);
  return digits === digits.toUpperCase() || isAddress(address);
}
