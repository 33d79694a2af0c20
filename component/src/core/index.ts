export { ALL_NETWORKS } from './all-networks.ts';
export {
  formatDecimal,
  formatUsd,
  isAtomic,
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
  DEAD_ALONE,
  hasRunway,
  MAX_VALIDITY_SECONDS,
  newAuthorization,
  type TypedData,
  typedData,
  ValidityTooShortError,
} from './authorization.ts';
export { decodeBase64, encodeBase64, InvalidBase64Error, MAX_BASE64_LENGTH } from './base64.ts';
export {
  type Ceilings,
  type Figures,
  type History,
  type Payee,
  ruleFor,
  type Spent,
  thresholdFor,
} from './budget.ts';
export { conclude, resolve } from './conclude.ts';
export { sentenceOf, TuppenceError } from './errors.ts';
export { explorerLink, publicExplorer } from './explorers.ts';
export {
  asArray,
  asBoolean,
  asInteger,
  asObject,
  asOneOf,
  asString,
  asTextOrNull,
} from './fields.ts';
export { type PaymentRequest, type PayResult, pay } from './flow.ts';
export {
  type Address,
  asAddress,
  asHex,
  type Hex,
  isAddress,
  randomHex,
  sameAddress,
} from './hex.ts';
export {
  assertTransition,
  hasTermsOf,
  IllegalTransitionError,
  type Intent,
  type IntentState,
  isSameTerms,
  isUndecided,
  NotSentError,
  PausedError,
  type Purchase,
  type Terms,
  termsOf,
} from './intent.ts';
export {
  type Json,
  type JsonObject,
  MAX_JSON_LENGTH,
  MalformedError,
  parseJson,
  toJson,
} from './json.ts';
export { formatPrice, formatToken, parseMoney } from './money.ts';
export {
  type KnownAsset,
  type KnownNetwork,
  knownAsset,
  knownNetwork,
  NETWORKS,
  networkIdOf,
  type TransferMethod,
} from './network.ts';
export { judgeOffers } from './offers.ts';
export { nothingPayableInWords, offersOf } from './offers-in-words.ts';
export {
  MAX_HEADER_LENGTH,
  newPaymentId,
  type PayloadOf,
  type PaymentHeader,
  paymentHeader,
  type SignedPayment,
} from './payment-header.ts';
export {
  type PaymentRequired,
  parsePaymentRequiredBody,
  parsePaymentRequiredHeader,
  parsePaymentRequiredPage,
  type UnreadableRequirements,
  UnreadableTermsError,
} from './payment-required.ts';
export type { PaymentRequirements } from './payment-requirements.ts';
export {
  PERMIT2,
  PERMIT2_SPENDER,
  type Permit2Message,
  type Permit2TypedData,
  permit2Message,
  permit2Payload,
  permit2TypedData,
} from './permit2.ts';
export {
  type AllowedOrigin,
  type AllowReason,
  type AskReason,
  type AskVerdict,
  askFor,
  type Circumstances,
  type Context,
  type DenyReason,
  decide,
  type Evidence,
  figuresOf,
  otherOrigins,
  type Policy,
  type SiteRule,
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
export { publicRpc } from './public-rpc.ts';
export {
  type Judged,
  NothingPayableError,
  type Offers,
  type Quote,
  type QuoteOptions,
  quote,
  type Refused,
  type Unpayable,
  type UnpayableReason,
} from './quote.ts';
export { AlreadyKnownError, asReaderToken, type ReaderToken, withReaderTokens } from './reader-tokens.ts';
export { explainReason, type NextStep, type Reason, type ReasonFamily } from './reasons.ts';
export { RUNWAY_SECONDS } from './runway.ts';
export { NoPermitError, SignedTooLateError } from './send.ts';
export {
  type Outcome,
  outcomeOf,
  type PaidAnswer,
  parseSettleResponse,
  SETTLEMENT_HEADERS,
  type SettleResponse,
} from './settlement.ts';
export {
  type ChallengeFault,
  ForeignChallengeError,
  type SignInChallenge,
  type SignInHeader,
  signInChallenge,
  signInHeader,
  signInMessage,
  UnsafeChallengeError,
} from './sign-in.ts';
export {
  asSignedDocument,
  isOfferFor,
  type SignedDocument,
  signedOffersOf,
  signedReceiptOf,
} from './signed-offers.ts';
export {
  SOLANA_DECIMALS,
  SOLANA_NETWORKS,
  type SolanaNetwork,
  solanaNetwork,
  solanaSymbol,
} from './solana.ts';
export { type FoundTerms, termsOfAnswer, type UnpaidAnswer } from './terms.ts';
