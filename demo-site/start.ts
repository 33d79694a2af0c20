import { parseArgs } from 'node:util';
import { sentenceOf } from 'tuppence/core';
import { hasDisplay } from './tour/display.ts';
import { openForPerson } from './tour/open-for-person.ts';
import { readingTour } from './tour/reading-tour.ts';
import { stopOnSignals } from './tour/stop-on-signals.ts';
import { createTerminal } from './tour/terminal.ts';
import { FACILITATOR_PORT, visitSite } from './tour/visit-site.ts';

const USAGE = `Usage: npm start [-- options]

Starts a local chain with USDC, a facilitator and a magazine, and a Chromium with the extension to read it with.
Without a display it reads three articles by itself and says what that cost.

  --site URL              opens your site instead of the magazine: waits until it answers, then reads and pays it;
                          start its server with FACILITATOR_URL=http://127.0.0.1:${FACILITATOR_PORT}
  --facilitator-port N    where your server finds the facilitator (default ${FACILITATOR_PORT}); only with --site
  --headless              as without a display
  --help                  this text
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
  try {
    if (options.site !== undefined)
      return await visitSite(terminal, interruption.signal, { ...options.site, isForPerson });
    return await (isForPerson ? openForPerson : readingTour)(terminal, interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) return interruption.exitCode();
    terminal.fail(sentenceOf(error).split('\n')[0] ?? '');
    if (isForPerson) terminal.line('  Without a window to open, add --headless.');
    return 1;
  }
}

function parsed() {
  const options = {
    headless: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
    site: { type: 'string' },
    'facilitator-port': { type: 'string' },
  } as const;
  try {
    const { site, ['facilitator-port']: port, ...rest } = parseArgs({ options, strict: true }).values;
    if (site === undefined && port !== undefined) throw new Error('--facilitator-port goes with --site.');
    return { ...rest, site: site === undefined ? undefined : asSite(site, port) };
  } catch (error) {
    process.stderr.write(`${sentenceOf(error)}\n\n${USAGE}`);
    return null;
  }
}

function asSite(site: string, port = String(FACILITATOR_PORT)) {
  if (!/^https?:\/\//.test(site) || !URL.canParse(site))
    throw new Error(`--site takes an address such as http://localhost:3000, not “${site}”.`);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new Error(`--facilitator-port takes a port, not “${port}”.`);
  return { site: new URL(site).href, facilitatorPort: Number(port) };
}
