import { html, type Markup } from './html.ts';

/** What a page is called, what it says, and which module scripts it loads. */
export type Page = {
  readonly title: string;
  readonly description: string;
  readonly main: Markup;
  /** Paths of ES modules, in order. */
  readonly scripts?: readonly string[];
  /** Paths of style sheets besides the common one. */
  readonly styles?: readonly string[];
};

/** A whole HTML document in the magazine's frame. */
export function renderPage({ title, description, main, scripts = [], styles = [] }: Page): string {
  return html`<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<meta name="description" content="${description}">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/styles.css">
${styles.map((path) => html`<link rel="stylesheet" href="${path}">\n`)}${scripts.map((path) => html`<script type="module" src="${path}"></script>\n`)}</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header class="masthead">
<p class="nameplate"><a href="/">Common Measure</a></p>
<p class="motto">Small agreements that hold things up</p>
</header>
<main id="main">
${main}
</main>
<footer class="colophon">
<p><strong>Common Measure</strong> is a small magazine that does not exist, set up to show a real way to pay for real
pages. Its money is test money.</p>
<p><a href="/">All pieces in this issue</a> · <a href="/docs/start">Sell a page of your own</a></p>
</footer>
</body>
</html>
`.markup;
}
