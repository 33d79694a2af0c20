import { html, type Markup } from '../html.ts';

/** One way in which a page can ask for something that costs money, with a live example. */
export type Kind = {
  readonly id: string;
  readonly title: string;
  /** What happens, in a sentence. */
  readonly text: string;
  readonly live: Markup;
};

export type KindGroup = { readonly title: string; readonly text: string; readonly kinds: readonly Kind[] };

const PAID = '/kinds/paid';

/** `elsewhere`: origin of the same server by another name, which browsers take for another site. */
export function kindGroups(elsewhere: string): readonly KindGroup[] {
  return [
    {
      title: 'Going somewhere',
      text: 'A page that the reader opens. Under the limits it is paid by itself; else there is a question.',
      kinds: [
        kind('link', 'A link', 'Opened like any other.', link('link')),
        kind('window', 'A new window', 'Opened by a script after a press.', button('window')),
        kind(
          'redirect',
          'A redirect',
          'The address that was opened leads on to one that costs.',
          html`<a href="/kinds/moved">Open</a>`,
        ),
        kind(
          'form',
          'A form',
          'Paying sends the form once more, so this always asks.',
          html`<form method="post" action="${PAID}/page?by=form"><button>Send</button></form>`,
        ),
      ],
    },
    {
      title: 'By script',
      text: 'The page’s own request, made once more below the page when it is paid.',
      kinds: [
        kind('fetch', 'fetch', 'A GET.', button('fetch')),
        kind('post', 'fetch with a body', 'A POST with JSON.', button('post')),
        kind('xhr', 'XMLHttpRequest', 'Its events come once.', button('xhr')),
        kind(
          'service',
          'Behind a service worker',
          'A frame whose requests go through one.',
          button('service'),
        ),
        kind(
          'worker',
          'A worker',
          'It can’t be told, so the popup offers to pay and load the page again.',
          button('worker'),
        ),
        kind('shared', 'A shared worker', 'The same.', button('shared')),
      ],
    },
    {
      title: 'Parts of the page',
      text: 'Never a question. They are paid on sites that you have allowed; elsewhere they wait in the popup.',
      kinds: [
        kind('image', 'An image', '', picture('image')),
        kind(
          'srcset',
          'An image of several sizes',
          '',
          html`<img alt="" width="120" height="60" srcset="${PAID}/srcset.svg 1x">`,
        ),
        kind(
          'picture',
          'A picture of several formats',
          '',
          html`<picture><source srcset="${PAID}/picture.svg" type="image/svg+xml"><img alt="" width="120" height="60"></picture>`,
        ),
        kind(
          'lazy',
          'A lazy image',
          '',
          html`<img alt="" width="120" height="60" loading="lazy" src="${PAID}/lazy.svg">`,
        ),
        kind('background', 'An image of a style sheet', '', html`<span class="from-sheet"></span>`),
        kind(
          'style',
          'A style sheet',
          '',
          html`<link rel="stylesheet" href="${PAID}/style.css"><span class="paid-style">Styled</span>`,
        ),
        kind('font', 'A font', '', html`<span class="in-ruler">Ruler</span>`),
        kind('script', 'A script', '', html`<script async src="${PAID}/script.js"></script>`),
        kind(
          'video',
          'A film',
          '',
          html`<video muted preload="auto" width="160" height="60" src="${PAID}/film.webm"></video>`,
        ),
        kind(
          'audio',
          'Sound in parts',
          'Paid once; the server’s cookie opens the rest, also after a jump to the middle.',
          html`<audio controls preload="auto" src="${PAID}/sound.wav"></audio>`,
        ),
        kind(
          'frame',
          'A frame',
          '',
          html`<iframe title="Of this site" src="${PAID}/frame?id=frame"></iframe>`,
        ),
        kind(
          'far',
          'A frame of another site',
          'Charged to the site in the address bar.',
          html`<iframe title="Of another site" src="${elsewhere}${PAID}/frame?id=far"></iframe>`,
        ),
        kind(
          'object',
          'An embedded file',
          '',
          html`<object type="image/svg+xml" data="${PAID}/object.svg" width="120" height="60"></object>`,
        ),
        kind('download', 'A download', '', html`<a download href="${PAID}/plan.txt">Fetch the plan</a>`),
      ],
    },
  ];
}

function kind(id: string, title: string, text: string, live: Markup): Kind {
  return { id, title, text, live };
}

function link(by: string): Markup {
  return html`<a href="${PAID}/page?by=${by}">Open</a>`;
}

function button(id: string): Markup {
  return html`<button type="button" data-try="${id}">Try</button>`;
}

function picture(name: string): Markup {
  return html`<img alt="" width="120" height="60" src="${PAID}/${name}.svg">`;
}
