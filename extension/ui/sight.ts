import { html } from 'lit';
import { browser } from 'wxt/browser';
import { documentStatus } from '../messaging/document-status.ts';

const EVERYWHERE = { origins: ['http://*/*', 'https://*/*'] };
const UNPAID = 402;

/** What the browser lets the extension see: on every site, on this page, or nothing of it. */
export type Sight = 'everywhere' | 'here' | 'nothing';

/**
 * A reader can keep the extension from sites until they click its icon there. That click opens the popup, and lets it
 * see the one tab.
 */
export async function sightOf(tabId: number): Promise<Sight> {
  if (await browser.permissions.contains(EVERYWHERE)) return 'everywhere';
  return (await documentStatus(tabId)) === null ? 'nothing' : 'here';
}

/** Whether what the tab shows was answered 402, unseen: only from now on is it looked at. */
export async function isUnseenPayment(tabId: number): Promise<boolean> {
  return (await documentStatus(tabId)) === UNPAID;
}

/** Why there is no price, and what can be done about it. */
export function blindness(sight: Sight, onLook: () => void) {
  return html`<section class="card stack" aria-label="Access to sites">
    <p>
      ${
        sight === 'here'
          ? 'Tuppence sees this page because you clicked its icon. On other pages it sees no prices until you do that there.'
          : 'Tuppence may not look at this page, so it can’t see whether something here costs money.'
      }
    </p>
    <p class="small soft">
      To see every site, allow “On all sites” among the browser’s settings for this extension.
    </p>
    <button type="button" @click=${onLook}>Look at this page</button>
  </section>`;
}
