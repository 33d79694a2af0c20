import type { html as Html, TemplateResult } from 'lit';
import { explorerLink, formatPrice, formatToken, type Quote } from '../core/index.ts';
import type { Face, More } from '../locales/words.ts';
import { type Model, priceOf } from './model.ts';
import type { Wallet } from './wallets.ts';

export type ExtrasContext = {
  /** Lit's own, handed in: this file is loaded later, and there is to be one copy of Lit. */
  readonly html: typeof Html;
  readonly face: Face;
  readonly more: More;
  readonly helpHref: string;
  readonly wallets: readonly Wallet[];
  readonly onChoose: (wallet: Wallet) => void;
  /** The reader wants to see which wallets there are. */
  readonly onOther: () => void;
  /** The reader has bought this before. */
  readonly onSignIn: () => void;
};

/** What stands below the button when a press needs more than a press: wallets to choose from, and how to pay. */
export function extras({ extra, quote }: Model, context: ExtrasContext): TemplateResult {
  const { html, face, more, helpHref, onOther, onSignIn } = context;
  if (extra === 'choose') return html`<div part="wallets" class="wallets below">${buttons(context)}</div>`;
  if (extra === 'other' || extra === 'sign-in')
    return html`<div class="wallets below">
      <button part="wallet" type="button" @click=${extra === 'other' ? onOther : onSignIn}>
        ${extra === 'other' ? more.otherWallet : more.signIn}
      </button>
    </div>`;
  const what = quote && `${quote.asset.symbol} (${quote.network.name})`;
  const amount =
    quote &&
    `${formatPrice(quote.microUsd, face.locale)} (${formatToken(quote.requirements.amount, quote.asset, face.locale)})`;
  return html`<div part="help" class="below">
    <h2>${more.helpTitle}</h2>
    <ol>
      <li>${more.getExtension}</li>
      <li>${more.fund(what, amount)}</li>
      <li>${more.pressAgain}</li>
    </ol>
    <div part="wallets" class="wallets">${buttons(context)}</div>
    <p><a href=${helpHref} target="_blank" rel="noopener">${more.helpLink}</a></p>
  </div>`;
}

/** A way to what was paid for and is kept elsewhere: in a tab of its own, its cookies go along. */
export function openThere(html: ExtrasContext['html'], address: string, more: More): TemplateResult {
  return html`<p part="help" class="below"><a href=${address} target="_blank" rel="noopener">${more.openThere}</a></p>`;
}

/** Names only: an icon would be an address that any script of the page may choose. */
function buttons({ html, wallets, onChoose }: ExtrasContext): readonly TemplateResult[] {
  return wallets.map(
    (wallet) =>
      html`<button part="wallet" type="button" @click=${() => onChoose(wallet)}>${wallet.info.name}</button>`,
  );
}

/** What was paid, with a link to the settlement. */
export function receiptLine(
  { quote, receipt }: Model,
  { html, face }: Pick<ExtrasContext, 'html' | 'face'>,
): TemplateResult {
  const link = receipt && linkTo(quote, receipt.transaction);
  return html`<span part="receipt">${face.paid(priceOf(quote, face))}</span>
    ${link && html`<a href=${link} target="_blank" rel="noopener">${face.receipt}</a>`}`;
}

/** A transaction is the server's word; only one that looks like a hash goes into an address. */
function linkTo(quote: Quote | null, transaction: string | null): string | null {
  if (quote === null || transaction === null || !/^0x[0-9a-f]{64}$/i.test(transaction)) return null;
  return explorerLink(quote.network.id, transaction);
}
