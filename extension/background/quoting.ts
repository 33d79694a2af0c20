import { ALL_NETWORKS, type QuoteOptions } from 'tuppence/core';
import { isAddress } from 'viem/utils';

/** Everything that is known may be paid with here; a page carries less. */
export const QUOTING: QuoteOptions = { networks: ALL_NETWORKS, hasGoodChecksum };

/** Whether an address in mixed case is written as EIP-55 has it. One in a single case has no checksum. */
function hasGoodChecksum(address: string): boolean {
  const digits = address.slice(2);
  return digits === digits.toUpperCase() || isAddress(address);
}
