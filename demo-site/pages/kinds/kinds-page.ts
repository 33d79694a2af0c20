import { html } from '../html.ts';
import { renderPage } from '../layout.ts';
import { type Kind, type KindGroup, kindGroups } from './kinds.ts';

/** Every kind of request that can answer 402, live: each gets a tick when it has worked. */
export function kindsPage(elsewhere: string): string {
  return renderPage({
    title: 'Every kind of request · Common Measure',
    description: 'Live examples of everything that a page can sell.',
    scripts: ['/kinds/kinds.js'],
    styles: ['/kinds/kinds.css'],
    main: html`<article class="piece"><header class="head"><p class="kicker"><a href="/">Common Measure</a></p>
<h1>Every kind of request</h1></header>
<div class="prose"><p>Each of these costs a tenth of a cent of test money, and gets a tick when it has come through.
Without an extension that pays, all of them stay shut.</p></div>
<div class="kinds">${kindGroups(elsewhere).map(group)}</div></article>`,
  });
}

function group({ title, text, kinds }: KindGroup) {
  return html`<section><h2>${title}</h2><p>${text}</p><ul>${kinds.map(item)}</ul></section>`;
}

function item({ id, title, text, live }: Kind) {
  return html`<li id="kind-${id}"><h3>${title}</h3><output aria-label="${title}">–</output><p>${text}</p><div>${live}</div></li>`;
}

/** What a paid address shows when it is opened: it remembers how it was. */
export function arrivedPage(): string {
  return renderPage({
    title: 'Paid · Common Measure',
    description: 'A page that was paid.',
    scripts: ['/kinds/arrived.js'],
    main: html`<article class="piece"><header class="head"><h1>Paid, and here it is</h1></header>
<div class="prose"><p><a href="/kinds">Every kind of request</a></p></div></article>`,
  });
}

/** A document in a frame, which tells the page around it that it came. */
export function framedPage(): string {
  return html`<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Paid</title>
<meta name="color-scheme" content="light dark"><script type="module" src="/kinds/framed.js"></script>
<p>Paid.</p></html>`.markup;
}

/** A document whose requests go through a service worker. */
export function controlledPage(): string {
  return html`<!doctype html><html lang="en-GB"><meta charset="utf-8"><title>Controlled</title>
<meta name="color-scheme" content="light dark"><script type="module" src="/kinds/controlled.js"></script>
<p>Through a service worker.</p></html>`.markup;
}
