import { X402PaywallElement } from './paywall/x402-paywall.ts';

declare global {
  interface HTMLElementTagNameMap {
    'x402-paywall': X402PaywallElement;
  }
}

// The first copy wins, so that loading the element twice, or two versions of it, is harmless.
if (globalThis.customElements !== undefined && customElements.get('x402-paywall') === undefined)
  customElements.define('x402-paywall', X402PaywallElement);

export { X402PaywallElement };
