import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatUsd } from 'tuppence/core';
import { readArticle } from './read-article.ts';
import { priceOf, problemsOf, type Reading } from './reading.ts';
import { showReading, usdc } from './show-reading.ts';
import { onStage, type Stage } from './stage.ts';
import { stops } from './stops.ts';
import type { Terminal } from './terminal.ts';

const PICTURES = fileURLToPath(new URL('../../reading-tour/', import.meta.url));

/**
 * Reads three articles, each sold in another way, without anybody at the screen, and shows what it cost.
 *
 * @returns the exit code: 0 when every cent is where it belongs and every text could be read, else 1
 * @throws the signal's reason
 */
export async function readingTour(terminal: Terminal, signal: AbortSignal): Promise<number> {
  terminal.title('A reading tour: three articles, paid for in USDC on a chain of this machine');
  terminal.line();
  await mkdir(PICTURES, { recursive: true });
  return onStage(terminal, signal, { unattended: true }, async (stage) => {
    const readings: Reading[] = [];
    for (const [index, stop] of stops.entries()) {
      signal.throwIfAborted();
      terminal.title(`${index + 1}. ${stop.article.title}`);
      const picture = join(PICTURES, `${index + 1}-${stop.article.slug}.png`);
      const reading = await terminal.step(stop.way, () => readArticle(stage, stop, picture));
      showReading(terminal, reading, stage);
      readings.push(reading);
    }
    return summary(terminal, readings, stage);
  });
}

function summary(terminal: Terminal, readings: readonly Reading[], { world }: Stage): number {
  terminal.title('Summary');
  const problems = readings.flatMap(problemsOf).length + (world.settlements().length - readings.length);
  const cost = readings.reduce((sum, { stop }) => sum + priceOf(stop), 0n);
  const [first, last] = [readings.at(0), readings.at(-1)];
  if (first === undefined || last === undefined || problems > 0) {
    terminal.fail('Not everything is as it should be: see above.');
    return 1;
  }
  terminal.pass(`${readings.length} articles read for ${formatUsd(cost)}, with one settlement each`);
  terminal.fact('Reader', `${usdc(first.before.reader)} → ${usdc(last.after.reader)}`);
  terminal.fact('Publisher', `${usdc(first.before.publisher)} → ${usdc(last.after.publisher)}`);
  terminal.fact(
    'From 402',
    `${readings.map(({ milliseconds }) => `${Math.round(milliseconds ?? 0)} ms`).join(', ')}`,
  );
  terminal.fact('Pictures', `${relative(process.cwd(), PICTURES) || '.'}/`);
  terminal.line();
  return 0;
}
