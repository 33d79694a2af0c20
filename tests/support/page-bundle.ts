/** What a page needs of the core to pay with an EIP-1193 wallet: measured by `size.test.ts`. */
export {
  newAuthorization,
  outcomeOf,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  paymentHeader,
  quote,
  typedData,
} from '../../component/src/core/index.ts';
