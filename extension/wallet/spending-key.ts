import { asAddress, asHex, type Hex, type WalletPort } from 'tuppence/core';
import { hashMessage, hashTypedData } from 'viem/utils';
import { signHash } from './curve.ts';
import { LockedError, privateKey, vaultAddress, vaultStatus } from './vault.ts';

/** The device's own key as a wallet: signs without a prompt while it is unlocked. */
export const spendingKey: WalletPort = {
  status: vaultStatus,

  async address() {
    const address = await vaultAddress();
    if (address === null) throw new LockedError();
    return address;
  },

  async sign({ domain, types, primaryType, message }) {
    const hash = hashTypedData({
      domain: { ...domain, chainId: BigInt(domain.chainId) },
      types,
      primaryType,
      message: {
        from: asAddress(message.from, 'from'),
        to: asAddress(message.to, 'to'),
        value: BigInt(message.value),
        validAfter: BigInt(message.validAfter),
        validBefore: BigInt(message.validBefore),
        nonce: asHex(message.nonce, 'nonce', 32),
      },
    });
    return signHash(hash, await privateKey());
  },
};

/** Signs a text as `personal_sign` does. Only ever given a sign-in that the core has built from checked fields. */
export async function signText(message: string): Promise<Hex> {
  return signHash(hashMessage(message), await privateKey());
}
