import type { Page } from 'playwright';
import { killBackground } from '../../support/background.ts';
import { openPrivately } from '../../support/private-windows.ts';
import type { Lab } from './lab.ts';
import type { Site } from './sites.ts';

/** One thing that a page, or the reader, does. */
export type Act = {
  readonly name: string;
  /** @param fresh a name that no other act of the run has */
  run(lab: Lab, fresh: () => string): Promise<void>;
};

const MOMENT = 250;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Opens a page of a site in the reader's tab, as by typing its address, and gives its scripts a moment. */
async function open({ tab }: Lab, url: string, moment = MOMENT): Promise<void> {
  await tab.page.goto(url, { waitUntil: 'commit', timeout: 5_000 }).catch(() => undefined);
  await pause(moment);
}

const script = (code: string) => `<script>${code}</script>`;
const fetching = (urls: readonly string[]) =>
  urls.map((url) => `fetch(${JSON.stringify(url)}).catch(() => 0);`).join('\n');
const several = (site: Site, fresh: () => string, count: number) =>
  Array.from({ length: count }, () => site.paid(fresh()));

/** Speaks to the content script as the page script does, with a lot to read, so that the background is busy. */
const FILLER = `
  const channel = 'tuppence:' + crypto.randomUUID();
  dispatchEvent(new CustomEvent('tuppence:hello', { detail: channel }));
  for (let at = 0; at < 60; at += 1)
    dispatchEvent(new CustomEvent(channel, { detail: at + ' true GET ' + location.origin + '/none 0 ' + 'x'.repeat(60000) }));`;

/**
 * Milliseconds without a press after which the next one is the reader's yes, a little less than the product's own: on a
 * machine that is busy, a stream of clicks has pauses. Calls `paused` at the first press after one.
 */
const PAUSE = 650;

function watchForAPause([length, name]: readonly [number, string]): void {
  const paused: unknown = Reflect.get(window, name);
  let last = 0; // When the window opened.
  for (const type of ['pointerdown', 'pointerup'])
    addEventListener(
      type,
      () => {
        if (type === 'pointerdown' && performance.now() - last >= length && typeof paused === 'function')
          paused();
        last = performance.now();
      },
      { capture: true },
    );
}

