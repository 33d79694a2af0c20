import type { SpokenFault } from '../paywall/fault.ts';
import type { More, Refusal } from './words.ts';

const REFUSALS: { readonly [Code in NonNullable<Refusal>]: string } = {
  funds: 'There is not enough money in the wallet on this network.',
  used: 'It says that it has had this payment before.',
  late: 'It says that the payment came too late.',
  signature: 'It could not verify the signature of the wallet.',
};

export const more: More = {
  loadAgain: 'Get it again, free',
  sendAgain: 'Send it again',
  payAgain: (price) => `Pay ${price} again`,
  fault,
  notPaid: 'Not paid. You can try again.',
  refused: 'You chose not to pay.',
  hindered: {
    'no-wallet': (payer) => `${payer} is not set up yet. Nothing was paid.`,
    paused: (payer) => `Payments are paused in ${payer}. Nothing was paid.`,
    'short-of-money': (payer) => `There is not enough money in ${payer} for this. Nothing was paid.`,
    'site-blocked': (payer) => `You have told ${payer} never to pay this site. Nothing was paid.`,
  },
  remedy: {
    'no-wallet': 'Set it up',
    paused: 'Resume payments',
    'short-of-money': 'Add money',
    'site-blocked': 'Change that',
  },
  goesOn: 'Once that is done, it goes on here.',
  stopped: 'This page stopped the payment. Nothing was paid.',
  changed: 'The price has changed since it was shown. Nothing was paid.',
  rejected: (refusal, said) =>
    `The site did not take the payment. ${why(refusal, said)}Pressing again sends the same payment, never a second one.`,
  unknown: (refusal, said) =>
    `The payment left, but nobody has said yet whether it arrived. ${why(refusal, said)}Pressing again is safe: it sends the same payment, never a second one.`,
  extensionFailed: (name) =>
    `${name} did not get an answer. Look there whether the payment went through before you try again.`,
  notDelivered: (status) => `${undelivered(status)} Getting it again costs nothing.`,
  notDeliveredBy: (name, status) =>
    `${undelivered(status)} ${name} asks you before it would pay a second time.`,
  brokeOff: 'It is paid, but it broke off on the way. Getting it again costs nothing.',
  movedOn: 'It is paid. The site keeps it at another address, which this page may not read.',
  openThere: 'Open it there',
  paidOnOtherTerms: 'It is paid, but the site now asks for something else. Nothing more was paid.',
  stillOpen: (time) =>
    `An earlier payment for this page may still go through, so no second one was made. Press again after ${time}.`,
  paidBefore: (price, time) =>
    `You paid ${price} for this at ${time}, and the site does not give it again for that. Pressing again pays once more.`,
  declined: 'Not paid: it was declined in the wallet.',
  noAccount: 'Your wallet has no account to pay from. Make one there, then press again.',
  wrongChain: (network, hasIt) =>
    hasIt
      ? `Not paid: this is paid on ${network}, and your wallet is on another network. Switch to it there, then press again.`
      : `Not paid: this is paid on ${network}, and your wallet does not have this network yet. Add it there, then press again.`,
  walletBusy: 'Your wallet already has a question open. Answer it there, then press again.',
  walletFailed: 'Not paid: the wallet could not sign.',
  notKept:
    'Not paid: this browser keeps nothing for this site now, and a payment that could be forgotten is not made. Make room for the site, or allow it to store data, then press again.',
  tooLate: 'Not paid: there was too little time left to pay safely. Press again.',
  noPayer: 'There is nothing in this browser to pay with yet.',
  helpTitle: 'How to pay',
  getExtension: 'Add an extension that pays for pages, such as Tuppence, or a wallet for your browser.',
  fund: (what, amount) =>
    what && amount ? `Put ${what} in it; ${amount} is enough for this page.` : 'Put a little money in it.',
  pressAgain: 'Reload this page and press the button again.',
  helpLink: 'More about paying this way',
  choose: 'What do you want to pay with?',
  otherWallet: 'Use another wallet',
  signIn: 'Bought before? Sign in',
  signingIn: (payer) => `Sign in with ${payer}. It costs nothing.`,
  notBought: 'Nothing bought here with this wallet was found. Nothing was paid.',
  whichWallet: 'Which wallet did you pay with?',
};

function fault(what: SpokenFault): string {
  switch (what.code) {
    case 'no-source':
      return 'This paywall has no address to ask for. It needs a src attribute with a web address.';
    case 'bad-setting':
      return `This paywall is not set up right: its ${what.name} can't be read. Nothing can be paid here.`;
    case 'unreachable':
      return `${what.host} could not be reached. Nothing was paid.`;
    case 'bad-status':
      return `${what.host} answered with error ${what.status}. Nothing was paid.`;
    case 'forwarded':
      return `${what.from} sends this request on to ${what.to}. Pages on another site are not paid for here.`;
    case 'no-terms':
      return `${what.host} asks for a payment, but not in a form that can be read (x402).`;
    case 'hidden':
      return `The price can't be read here: ${what.host} must send “Access-Control-Expose-Headers: PAYMENT-REQUIRED” with it.`;
    case 'blocked':
      return `${what.host} does not let this page send a payment. Nothing was signed or paid.`;
    case 'unpayable':
      return `The rest of this page can't be paid for here. ${what.detail}`;
    case 'too-dear':
      return `The site asks for ${what.price}. This page allows ${what.most} at most, so nothing can be paid here.`;
    case 'other-payee':
      return `The site wants the money sent to ${what.payTo}, which this page does not name as its payee. Nothing can be paid here.`;
  }
}

function why(refusal: Refusal, said: string | null): string {
  if (refusal !== null) return `${REFUSALS[refusal]} `;
  return said === null ? '' : `It said: “${said}”. `;
}

function undelivered(status: number): string {
  return `It is paid, but the page could not be loaded${status >= 400 ? ` (error ${status})` : ''}.`;
}
