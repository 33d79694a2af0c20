/**
 * What the extension costs a page on which nothing is 402: for one call, and for one load of a page with sixty parts.
 * Two browsers, with and without it, take turns, so that whatever else the machine does hits both.
 * `npm run bench:page -- --loads 40 --rounds 40`; `npm run build` first.
 */
import { parseArgs } from 'node:util';
import type { Page } from 'playwright';
import { listenOnLoopback } from '../../demo-site/world/loopback.ts';
import { launchPayingBrowser } from '../../extension/reader/launch.ts';
import { launchPlainBrowser } from '../support/plain-browser.ts';

const { values } = parseArgs({
  options: { loads: { type: 'string', default: '40' }, rounds: { type: 'string', default: '40' } },
});
const [loads, rounds] = [Number(values.loads), Number(values.rounds)];
const WARM = 5;
/** Each kind of part, and as many of each. */
const PARTS = 20;
/** One call of each sort, and as many of them as are timed together: the page's clock is coarse. */
const CALLS = {
  'fetch of a data: address': { times: 100, call: "await fetch('data:,a')" },
  'fetch of a local address': { times: 100, call: "await (await fetch('/tiny')).text()" },
  'POST of a local address': {
    times: 100,
    call: "await (await fetch('/tiny', { method: 'POST', body: 'a' })).text()",
  },
  'XHR: made, opened, given up': {
    times: 2_000,
    call: "const xhr = new XMLHttpRequest(); xhr.open('GET', '/tiny'); xhr.abort()",
  },
  'XHR of a local address': {
    times: 100,
    call: "await new Promise((done) => { const xhr = new XMLHttpRequest(); xhr.onload = done; xhr.open('GET', '/tiny'); xhr.send(); })",
  },
};

const range = Array.from({ length: PARTS }, (_, at) => at);
/** Tells when everything is there: its load event, and the answer to each of its fetches. */
const DOCUMENT = `<!doctype html><meta charset=utf-8><title>Sixty parts</title>
${range.map((at) => `<script src="/part.js?${at}" defer></script><img src="/part.svg?${at}" alt="">`).join('\n')}
<script>
const loaded = new Promise((done) => addEventListener('load', done));
const fetched = Array.from({ length: ${PARTS} }, (_, at) => fetch('/tiny?' + at).then((answer) => answer.text()));
window.ready = Promise.all([loaded, ...fetched]).then(() => performance.now());
</script>`;
const TYPES: Readonly<Record<string, readonly [type: string, body: string]>> = {
  '/': ['text/html', '<!doctype html><title>Calls</title>'],
  '/parts': ['text/html', DOCUMENT],
  '/part.js': ['text/javascript', 'void 0;'],
  '/part.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'],
};

const server = await listenOnLoopback((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const [type, body] = TYPES[pathname] ?? ['text/plain', 'a'];
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
});
const plain = await launchPlainBrowser();
const paying = await launchPayingBrowser();
try {
  const pages = [await plain.newPage(), (await paying.newTab()).page] as const;
  for (const page of pages) await page.goto(server.origin);
  const rows = Object.entries(CALLS).map(([name, { times, call }]) => ({
    name,
    unit: 'µs',
    count: times * rounds,
    take: (page: Page) => batch(page, times, call),
  }));
  const table: Record<string, object> = {};
  for (const { name, unit, count, take } of rows)
    table[name] = row(unit, count, await inTurns(pages, rounds, take));
  const taken = await inTurns(pages, loads, load);
  table[`load of a page with ${PARTS * 3} parts`] = row('ms', loads, taken);
  console.table(table);
} finally {
  await Promise.all([plain.close(), paying.close()]);
  await server.stop();
}

type Pair<T> = readonly [without: T, within: T];

/** What `take` measures in each of the two, in turns, after some that do not count. */
async function inTurns(
  pages: Pair<Page>,
  count: number,
  take: (page: Page) => Promise<number>,
): Promise<Pair<number[]>> {
  const taken: Pair<number[]> = [[], []];
  for (let at = -WARM; at < count; at += 1)
    for (const which of at % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      await pages[which].bringToFront();
      const figure = await take(pages[which]);
      if (at >= 0) taken[which].push(figure);
    }
  return taken;
}

/** Microseconds of one of `times` calls, one after the other. */
function batch(page: Page, times: number, call: string): Promise<number> {
  return page.evaluate<number>(`(async () => {
    const started = performance.now();
    for (let at = 0; at < ${times}; at += 1) { ${call} }
    return ((performance.now() - started) * 1000) / ${times};
  })()`);
}

/** Milliseconds from the start of the navigation until everything is there. */
async function load(page: Page): Promise<number> {
  await page.goto(`${server.origin}/parts`);
  return page.evaluate<number>('window.ready');
}

function row(unit: string, count: number, [without, within]: Pair<number[]>) {
  const [one, other] = [median(without), median(within)];
  return {
    count,
    without: `${one.toFixed(1)} ${unit}`,
    with: `${other.toFixed(1)} ${unit}`,
    difference: `${(other - one).toFixed(1)} ${unit}`,
    ratio: (other / one).toFixed(2),
  };
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