/** What pages do to be paid. None of it may move any money. */
export const HOSTILE_ACTS: readonly Act[] = [
  {
    name: 'asks, and goes to the allowed site in the same breath',
    async run(lab, fresh) {
      const { evil, paper } = lab.sites;
      const asks = fetching(several(evil, fresh, 6));
      await open(lab, evil.page(script(`${FILLER}${asks} location = '${paper.origin}/';`)), 600);
    },
  },
  {
    name: 'has a service worker ask on, and goes to the allowed site',
    async run(lab, fresh) {
      const { evil, paper } = lab.sites;
      const code = `navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)
        .then(({ active }) => { active.postMessage('${evil.paid(fresh())}'); location = '${paper.origin}/'; });`;
      await open(lab, evil.page(script(code)), 600);
    },
  },
  {
    name: 'puts parts of another site on a page of the allowed one',
    async run(lab, fresh) {
      const { ad, paper } = lab.sites;
      const [image, style, code, frame] = several(ad, fresh, 4);
      const parts = `<img src="${image}"><link rel=stylesheet href="${style}"><script src="${code}"></script>`;
      await open(lab, paper.page(`${parts}<iframe src="${frame}"></iframe>`), 500);
    },
  },
  {
    name: 'asks from an ad frame on a page of the allowed site',
    async run(lab, fresh) {
      const { ad, paper } = lab.sites;
      const inner = ad.page(script(fetching(several(ad, fresh, 4))));
      const outer = ad.page(`<iframe src="${inner}"></iframe>${script(fetching(several(ad, fresh, 2)))}`);
      await open(lab, paper.page(`<iframe src="${outer}"></iframe>`), 500);
    },
  },
  {
    name: 'asks from frames without an origin',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      const asks = (url: string) => script(fetching([url])).replaceAll('"', '&quot;');
      const [one, two, three] = several(evil, fresh, 3);
      const frames = [
        `<iframe srcdoc="${asks(one ?? '')}"></iframe>`,
        `<iframe sandbox="allow-scripts" srcdoc="${asks(two ?? '')}"></iframe>`,
        `<iframe src="data:text/html,${encodeURIComponent(script(fetching([three ?? ''])))}"></iframe>`,
      ];
      await open(lab, evil.page(frames.join('')), 400);
    },
  },
  {
    name: 'asks for what the page around it buys, from an ad frame',
    async run(lab, fresh) {
      const { ad, paper } = lab.sites;
      const url = paper.paid(fresh());
      const again = `setInterval(() => fetch('${url}', { mode: 'no-cors' }).catch(() => 0), 30);`;
      lab.model.allow(url, paper.origin); // The page's own request for it is the allowed site's own.
      const frame = `<iframe src="${ad.page(script(again))}"></iframe>`;
      await open(lab, paper.page(`${frame}${script(`setTimeout(() => { ${fetching([url])} }, 150);`)}`), 700);
    },
  },
  {
    name: 'sends itself on to one priced page after the other',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      const steps = several(evil, fresh, 3);
      const next = steps.reduceRight(
        (then, url) => evil.page(script(`setTimeout(() => location = '${then}', 120); fetch('${url}');`)),
        evil.paid(fresh()),
      );
      await open(lab, next, 700);
    },
  },
  {
    name: 'asks a great many times',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      const start = fresh();
      const code = `for (let at = 0; at < 80; at += 1) fetch('${evil.paid(start)}-' + at, at % 2 ? { x402: { ask: false } } : {});`;
      await open(lab, evil.page(script(code)), 400);
    },
  },
  {
    name: 'answers with odd terms, and asks in odd ways',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      const odd = ['junk', 'empty', 'long', 'cached'].map((kind) => `fetch('/odd/${kind}');`).join('');
      const [one, two] = several(evil, fresh, 2);
      const ways = `fetch('${one}', { method: 'PROPFIND' }); fetch('${two}', { method: 'M'.repeat(40) });
        fetch('/odd/junk?' + 'q'.repeat(20000)); new Image().src = '/odd/cached';`;
      await open(lab, evil.page(script(`${odd}${ways}`)), 400);
    },
  },
  {
    name: 'pays by itself, and is answered 402',
    async run(lab, fresh) {
      const { paper } = lab.sites;
      const paid = (name: string) => ({ url: paper.paid(fresh()), name });
      const ways = [paid('PAYMENT-SIGNATURE'), paid('x-payment'), paid('SIGN-IN-WITH-X')]
        .map(({ url, name }) => `fetch('${url}', { headers: { '${name}': 'e30=' } });`)
        .join('\n');
      await open(lab, paper.page(script(ways)), 500);
    },
  },
  {
    name: 'opens a window with a priced page at a click',
    async run(lab, fresh) {
      const { evil, paper } = lab.sites;
      const code = `onclick = () => { open('${evil.paid(fresh())}', '', 'width=300,height=200'); location = '${paper.origin}/'; }`;
      await open(lab, evil.page(script(code)), 100);
      await lab.tab.page.mouse.click(40, 40).catch(() => undefined);
      await pause(600);
    },
  },
  {
    name: 'embeds what the allowed site sells',
    async run(lab, fresh) {
      const { evil, paper } = lab.sites;
      const [image, asked] = several(paper, fresh, 2);
      await open(lab, evil.page(`<img src="${image}">${script(fetching([asked ?? '']))}`), 400);
    },
  },
  {
    name: 'has the reader click on and on where the question comes up',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      await open(lab, evil.paid(fresh()), 100);
      const question = questionsOf(lab)[0];
      if (question === undefined) return;
      const shown = await shownIn(lab, question);
      const allow = () => shown.id && lab.model.allow(shown.shown.url, shown.shown.site);
      const isOpen = await question.exposeFunction(`paused${shown.id}`, allow).then(
        () => true,
        (error: unknown) => {
          if (question.isClosed()) return false; // Its page has gone elsewhere.
          throw error;
        },
      );
      if (!isOpen) return;
      await question.evaluate(watchForAPause, [PAUSE, `paused${shown.id}`] as const).catch(() => undefined);
      const button = question.locator('button.primary');
      for (let at = 0; at < 10 && !question.isClosed(); at += 1) {
        await button.click({ force: true, noWaitAfter: true, timeout: 300 }).catch(() => undefined);
        await pause(100);
      }
    },
  },
  {
    name: 'asks from a tab that is not looked at',
    async run(lab, fresh) {
      const { evil, paper } = lab.sites;
      const behind = await lab.newTab();
      const parts = several(evil, fresh, 10).map((url) => `<img src="${url}">`);
      await behind.page
        .goto(evil.page(`${parts.join('')}${script(fetching(several(evil, fresh, 4)))}`))
        .catch(() => undefined);
      await lab.tab.page.bringToFront();
      await open(lab, `${paper.origin}/`);
    },
  },
  {
    name: 'asks in a private window',
    async run(lab, fresh) {
      const { evil, paper } = lab.sites;
      const page = await openPrivately(lab.own, evil.page(script(fetching(several(evil, fresh, 3)))));
      await pause(300);
      await page.goto(paper.paid(fresh()), { timeout: 3_000 }).catch(() => undefined);
      await pause(300);
      await page.close();
    },
  },
];

