import type { Article } from './article.ts';
import { byline } from './article-parts.ts';
import { html, type Markup } from './html.ts';
import { renderPage } from './layout.ts';

/** The list of all pieces, the first one large. */
export function frontPage(articles: readonly Article[]): string {
  return renderPage({
    title: 'Common Measure',
    description: 'Short essays on clocks, tides, letters and bridges, paid for one at a time.',
    main: html`<h1 class="unseen">This issue</h1>
<ul class="contents">
${articles.map(entry)}
</ul>
<section class="terms" aria-labelledby="terms">
<h2 id="terms">No subscription. No account. No advertisements.</h2>
<p>Each piece has a price, and you pay it when you want to read on. A browser that speaks
<abbr title="the web’s payment protocol over HTTP 402">x402</abbr> does so for you, inside limits that you set.
We never learn your name.</p>
<p><a href="/kinds">Every kind of thing that a page can sell, live</a></p>
<p><a href="/docs/start">Sell a page of your own: a start in ten minutes</a></p>
</section>`,
  });
}

function entry(article: Article): Markup {
  return html`<li><article class="entry">
<p class="kicker">${article.kicker}</p>
<h2><a href="${article.path}">${article.title}</a></h2>
<p class="standfirst">${article.standfirst}</p>
${byline(article)}
</article></li>
`;
}
