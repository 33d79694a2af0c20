import { createComponent, type EventName } from '@lit/react';
import * as React from 'react';
import { X402PaywallElement } from './define.ts';
import type {
  X402ContentEvent,
  X402ErrorEvent,
  X402PaidEvent,
  X402PayEvent,
  X402QuoteEvent,
  X402StateEvent,
} from './events.ts';

const events = {
  onState: 'x402-state' as EventName<X402StateEvent>,
  onQuote: 'x402-quote' as EventName<X402QuoteEvent>,
  onPay: 'x402-pay' as EventName<X402PayEvent>,
  onPaid: 'x402-paid' as EventName<X402PaidEvent>,
  onContent: 'x402-content' as EventName<X402ContentEvent>,
  onError: 'x402-error' as EventName<X402ErrorEvent>,
};

/** `<x402-paywall>` as a React component, for React 18 and 19. This module registers the tag. */
export const X402Paywall = createComponent({
  tagName: 'x402-paywall',
  elementClass: X402PaywallElement,
  react: React,
  events,
});

type PaywallProps = React.DetailedHTMLProps<React.HTMLAttributes<X402PaywallElement>, X402PaywallElement> & {
  readonly src?: string;
  readonly 'max-amount'?: string;
  readonly 'pay-to'?: string;
  readonly auto?: boolean;
  readonly trusted?: boolean;
  readonly label?: string;
  readonly 'help-href'?: string;
};

declare module 'react' {
  namespace JSX {
    interface IntrinsicElements {
      'x402-paywall': PaywallProps;
    }
  }
}
