import type { Article } from './article.ts';
import { articleHeader } from './article-parts.ts';
import { html } from './html.ts';
import { renderPage } from './layout.ts';

/**
 * What a reader sees with a 402: the opening, the price, and how to pay it, in words. The terms that programs read
 * are in the answer's header (v2) or in its JSON form (v1), not here.
 */
export function teaserPage(article: Article): string {
  const { title, standfirst, opening, path, price } = article;
  return renderPage({
    title: `${title} · Common Measure`,
    description: standfirst,
    main: html`<article class="piece">
${articleHeader(article)}
<div class="prose">${opening}</div>
<section class="gate" aria-labelledby="gate">
<h2 id="gate">Read on for ${price.label}</h2>
<p>You pay for this piece, once, and straight to us: ${price.label} in USDC, a digital dollar.</p>
<dl>
<div><dt>If your browser can pay</dt>
<dd>It has seen the price already. It will ask you, or pay by itself if you have told it that this much is fine. The
rest then appears on this page.</dd></div>
<div><dt>If it cannot, yet</dt>
<dd>Nothing has been charged. Add an extension that pays by x402, such as Tuppence, put a little money in it, and
open this page again.</dd></div>
</dl>
<p><a class="action" href="${path}">Open again</a></p>
</section>
</article>`,
  });
}
