import type { Face } from './words.ts';

export const face: Face = {
  locale: 'en',
  checking: 'Looking up the price…',
  readOn: 'Read on',
  readOnFor: (price) => `Read on for ${price}`,
  lead: 'for the rest of this page',
  leadHidden: 'The rest of this page is paid for',
  once: 'Paid once, without an account.',
  upfront: 'Charged before the page is made.',
  amountOn: (amount, network) => `${amount} on ${network}`,
  testNetwork: (name) => `${name} (test network)`,
  payee: (payee) => `to ${payee}.`,
  waiting: 'Waiting…',
  paying: 'Paying…',
  confirm: (payer, price) =>
    price ? `Confirm the payment of ${price} in ${payer}.` : `Waiting for ${payer}…`,
  sent: 'The payment has been sent. Waiting for the page…',
  paid: (price) => (price ? `Paid ${price}` : 'Paid'),
  paidNow: 'Paid. The rest follows below.',
  openNow: 'Nothing more to pay. The rest follows below.',
  receipt: 'Receipt',
  tryAgain: 'Try again',
  offline: 'You are offline. This goes on by itself when you are back. Nothing was paid.',
  notLoaded: 'A part of this paywall could not be loaded. Nothing was paid.',
};
