/** What went wrong with a payment, by the families of the facilitators' error codes. */
export type ReasonFamily =
  | 'pending'
  | 'already-used'
  | 'allowance'
  | 'funds'
  | 'time'
  | 'amount'
  | 'signature'
  | 'terms'
  | 'unsupported'
  | 'other-scheme'
  | 'chain'
  | 'echo'
  | 'facilitator'
  | 'page'
  | 'other';

/**
 * What helps.
 *
 * - `wait`: it may still go through; never pay again.
 * - `look-at-chain`: find out whether it went through before anything else.
 * - `add-money`, `other-wallet`: the reader can do something.
 * - `new-terms`: load the page again and pay by what it says then.
 * - `try-later`: nothing is wrong with the payment.
 * - `tell-site`: only the site can mend it.
 */
export type NextStep =
  | 'wait'
  | 'look-at-chain'
  | 'add-money'
  | 'other-wallet'
  | 'new-terms'
  | 'try-later'
  | 'tell-site';

/** An error code in words. */
export type Reason = {
  readonly family: ReasonFamily;
  readonly next: NextStep;
  /** For a person. Never the server's own text. */
  readonly sentence: string;
};

type Rule = readonly [pattern: RegExp, family: ReasonFamily, next: NextStep, sentence: string];

/** The first that matches counts. Codes of `@x402/core`, `@x402/evm` 2.27 and `x402` 1.2.0. */
const RULES: readonly Rule[] = [
  [/^settlement_pending$/, 'pending', 'wait', 'The payment is on its way and not confirmed yet.'],
  [
    /nonce_already_used$|^duplicate_settlement$|^permit2_invalid_nonce$/,
    'already-used',
    'look-at-chain',
    'This payment has been used already.',
  ],
  [
    /permit2_allowance_required$/,
    'allowance',
    'other-wallet',
    'The token has to be allowed to Permit2 before it can be paid with.',
  ],
  [
    /insufficient_(funds|balance)$|sender_ata_not_found$/,
    'funds',
    'add-money',
    'There is not enough money in the wallet on this network.',
  ],
  [
    /valid_(before|after)$|^payment_expired$|deadline_expired$|^permit2_(not_yet_valid|payment_too_early)$/,
    'time',
    'new-terms',
    'The payment came outside the time it was valid for.',
  ],
  [
    /^(extension_echo_mismatch|No matching payment requirements|invalid_payment_requirements)$/,
    'echo',
    'new-terms',
    'The site has changed its terms since they were read.',
  ],
  [
    /^invalid_batch_settlement|upto|^eip2612_|erc20_approval|^permit2_2612|eip2612_extension_format$|_svm_/,
    'other-scheme',
    'tell-site',
    'The site wants to be paid in a way that is not supported here.',
  ],
  [
    /authorization_value$|value_mismatch$|amount_mismatch$|^permit2_invalid_amount$/,
    'amount',
    'new-terms',
    'The amount is not the one that the site asks for.',
  ],
  [
    /signature$|missing_eip712_domain$|token_(name|version)_mismatch$|^permit2_invalid_owner$/,
    'signature',
    'other-wallet',
    "The wallet's signature was not accepted.",
  ],
  [
    /recipient_mismatch$|network_mismatch$|token_mismatch$|^invalid_network$|_scheme$|_spender$|^permit2_invalid_destination$|^invalid_x402_version$|^invalid_pay(load|ment)$/,
    'terms',
    'new-terms',
    'The payment does not fit what the site asks for.',
  ],
  [
    /not_deployed(_contract)?$|eip3009_not_supported$|eip6492_factory_not_allowed$|smart_wallet|^unsupported_/,
    'unsupported',
    'other-wallet',
    'This token or this kind of wallet is not supported by the site.',
  ],
  [
    /simulation_failed$|transaction_failed$|transfer_event_mismatch$|^invalid_transaction_state$/,
    'chain',
    'look-at-chain',
    'The network did not carry out the payment.',
  ],
  [
    /^fetch failed$|^unexpected_(verify|settle)_error$|timed? ?out/i,
    'facilitator',
    'try-later',
    'The service that carries out payments for the site did not answer.',
  ],
  [/^the page failed with status \d+$/, 'page', 'try-later', 'The page failed before anything was taken.'],
];

/**
 * What an error code of a facilitator or a server means for a person.
 *
 * @param code `errorReason` of a settlement, `error` of the terms, or `reason` of an `Outcome`.
 */
export function explainReason(code: string): Reason {
  const rule = RULES.find(([pattern]) => pattern.test(code));
  if (rule === undefined)
    return { family: 'other', next: 'tell-site', sentence: 'The site did not take the payment.' };
  const [, family, next, sentence] = rule;
  return { family, next, sentence };
}
