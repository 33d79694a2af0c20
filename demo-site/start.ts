import { parseArgs } from 'node:util';
import { sentenceOf } from 'tuppence/core';
import { hasDisplay } from './tour/display.ts';
import { openForPerson } from './tour/open-for-person.ts';
import { readingTour } from './tour/reading-tour.ts';
import { stopOnSignals } from './tour/stop-on-signals.ts';
import { createTerminal } from './tour/terminal.ts';

const USAGE = `Usage: npm start [-- --headless]

Starts a local chain with USDC, a facilitator and a magazine, and a Chromium with the extension to read it with.
Without a display, or with --headless, it reads three articles by itself and says what that cost.
`;

process.exitCode = await main();
// Only when something keeps the process alive that should have ended, such as a browser that will not close.
setTimeout(() => process.exit(), 3_000).unref();

async function main(): Promise<number> {
  const options = parsed();
  if (options === null) return 2;
  if (options.help === true) {
    console.log(USAGE);
    return 0;
  }
  const interruption = stopOnSignals();
  const terminal = createTerminal(process.stdout);
  const isForPerson = options.headless !== true && hasDisplay();
  const work = isForPerson ? openForPerson : readingTour;
  try {
    return await work(terminal, interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) return interruption.exitCode();
    terminal.fail(sentenceOf(error).split('\n')[0] ?? '');
    if (isForPerson) terminal.line('  Without a window to open: npm start -- --headless');
    return 1;
  }
}

function parsed() {
  const options = { headless: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } as const;
  try {
    return parseArgs({ options, strict: true }).values;
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n\n${USAGE}`);
    return null;
  }
}
