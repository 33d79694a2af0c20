export {
  X402ContentEvent,
  type X402ErrorCode,
  X402ErrorEvent,
  X402PaidEvent,
  X402PayEvent,
  X402QuoteEvent,
  X402StateEvent,
} from './events.ts';
export { type GatedPage, gatedPageJsonLd } from './json-ld.ts';
export type { Face, Locale, More } from './locales/words.ts';
export type { ContentKind } from './paywall/content-type.ts';
export type { PaywallState } from './paywall/model.ts';
export { X402PaywallElement } from './paywall/x402-paywall.ts';
export type { Announced, AnnouncedInfo } from './wallet/announcements.ts';
export type { Eip1193Provider } from './wallet/eip1193.ts';
export { PAYER_EVENTS, type Payer, type PayerProvider } from './wallet/extension.ts';
