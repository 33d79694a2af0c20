import { setTimeout as sleep } from 'node:timers/promises';
import { unlessAborted } from '../../extension/reader/waiting.ts';
import { startPublication } from '../server/index.ts';
import { startWorld } from '../world/index.ts';
import { withParts } from './parts.ts';
import { readSite } from './read-site.ts';
import { startReader } from './stage.ts';
import type { Terminal } from './terminal.ts';

/** Where the server of a site finds the facilitator, unless told otherwise: `docs/START.md` names it. */
export const FACILITATOR_PORT = 4402;
/** Of a key that holds test money for as long as the browser is open. */
const PASSPHRASE = 'common measure';
/** Milliseconds between two looks at whether the site answers. */
const INTERVAL = 250;

export type SiteVisit = {
  readonly site: string;
  /** 0 for any free one. */
  readonly facilitatorPort: number;
  /** Whether somebody is there to use the browser; else the site is read, and what happened is told. */
  readonly isForPerson: boolean;
};

/**
 * Opens a publisher's own site in a browser that pays, with a chain, a facilitator and test money of this machine.
 *
 * @returns the exit code: 0 when the page was paid and could be read, or was left to a person
 * @throws the signal's reason, and what starting throws
 */
export async function visitSite(
  terminal: Terminal,
  signal: AbortSignal,
  { site, facilitatorPort, isForPerson }: SiteVisit,
): Promise<number> {
  terminal.title(`${site}, in a browser that can pay for it`);
  terminal.line();
  return withParts(terminal, signal, async (start) => {
    const world = await start('A local chain with USDC, and a facilitator', () =>
      startWorld({ facilitatorPort }),
    );
    const publication = await start('The docs, with the checker', () => startPublication(world));
    terminal.fact(
      'Facilitator',
      `${world.facilitatorUrl} (your server: FACILITATOR_URL=${world.facilitatorUrl})`,
    );
    terminal.fact('Network', `${world.network}, a local copy of Base Sepolia`);
    terminal.fact('Checker', `${publication.origin}/docs/checker?url=${encodeURIComponent(site)}`);
    await terminal.step(`An answer from ${site}`, () => unlessAborted(answer(site, signal), signal));
    const session = await startReader(start, world, publication, {
      unattended: !isForPerson,
      headless: !isForPerson,
      passphrase: PASSPHRASE,
    });
    const stage = { world, publication, session };
    if (!isForPerson) return await unlessAborted(readSite(terminal, stage, site, signal), signal);
    const { context, newTab } = session.browser;
    const { page } = await newTab();
    await page.goto(site);
    terminal.fact('Passphrase', `${PASSPHRASE}, should the key be locked`);
    terminal.line('\n  Ctrl-C, or closing the browser, stops everything.');
    await unlessAborted(context.waitForEvent('close', { timeout: 0 }), signal).catch(() => undefined);
    return 0;
  });
}

/** Resolves once the site answers anything at all. */
async function answer(site: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await (await fetch(site, { signal, redirect: 'manual' })).body?.cancel();
      return;
    } catch {
      await sleep(INTERVAL, undefined, { signal }).catch(() => undefined);
    }
  }
}
