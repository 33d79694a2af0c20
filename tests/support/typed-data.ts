import { type Hex, hashDomain, hashStruct, hashTypedData } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Permit2TypedData, TypedData } from '../../component/src/core/index.ts';
import { PAYER } from './terms.ts';

type Field = { name: string; type: string };
type WalletJson = {
  readonly domain: Record<string, unknown>;
  readonly types: Record<string, Field[]>;
  readonly primaryType: string;
  readonly message: Record<string, unknown>;
};

/** The typed data as a wallet gets it: through JSON. viem is the judge of what it comes to. */
export function asWalletSees(data: TypedData | Permit2TypedData): WalletJson {
  return JSON.parse(JSON.stringify(data)) as WalletJson; // Holds: the form of EIP-712's JSON.
}

/** The 32 bytes that a wallet signs. */
export function digestOf(data: TypedData | Permit2TypedData): Hex {
  return hashTypedData(asWalletSees(data));
}

export function domainSeparatorOf(data: TypedData): Hex {
  const { domain, types } = asWalletSees(data);
  return hashDomain({ domain, types });
}

export function structHashOf(data: TypedData): Hex {
  const { message, types, primaryType } = asWalletSees(data);
  return hashStruct({ data: message, primaryType, types });
}

/** Signs as a local wallet does, with anvil's first account unless told otherwise. */
export function signTypedData(
  data: TypedData | Permit2TypedData,
  privateKey: Hex = PAYER.privateKey,
): Promise<Hex> {
  return privateKeyToAccount(privateKey).signTypedData(asWalletSees(data));
}
