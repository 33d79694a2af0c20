export {
  type X402ErrorCode,
  X402ErrorEvent,
  X402PaidEvent,
  X402PayEvent,
  X402QuoteEvent,
} from './events.ts';
export type { PaywallState } from './paywall/model.ts';
export { X402PaywallElement } from './paywall/x402-paywall.ts';
export type { Announced, AnnouncedInfo } from './wallet/announcements.ts';
export { PAYER_EVENTS, type Payer, type PayerProvider } from './wallet/extension.ts';
