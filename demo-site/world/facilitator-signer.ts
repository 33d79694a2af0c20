import { toFacilitatorEvmSigner } from '@x402/evm';
import type {
  ReadContractParameters,
  SendTransactionParameters,
  VerifyTypedDataParameters,
  WriteContractParameters,
} from 'viem';
import { type ChainClient, receiptOf } from './chain-client.ts';
import { accounts } from './constants.ts';

/**
 * What the facilitator does on the chain, with its own funded account.
 *
 * The facilitator's parameters are looser than viem's (`abi: unknown[]`), hence the assertions.
 */
export function facilitatorSigner(client: ChainClient) {
  const account = accounts.facilitator;
  const { inTurn } = client;
  return toFacilitatorEvmSigner({
    address: account,
    getCode: (args) => client.getCode(args),
    readContract: (args) => client.readContract(args as ReadContractParameters),
    verifyTypedData: (args) => client.verifyTypedData(args as VerifyTypedDataParameters),
    writeContract: (args) =>
      inTurn(() =>
        client.writeContract({
          account,
          ...args,
        } as unknown as WriteContractParameters),
      ),
    sendTransaction: (args) =>
      inTurn(() =>
        client.sendTransaction({
          account,
          ...args,
        } as unknown as SendTransactionParameters),
      ),
    waitForTransactionReceipt: ({ hash }) => receiptOf(client, hash),
  });
}
