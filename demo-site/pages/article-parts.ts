import { type Article, type Price, readingMinutes } from './article.ts';
import { html, type Markup } from './html.ts';

/** Title, standfirst, author, reading time and price: the top of every version of a piece. */
export function articleHeader(article: Article): Markup {
  return html`<header class="head">
<p class="kicker">${article.kicker}</p>
<h1>${article.title}</h1>
<p class="standfirst">${article.standfirst}</p>
${byline(article)}
</header>`;
}

/** One line: who wrote it, how long it takes, what it costs. */
export function byline(article: Article): Markup {
  return html`<p class="byline"><span>${article.author}</span>
<span>${readingMinutes(article)} min read</span>
${priceChip(article.price)}</p>`;
}

function priceChip({ label }: Price): Markup {
  return html`<data class="price" value="${label}"><span class="unseen">Price: </span>${label}</data>`;
}
