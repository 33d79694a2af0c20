import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchPayingBrowser } from '../../extension/reader/launch.ts';
import { launchPlainBrowser } from '../support/plain-browser.ts';
import { type CheckServer, startCheckServer } from '../support/web-platform/server.ts';

type Run = { readonly results: Readonly<Record<string, unknown>>; readonly requests: readonly string[] };

/**
 * What differs, and may: a page that looks at `upload` and does not listen there has its request to another origin
 * preceded by a preflight, as if it listened; a page that aborts in its `load` handler for an unpaid 402 is not told `loadend` after that.
 * A page is told of the beginning of a 402 at its end, and not at all when it aborts it before, so of those the ends are compared.
 * No check looks at `isTrusted`, which is false for the events of an unpaid 402 that were kept until it was known.
 */
const KNOWN = ['xhr: CORS: touching upload causes none', 'xhr: 402, abort at load 4'];

let server: CheckServer;
let without: Run;
let within: Run;

beforeAll(async () => {
  server = await startCheckServer();
  const plain = await launchPlainBrowser();
  without = await run(await plain.newPage()).finally(() => plain.close());
  const paying = await launchPayingBrowser();
  within = await run((await paying.newTab()).page).finally(() => paying.close());
}, 600_000);
afterAll(() => server?.stop());

/** Everything that the page saw, and everything that the server saw of the page. */
async function run(page: Page): Promise<Run> {
  await page.goto(server.pageUrl);
  await page.waitForFunction(() => 'runChecks' in window);
  server.taken();
  const results: Run['results'] = await page.evaluate('runChecks()');
  return { results, requests: server.taken() };
}

test('every check sees the same with the extension as without it', () => {
  const differing = Object.keys(without.results).filter(
    (name) => JSON.stringify(without.results[name]) !== JSON.stringify(within.results[name]),
  );
  for (const name of differing)
    if (!KNOWN.includes(name)) expect.soft(within.results[name], name).toEqual(without.results[name]);
  expect(differing).toEqual(KNOWN);
  expect(Object.keys(without.results).length).toBeGreaterThan(100);
});

test('no check has failed, and none went on for ever', () => {
  const unsettled = Object.entries(without.results).filter(([, result]) =>
    /"failed":|^"no end"$/.test(JSON.stringify(result ?? null)),
  );
  expect(unsettled).toEqual([]);
});

test('the server is asked the same, in the same words', () => {
  const [theirs, ours] = [ofThePage(without), ofThePage(within)];
  const missing = theirs.filter(
    (request, at) => count(ours, request) < count(theirs.slice(0, at + 1), request),
  );
  const added = ours.filter((request, at) => count(theirs, request) < count(ours.slice(0, at + 1), request));
  expect({ missing, added }).toEqual({ missing: [], added: [] });
});

/**
 * All but the extension's own question for the terms of a plain 402, which names no page, and what the page gives up
 * while it is on its way, and the preflight that is known.
 */
function ofThePage({ requests }: Run): readonly string[] {
  return requests
    .filter((request) => !request.includes('"sec-fetch-site":"none"') && !/"\/never"|touched/.test(request))
    .sort();
}

function count(all: readonly string[], one: string): number {
  return all.filter((each) => each === one).length;
}
