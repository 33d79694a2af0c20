import type { Article } from './article.ts';
import { articleHeader } from './article-parts.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** A free page that keeps its paid text elsewhere and lets `<x402-paywall>` fetch it. */
export function gatedPage(article: Article): string {
  return renderPage({
    title: `${article.title} · Common Measure`,
    description: article.standfirst,
    scripts: ['/x402-paywall.js', '/local-receipts.js'],
    main: html`<article class="piece">
${articleHeader(article)}
<x402-paywall class="prose" src="${article.paidPath}">${article.opening}
</x402-paywall>
<noscript><p class="paid">The rest of this piece needs JavaScript to be paid for and shown.</p></noscript>
</article>`,
  });
}

/** The paid text alone, as a fragment for the element to put in its place. */
export function paidFragment({ rest }: Article): string {
  return rest.markup.trim();
}
