import { encodePaymentSignatureHeader } from '@x402/core/http';
import type { PaymentPayload, PaymentRequirements } from '@x402/core/types';
import { ExactEvmScheme } from '@x402/evm/exact/client';
import { type Hex, hashTypedData, type TypedDataDefinition } from 'viem';
import { type LocalAccount, privateKeyToAccount } from 'viem/accounts';
import { createPaymentHeader } from 'x402/client';
import type { PaymentRequirements as PaymentRequirementsV1 } from 'x402/types';
import type { Authorization } from '../../component/src/core/index.ts';
import { SIGNATURE } from './signature.ts';
import { decode, PAYER } from './terms.ts';

/** What the official clients come to for some terms. `digest` is what their wallet was given to sign. */
export type OfficialPayment = {
  readonly digest: Hex;
  readonly header: string;
  readonly authorization: Authorization;
};

/** The payment of `@x402/evm` 2.27, in the envelope of `@x402/core`. */
export async function payOfficially(
  requirements: PaymentRequirements,
  envelope: Pick<PaymentPayload, 'resource' | 'extensions'>,
): Promise<OfficialPayment> {
  let digest: Hex = '0x';
  const signTypedData = async (data: object) => {
    digest = hashTypedData(data as TypedDataDefinition); // Holds: it is what viem's own accounts are given.
    return SIGNATURE;
  };
  const scheme = new ExactEvmScheme({ address: PAYER.address, signTypedData });
  const { payload } = await scheme.createPaymentPayload(2, requirements);
  const header = encodePaymentSignatureHeader({
    x402Version: 2,
    ...envelope,
    accepted: requirements,
    payload,
  });
  return { digest, header, authorization: authorizationIn(payload) };
}

/** The payment of `x402` 1.2.0. */
export async function payOfficiallyV1(requirements: PaymentRequirementsV1): Promise<OfficialPayment> {
  let digest: Hex = '0x';
  const account: LocalAccount = {
    ...privateKeyToAccount(PAYER.privateKey),
    async signTypedData(data) {
      digest = hashTypedData(data as TypedDataDefinition); // Holds: as above.
      return SIGNATURE;
    },
  };
  const header = await createPaymentHeader(account, 1, requirements);
  return { digest, header, authorization: authorizationIn(decode(header).payload) };
}

/** The authorization inside an official payload, of either transfer method, as the core has it. */
function authorizationIn(payload: Record<string, unknown>): Authorization {
  const { authorization, permit2Authorization } = JSON.parse(JSON.stringify(payload));
  const said = authorization ?? permit2Authorization;
  const { to, validAfter } = said.witness ?? said;
  return {
    from: said.from,
    to,
    value: BigInt(said.value ?? said.permitted.amount),
    validAfter: BigInt(validAfter),
    validBefore: BigInt(said.validBefore ?? said.deadline),
    nonce:
      said.deadline === undefined ? said.nonce : `0x${BigInt(said.nonce).toString(16).padStart(64, '0')}`,
  };
}
