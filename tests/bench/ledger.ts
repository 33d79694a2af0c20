import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright';
import { build } from 'vite';
import { listenOnLoopback } from '../../demo-site/world/loopback.ts';
import { findChromium } from '../../extension/reader/chromium.mjs';

/** `npm run bench:ledger -- --many 1000000`: decision and reservation with few and with many payments stored. */
const { values } = parseArgs({
  options: { few: { type: 'string', default: '100' }, many: { type: 'string', default: '1000000' } },
});
const [few, many] = [Number(values.few), Number(values.many)];
const COUNT = 300;

type Figures = { decisions: number[]; pages: number[] };

const profile = await mkdtemp(join(tmpdir(), 'tuppence-bench-'));
const server = await listenOnLoopback((_, response) => response.setHeader('content-type', 'text/html').end());
const executablePath = await findChromium();
const context = await chromium.launchPersistentContext(profile, {
  ...(executablePath === null ? {} : { executablePath }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const page = await context.newPage();
  await page.goto(server.origin);
  await page.evaluate(await bundle());
  const call = <T>(text: string) => page.evaluate<T>(`bench.${text}`);
  await call(`fill(0, ${few})`);
  await call('measure(50)'); // Warm: the first ones open the database and compile the code.
  const withFew = await call<Figures>(`measure(${COUNT})`);
  const started = Date.now();
  for (let at = few; at < many; at += 50_000) {
    await call(`fill(${at}, ${Math.min(many, at + 50_000)})`);
    if (process.stdout.isTTY) process.stdout.write(`\r${at + 50_000} payments stored`);
  }
  console.log(`\n${many} payments stored after ${Math.round((Date.now() - started) / 1000)} s`);
  await call('measure(50)');
  const withMany = await call<Figures>(`measure(${COUNT})`);
  report(withFew, withMany);
} finally {
  await context.close();
  await server.stop();
  await rm(profile, { recursive: true, force: true });
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
