import type { Article } from './article.ts';
import { articleHeader } from './article-parts.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

/** The whole piece, for a reader who has paid. */
export function paidPage(article: Article): string {
  return renderPage({
    title: `${article.title} · Common Measure`,
    description: article.standfirst,
    main: html`<article class="piece">
${articleHeader(article)}
<div class="prose">${article.opening}${article.rest}</div>
<p class="paid">Paid with thanks. Your browser keeps the receipt.</p>
</article>`,
  });
}