/** What the reader and the machine do in between. */
export const OTHER_ACTS: readonly Act[] = [
  {
    name: 'the reader reads an article of the allowed site',
    async run(lab, fresh) {
      const { paper } = lab.sites;
      const url = paper.paid(fresh());
      lab.model.allow(url, paper.origin);
      await open(lab, url, 500);
    },
  },
  {
    name: 'the reader says yes to what a page asks',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      const url = evil.paid(fresh());
      await open(lab, url, 400);
      const question = questionsOf(lab).at(-1);
      if (question === undefined) return;
      const { id, shown } = await shownIn(lab, question);
      if (id === null) return;
      lab.model.allow(shown.url, shown.site);
      await question
        .locator('button.primary[aria-disabled=false]')
        .click({ timeout: 3_000 })
        .catch(() => undefined);
      await pause(400);
    },
  },
  {
    name: 'the reader closes the question',
    async run(lab) {
      for (const question of questionsOf(lab)) await question.close();
    },
  },
  {
    name: 'the reader pauses payments, and reads on',
    async run(lab, fresh) {
      const { policy } = await lab.ask('overview', { tabId: null });
      await lab.ask('setPolicy', { policy: { ...policy, paused: true } });
      await open(lab, lab.sites.paper.paid(fresh()), 300);
      await lab.ask('setPolicy', { policy });
    },
  },
  {
    name: 'the background stops',
    async run(lab) {
      await killBackground(lab.own);
    },
  },
  {
    name: 'the clock of the background goes back a day, and the reader reads on',
    async run(lab, fresh) {
      await lab.ask('overview', { tabId: null });
      const own = lab.browser.extensionUrl('');
      const [worker] = lab.browser.context
        .serviceWorkers()
        .filter((one) => one.url().startsWith(own))
        .slice(-1);
      const setBack = worker?.evaluate(() => {
        const now = Date.now.bind(Date);
        Date.now = () => now() - 86_400_000;
      });
      await Promise.race([setBack?.catch(() => undefined), pause(5_000)]); // One that has just ended never answers.
      const url = lab.sites.paper.paid(fresh());
      lab.model.allow(url, lab.sites.paper.origin);
      await open(lab, url, 400);
      await killBackground(lab.own);
    },
  },
  {
    name: 'the extension is updated while a page asks',
    async run(lab, fresh) {
      const { evil } = lab.sites;
      await open(lab, evil.page(script(fetching(several(evil, fresh, 2)))), 150);
      await lab.update();
    },
  },
];

function questionsOf({ browser }: Lab): readonly Page[] {
  const isQuestion = (page: Page) => page.url().startsWith(browser.extensionUrl('consent.html'));
  return browser.context.pages().filter(isQuestion);
}

async function shownIn({ ask }: Lab, question: Page) {
  const id = new URL(question.url()).searchParams.get('question');
  const found = id === null ? null : await ask('question', { id }).catch(() => null);
  if (found === null) return { id: null, shown: { url: '', site: '' } };
  return { id, shown: found.encounter };
}
