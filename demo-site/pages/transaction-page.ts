import { formatDecimal } from 'tuppence/core';
import type { LookedUp } from '../world/look-up.ts';
import { html, type Markup } from './html.ts';
import { renderPage } from './layout.ts';

/** A transaction of the local chain, which no public explorer knows. */
export function transactionPage(found: LookedUp): string {
  const { transaction, succeeded, block, time, sender, transfers } = found;
  return page(
    succeeded ? 'Paid' : 'Nothing was moved',
    html`${transfers.map(
      ({ from, to, value }) => html`<dl class="facts">
<dt>Amount</dt><dd>${formatDecimal(value, 6)} USDC</dd>
<dt>From</dt><dd><code>${from}</code></dd>
<dt>To</dt><dd><code>${to}</code></dd></dl>`,
    )}
<h2>On the chain</h2>
<dl class="facts">
<dt>Status</dt><dd>${succeeded ? 'Succeeded' : 'Reverted'}</dd>
<dt>Block</dt><dd>${String(block)}, ${new Date(Number(time) * 1000).toUTCString()}</dd>
<dt>Sent by</dt><dd><code>${sender}</code>, who paid the gas</dd>
<dt>Transaction</dt><dd><code>${transaction}</code></dd></dl>`,
  );
}

/** What an address of the explorer says that names no transaction of the chain. */
export function noTransactionPage(): string {
  return page(
    'No such transaction',
    html`<p>The local chain has no transaction of this name. It begins anew with each start.</p>`,
  );
}

function page(title: string, main: Markup): string {
  return renderPage({
    title: `${title} · Local chain`,
    description: 'A transaction of the chain on this machine.',
    styles: ['/docs.css'],
    main: html`<article class="piece docs"><header class="head"><p class="kicker">Local chain, test money</p>
<h1>${title}</h1></header><div class="prose manual">${main}</div></article>`,
  });
}
