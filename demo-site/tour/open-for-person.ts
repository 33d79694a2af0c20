import { formatUsd } from 'tuppence/core';
import { onStage, THRESHOLD } from './stage.ts';
import { stops } from './stops.ts';
import type { Terminal } from './terminal.ts';

/** Of a key that holds test money for as long as the browser is open. */
const PASSPHRASE = 'common measure';

/**
 * Opens the magazine's front page in a browser that pays, and leaves it to the person there.
 *
 * @returns 0 once the browser is closed or the signal is aborted: both are how one leaves
 */
export async function openForPerson(terminal: Terminal, signal: AbortSignal): Promise<number> {
  terminal.title('Common Measure, a magazine on this machine, and a browser that can pay for it');
  terminal.line();
  const browser = { unattended: false, passphrase: PASSPHRASE, headless: false };
  try {
    await onStage(terminal, signal, browser, async ({ session, publication }) => {
      const { context, newTab } = session.browser;
      // The welcome page has been open since before there was a key.
      for (const page of context.pages()) await page.reload();
      const { page } = await newTab();
      await page.goto(publication.origin);
      invite(terminal, publication.origin);
      await context.waitForEvent('close', { timeout: 0 });
    });
  } catch (error) {
    if (!signal.aborted) throw error;
    terminal.line('\nStopped.');
  }
  return 0;
}

function invite(terminal: Terminal, origin: string): void {
  terminal.title('What to try');
  const [page, archive, element] = stops.map(({ article }) => article);
  if (page === undefined || archive === undefined || element === undefined) return;
  terminal.fact(
    'Open',
    `“${page.title}” or “${archive.title}”: up to ${formatUsd(THRESHOLD)} is paid without asking`,
  );
  terminal.fact('Press', `the button in “${element.title}”: the text comes once it is paid`);
  terminal.fact('Be asked', '“The Bridge That Swayed” costs $2.50: yes or no is up to you');
  terminal.fact('Look', 'at the extension’s icon for receipts and limits');
  terminal.fact('Magazine', origin);
  terminal.fact('Passphrase', `${PASSPHRASE}, should the key be locked`);
  terminal.line();
  terminal.line('  Ctrl-C, or closing the browser, stops everything.');
}
