import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { build } from 'vite';
import { listenOnLoopback } from '../../demo-site/world/loopback.ts';
import { findChromium } from '../../extension/reader/chromium.mjs';

/** `npm run bench:ledger -- --many 1000000`: decision and reservation with few and with many payments stored. */
const { values } = parseArgs({
  options: { few: { type: 'string', default: '100' }, many: { type: 'string', default: '1000000' } },
});
const [few, many] = [Number(values.few), Number(values.many)];
const STEP = 25_000;
const WARM = 20;
const ROUNDS = 30;
const IN_A_ROW = 10;

type Figures = { decisions: number[]; pages: number[] };

const profile = await mkdtemp(join(tmpdir(), 'tuppence-bench-'));
// Two origins have a database each, so that both are measured in turns: whatever else the machine does hits both.
const listen = () => listenOnLoopback((_, response) => response.setHeader('content-type', 'text/html').end());
const servers = [await listen(), await listen()] as const;
const executablePath = await findChromium();
const context = await chromium.launchPersistentContext(profile, {
  ...(executablePath === null ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const code = await bundle();
  const [small, large] = await Promise.all(servers.map(({ origin }) => openPage(origin, code)));
  if (small === undefined || large === undefined) throw new Error('There are two servers.');
  await fill(small, 0, few);
  const started = Date.now();
  for (let at = 0; at < many; at += STEP) {
    await fill(large, at, Math.min(many, at + STEP));
    if (process.stdout.isTTY) process.stdout.write(`\r${at + STEP} payments stored`);
  }
  console.log(`\n${many} payments stored after ${Math.round((Date.now() - started) / 1000)} s`);
  const results = [nothing(), nothing()] as const;
  // Nobody stores a million payments in minutes: the database gets to tidy up after that before it is measured.
  for (let round = 0; round < WARM; round += 1) {
    await measure(small, nothing());
    await measure(large, nothing());
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await measure(small, results[0]);
    await measure(large, results[1]);
  }
  report(...results);
} finally {
  await context.close();
  await Promise.all(servers.map((server) => server.stop()));
  await rm(profile, { recursive: true, force: true });
}

async function openPage(origin: string, code: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(origin);
  await page.evaluate(code);
  return page;
}

function fill(page: Page, from: number, to: number): Promise<void> {
  return page.evaluate<void>(`bench.fill(${from}, ${to})`);
}

function nothing(): Figures {
  return { decisions: [], pages: [] };
}

async function measure(page: Page, into: Figures): Promise<void> {
  const { decisions, pages } = await page.evaluate<Figures>(`bench.measure(${IN_A_ROW})`);
  into.decisions.push(...decisions);
  into.pages.push(...pages);
}

function report(one: Figures, other: Figures): void {
  const row = (stored: number, { decisions, pages }: Figures) => ({
    'payments stored': stored,
    'decision + reservation, median ms': percentile(decisions, 0.5).toFixed(2),
    '90th': percentile(decisions, 0.9).toFixed(2),
    'history page of 50, median ms': percentile(pages, 0.5).toFixed(2),
  });
  console.table([row(few, one), row(many, other)]);
  const ratio = percentile(other.decisions, 0.5) / percentile(one.decisions, 0.5);
  console.log(`Ratio ${ratio.toFixed(2)}; the promise is under 1.20.`);
  if (ratio >= 1.2) process.exitCode = 1;
}

function percentile(values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN;
}

/** The extension's own ledger, as one script. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('in-browser.ts', import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'tuppenceBench' } },
  });
  const [result] = [built].flat();
  const chunk = result !== undefined && 'output' in result ? result.output[0] : undefined;
  if (chunk === undefined) throw new Error('Nothing was built.');
  return chunk.code;
}
