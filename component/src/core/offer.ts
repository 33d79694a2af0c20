import type { Address } from './hex.ts';
import type { KnownAsset, KnownNetwork, TransferMethod } from './network.ts';
import type { PaymentRequirements } from './payment-requirements.ts';

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
  /** What is signed: an ERC-3009 authorization, or a Permit2 transfer. */
  readonly method: TransferMethod;
};

/** What is known of the reader's wallet. Whatever is left out is unknown, and unknown is not zero. */
export type QuoteOptions = {
  /** The registry: `NETWORKS`, or that with the reader's own tokens. */
  readonly networks?: readonly KnownNetwork[];
  /** CAIP-2 ids of the networks that the reader pays on; every known one when left out. */
  readonly allowed?: readonly string[];
  /** Balance of the quoted token in atomic units, or null when it is not known. */
  readonly balanceOf?: (quote: Quote) => bigint | null;
  /**
   * Whether too little is known to be there, for callers that tell the reader so: such an offer comes last. One that
   * `balanceOf` has too little for is not an offer at all.
   */
  readonly isShort?: (quote: Quote) => boolean;
  /** What the token lets Permit2 move for the reader, in atomic units. Without it Permit2 offers are not payable. */
  readonly allowanceOf?: (quote: Quote) => bigint | null;
  /**
   * Whether an address that is written in mixed case has the right checksum (EIP-55), for callers that can hash;
   * without it mistyped payees are not found.
   */
  readonly hasGoodChecksum?: (address: Address) => boolean;
};

/**
 * Why an offer is not taken.
 *
 * `unreadable`, `payee` (no address, or a mistyped one), `time` (less than a settlement takes), `too-long`: its terms are not ones.
 * `scheme`, `method`, `flow`: it wants to be paid in a way that is not supported. `network`, `asset`: not in the
 * registry. `domain`: it contradicts the registry.
 * `network-not-allowed`, `balance`, `allowance`: the reader's wallet stands against it. `other-money`: it is test money
 * among real money, or the other way round.
 */
export type UnpayableReason =
  | 'unreadable'
  | 'scheme'
  | 'method'
  | 'flow'
  | 'network'
  | 'asset'
  | 'domain'
  | 'time'
  | 'payee'
  | 'too-long'
  | 'network-not-allowed'
  | 'allowance'
  | 'balance'
  | 'other-money';

/** An offer that is not taken, with the reason as a code. */
export type Refused = {
  /** Null when it could not even be read. */
  readonly requirements: PaymentRequirements | null;
  /** Its price, when that could be told. */
  readonly quote: Quote | null;
  readonly reason: UnpayableReason;
};

/** The same with a sentence for a person. */
export type Unpayable = Refused & { readonly sentence: string };

/** Everything that a 402 offers: the offer to take, those that could be taken too, and the rest. */
export type Judged = {
  readonly best: Quote | null;
  /** In the order in which they would be taken. */
  readonly others: readonly Quote[];
  readonly refused: readonly Refused[];
};

/** {@link Judged}, with sentences. */
export type Offers = Omit<Judged, 'refused'> & { readonly unpayable: readonly Unpayable[] };
