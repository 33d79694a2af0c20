export {
  formatDecimal,
  formatUsd,
  NotADecimalError,
  NotAnAmountError,
  parseAtomic,
  parseDecimal,
  TooManyDecimalsError,
  toMicroUsd,
  USD_DECIMALS,
} from './amount.ts';
export {
  type Authorization,
  type AuthorizationMessage,
  authorizationMessage,
  hasRunway,
  MAX_VALIDITY_SECONDS,
  newAuthorization,
  RUNWAY_SECONDS,
  type TypedData,
  typedData,
  ValidityTooShortError,
} from './authorization.ts';
export { decodeBase64, encodeBase64, InvalidBase64Error } from './base64.ts';
export { sentenceOf, TuppenceError } from './errors.ts';
export {
  conclude,
  type PaymentRequest,
  type PayResult,
  pay,
  resolve,
} from './flow.ts';
export {
  type Address,
  asAddress,
  asHex,
  type Hex,
  randomHex,
  sameAddress,
} from './hex.ts';
export {
  assertTransition,
  hasTermsOf,
  IllegalTransitionError,
  type Intent,
  type IntentState,
  isUndecided,
  type Purchase,
  type Terms,
  termsOf,
} from './intent.ts';
export {
  asArray,
  asBoolean,
  asInteger,
  asObject,
  asOneOf,
  asString,
  asTextOrNull,
  type Json,
  type JsonObject,
  MalformedError,
  parseJson,
  toJson,
} from './json.ts';
export {
  explorerLink,
  type KnownAsset,
  type KnownNetwork,
  knownAsset,
  knownNetwork,
  NETWORKS,
  networkIdOfV1,
} from './network.ts';
export {
  newPaymentId,
  type PaymentHeader,
  paymentHeader,
  type SignedPayment,
} from './payment-header.ts';
export {
  type PaymentRequired,
  type PaymentRequirements,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  UnreadableTermsError,
} from './payment-required.ts';
export {
  type AllowReason,
  type AskReason,
  type Context,
  type DenyReason,
  decide,
  type Evidence,
  type Policy,
  type Verdict,
} from './policy.ts';
export type {
  AuthorizationFate,
  ChainPort,
  ConsentPort,
  IntentChange,
  IntentDraft,
  LedgerPort,
  Ports,
  Question,
  RetryPort,
  WalletPort,
} from './ports.ts';
export { NothingPayableError, type Quote, quote } from './quote.ts';
export {
  type Outcome,
  outcomeOf,
  type PaidAnswer,
  parseSettleResponse,
  SETTLEMENT_HEADERS,
  type SettleResponse,
} from './settlement.ts';
