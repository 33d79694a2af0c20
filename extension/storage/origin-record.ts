import { asArray, asObject, asString, type Payee, parseAtomic, sameAddress } from 'tuppence/core';

/** What is remembered of an origin that was paid. */
export type OriginRecord = {
  readonly origin: string;
  /** Everybody that was paid for it, first one first. */
  readonly payees: readonly Payee[];
  /** The highest price that it was paid, millionths of a US dollar as a decimal string; null before the first. */
  readonly highest: string | null;
};

/** Newest payees that are remembered: a site that pays its authors has many, and one that makes them up has more. */
const MAX_PAYEES = 100;

/** @throws {MalformedError} @throws {NotAnAmountError} */
export function asOrigin(value: unknown): OriginRecord {
  const record = asObject(value, 'origin');
  const highest = record['highest'] ?? null;
  return {
    origin: asString(record['origin'], 'origin.origin', 65_536),
    payees: asArray(record['payees'] ?? [], 'origin.payees', MAX_PAYEES).map(asPayee),
    highest: highest === null ? null : parseAtomic(highest).toString(),
  };
}

export function addPayee(record: OriginRecord, { network, asset, payTo }: Payee): OriginRecord {
  const isKnown = record.payees.some(
    (one) => one.network === network && sameAddress(one.asset, asset) && sameAddress(one.payTo, payTo),
  );
  if (isKnown) return record;
  return { ...record, payees: [...record.payees, { network, asset, payTo }].slice(-MAX_PAYEES) };
}

export function raiseHighest(record: OriginRecord, microUsd: bigint): OriginRecord {
  const isHigher = record.highest === null || microUsd > BigInt(record.highest);
  return isHigher ? { ...record, highest: microUsd.toString() } : record;
}

function asPayee(value: unknown): Payee {
  const payee = asObject(value, 'payee');
  return {
    network: asString(payee['network'], 'payee.network'),
    asset: asString(payee['asset'], 'payee.asset'),
    payTo: asString(payee['payTo'], 'payee.payTo'),
  };
}
