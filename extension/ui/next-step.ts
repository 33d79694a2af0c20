import { html, nothing } from 'lit';
import { browser } from 'wxt/browser';
import { hindranceIn } from '../messaging/hindrance.ts';
import type { Overview, PaymentSummary } from '../messaging/own-messages.ts';
import { ownUrl } from '../messaging/own-url.ts';
import type { EncounterRecord } from '../storage/encounter-record.ts';
import { reasonsOf, usd } from './words.ts';

/**
 * What helps with the page that a tab shows. `load` brings what was paid for, `read` asks anew; both load the page
 * again, and send a payment that is under way once more, never a second one.
 */
export type NextStep =
  | 'show-question'
  | 'set-up'
  | 'unlock'
  | 'resume'
  | 'add-money'
  | 'limits'
  | 'load'
  | 'read'
  | 'sign-in';

/** The one thing to do about a page, or null: what is on a page has its own buttons, and some 402s nobody can pay. */
export function nextStepOf(
  { kind, state, verdict, sentence, otherWay, isUndone, windowId, offersSignIn }: EncounterRecord,
  payment: PaymentSummary | undefined,
  { wallet, paused }: { readonly wallet: Overview['wallet']; readonly paused: boolean },
): NextStep | null {
  if (kind !== 'navigation' || state === 'handling' || state === 'listed') return null;
  if (state === 'asking') return windowId === null ? null : 'show-question';
  if (payment !== undefined && !isUndone) return null;
  if (paused) return 'resume';
  if (payment !== undefined) return 'load';
  if (offersSignIn && state === 'unpaid') return WITHOUT_KEY[wallet] ?? 'sign-in';
  if (sentence !== null || otherWay !== undefined || verdict === null) return null;
  return stepFor(reasonsOf(verdict), wallet);
}

const WITHOUT_KEY: { readonly [W in Overview['wallet']]?: NextStep } = { none: 'set-up', locked: 'unlock' };

function stepFor(reasons: readonly string[], wallet: Overview['wallet']): NextStep | null {
  if (wallet === 'none') return 'set-up';
  const hindrance = hindranceIn(reasons);
  if (hindrance === 'short-of-money') return 'add-money';
  if (hindrance === 'site-blocked') return 'limits';
  if (wallet === 'locked') return 'unlock';
  const isFinal = reasons.includes('not-attachable') || reasons.includes('redirected');
  return isFinal ? null : 'read';
}

/** What a press does, besides leading to a page of ours. */
export type StepActions = {
  readonly resume: () => void;
  readonly load: () => void;
  readonly signIn: () => void;
};

/** The button of a step; `unlock` has none, since its field stands in the popup already. */
export function stepView(
  step: NextStep,
  { windowId, price }: EncounterRecord,
  { resume, load, signIn }: StepActions,
) {
  switch (step) {
    case 'show-question':
      return button(
        'Show the question',
        () => windowId !== null && void browser.windows.update(windowId, { focused: true }),
      );
    case 'set-up':
      return button('Set it up', () => void showOwn('welcome.html'));
    case 'add-money':
      return button('Add money', () => void showOwn('welcome.html'));
    case 'limits':
      return button('Change that', () => void showOwn('options.html'));
    case 'resume':
      return button('Resume payments', resume);
    case 'load':
      return button('Load the page again', load);
    case 'read':
      return button(price === null ? 'Read on' : `Read on for ${usd(price.microUsd)}`, load);
    case 'sign-in':
      return button('Sign in, without paying', signIn);
    case 'unlock':
      return nothing;
  }
}

function button(words: string, onPress: () => void) {
  return html`<button type="button" class="step" @click=${onPress}>${words}</button>`;
}

/** Opens a page of ours in a tab in front. */
export async function showOwn(page: string): Promise<void> {
  const { windowId } = await browser.tabs.create({ url: ownUrl(page) });
  await browser.windows.update(windowId, { focused: true });
}
