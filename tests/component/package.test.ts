import { expect, expectTypeOf, test } from 'vitest';
import type {
  X402ContentEvent,
  X402ErrorEvent,
  X402PaidEvent,
  X402PayEvent,
  X402QuoteEvent,
  X402StateEvent,
} from '../../component/src/index.ts';

test('importing the package on a server throws nothing, and registers nothing', async () => {
  const names = Object.keys(await import('../../component/src/index.ts')).sort();
  expect(names).toEqual([
    'PAYER_EVENTS',
    'X402ContentEvent',
    'X402ErrorEvent',
    'X402PaidEvent',
    'X402PayEvent',
    'X402PaywallElement',
    'X402QuoteEvent',
    'X402StateEvent',
    'gatedPageJsonLd',
  ]);
  // Lit puts a registry of its own there on servers.
  expect(globalThis.customElements?.get('x402-paywall')).toBeUndefined();
});

test('the core and its verification of signed receipts can be imported by themselves', async () => {
  const core = await import('tuppence/core');
  const { verifyReceipt } = await import('tuppence/core/offer-receipt');
  const receipt = core.signedReceiptOf({
    'offer-receipt': { info: { receipt: { format: 'eip712', payload: {}, signature: '0x00' } } },
  });
  if (receipt === null) throw new Error('There is a receipt.');
  const facts = { network: 'eip155:8453', payer: '0x', payTo: '0x', url: 'https://example.com/' };
  expect(await verifyReceipt(receipt, facts)).toEqual({ state: 'invalid' });
});

test('the events say what the reader is about to pay, and only the first of them can be stopped', async () => {
  const { X402ErrorEvent, X402PaidEvent, X402PayEvent } = await import('../../component/src/index.ts');
  const pay = new X402PayEvent(null, 'wallet');
  expect([pay.cancelable, pay.bubbles, pay.composed]).toEqual([true, true, true]);
  expect(new X402PaidEvent('0xab', null)).toMatchObject({
    type: 'x402-paid',
    transaction: '0xab',
    cancelable: false,
  });
  expect(new X402ErrorEvent('unknown', 'why')).toMatchObject({
    type: 'x402-error',
    code: 'unknown',
    message: 'why',
  });
});

test('the events are typed wherever a page may listen: on the element, the document and the window', () => {
  type Events = {
    'x402-state': X402StateEvent;
    'x402-quote': X402QuoteEvent;
    'x402-pay': X402PayEvent;
    'x402-paid': X402PaidEvent;
    'x402-content': X402ContentEvent;
    'x402-error': X402ErrorEvent;
  };
  // `npm run check` fails when one of these is not so.
  expectTypeOf<Pick<HTMLElementEventMap, keyof Events>>().toEqualTypeOf<Events>();
  expectTypeOf<Pick<DocumentEventMap, keyof Events>>().toEqualTypeOf<Events>();
  expectTypeOf<Pick<WindowEventMap, keyof Events>>().toEqualTypeOf<Events>();
});
