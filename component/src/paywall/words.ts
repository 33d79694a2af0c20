import { formatDecimal, formatUsd, type Quote } from '../core/index.ts';

/** Everything that the element says to a reader, in English. */
export const words = {
  checking: 'Looking up the price…',
  readOn: 'Read on',
  readOnFor: (quote: Quote) => `Read on for ${formatUsd(quote.microUsd)}`,
  tryAgain: 'Try again',
  loadAgain: 'Load it again',
  sendAgain: 'Send it again',
  lead: 'for the rest of this page',
  leadHidden: 'The rest of this page is paid for',
  once: 'Paid once, without an account.',
  upfront: 'Charged before the page is made.',
  amount: ({ requirements, asset, network }: Quote) =>
    `${formatDecimal(requirements.amount, asset.decimals)} ${asset.symbol} on ${placeOf(network)}`,
  payee: (payTo: string) => `to ${payTo.slice(0, 6)}…${payTo.slice(-4)}`,
  confirm: (name: string, price: string | null) =>
    price === null ? `Waiting for ${name}…` : `Confirm the payment of ${price} in ${name}.`,
  waiting: 'Waiting…',
  paying: 'Paying…',
  sent: 'The payment has been sent. Waiting for the page…',
  paid: (quote: Quote | null) => (quote === null ? 'Paid' : `Paid ${formatUsd(quote.microUsd)}`),
  paidNow: 'Paid. The rest follows below.',
  openNow: 'Nothing more to pay. The rest follows below.',
  receipt: 'Receipt',
  notPaid: 'Not paid. You can try again.',
  stopped: 'This page stopped the payment. Nothing was paid.',
  changed: 'The price has changed since it was shown. Nothing was paid.',

  unsupported: (reason: string) => `The rest of this page can't be paid for here. ${reason}`,
  noSource: 'This paywall has no address to ask for. It needs a src attribute with a web address.',
  unreachable: (host: string) => `${host} could not be reached. Nothing was paid.`,
  badStatus: (host: string, status: number) => `${host} answered with error ${status}. Nothing was paid.`,
  forwarded: (from: string, to: string) =>
    `${from} sends this request on to ${to}. Pages on another site are not paid for here.`,
  noTerms: (host: string) => `${host} asks for a payment, but not in a form that can be read (x402).`,
  hiddenTerms: (host: string) =>
    `The price can't be read here: ${host} must send “Access-Control-Expose-Headers: PAYMENT-REQUIRED” with it.`,

  rejected: (reason: string | null) =>
    `The site did not take the payment. ${explain(reason)} Pressing again sends the same payment, never a second one.`,
  unknown: (reason: string | null) =>
    `The payment left, but nobody has said yet whether it arrived. ${explain(reason)} Pressing again is safe: it sends the same payment, never a second one.`,
  extensionFailed: (name: string) =>
    `${name} did not get an answer. Look there whether the payment went through before you try again.`,
  notDelivered: (status: number) =>
    `It is paid, but the page could not be loaded${status >= 400 ? ` (error ${status})` : ''}. Loading it again costs nothing.`,
  notDeliveredBy: (name: string, status: number) =>
    `It is paid, but the page could not be loaded${status >= 400 ? ` (error ${status})` : ''}. ${name} asks you before it would pay a second time.`,
  paidOnOtherTerms: 'It is paid, but the site now asks for something else. Nothing more was paid.',
  stillOpen: (until: Date) =>
    `An earlier payment for this page may still go through, so no second one was made. Press again after ${until.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}.`,

  noPayer: 'There is nothing in this browser to pay with yet.',
  helpTitle: 'How to pay',
  helpSteps: (quote: Quote | null) => [
    'Add an extension that pays for pages, such as Tuppence, or a wallet for your browser.',
    quote === null
      ? 'Put a little money in it.'
      : `Put ${quote.asset.symbol} on ${placeOf(quote.network)} in it; ${formatUsd(quote.microUsd)} is enough for this page.`,
    'Reload this page and press the button again.',
  ],
  helpLink: 'More about paying this way',
};

function placeOf({ name, testnet }: Quote['network']): string {
  return testnet ? `${name} (test network)` : name;
}

/** The servers' error codes, by pattern, as sentences. Anything else is quoted as it came. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/insufficient_(funds|balance)/, 'There is not enough money in the wallet on this network.'],
  [/nonce_already_used|duplicate_settlement/, 'It says that it has had this payment before.'],
  [/valid_before|valid_after|expired/, 'It says that the payment came too late.'],
  [/signature/, 'It could not verify the signature of the wallet.'],
];

function explain(reason: string | null): string {
  if (reason === null || /^status \d+|^payment refused$|^settlement failed$/.test(reason)) return '';
  const known = REASONS.find(([pattern]) => pattern.test(reason));
  return known?.[1] ?? `It said: “${reason.slice(0, 160)}”.`;
}
