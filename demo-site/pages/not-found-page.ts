import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** The answer to an address that the magazine does not have. */
export function notFoundPage(): string {
  return renderPage({
    title: 'Not in this issue · Common Measure',
    description: 'There is no page at this address.',
    main: html`<header class="head">
<p class="kicker">404</p>
<h1>Not in this issue</h1>
<p class="standfirst">There is no page at this address. Nothing was charged.</p>
</header>
<p><a class="action" href="/">See what is</a></p>`,
  });
}
