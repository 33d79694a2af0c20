import { browser } from 'wxt/browser';
import { undecidedIntents } from './ledger-queries.ts';
import { resolveUndecided } from './payments.ts';

const ALARM = 'resolve undecided payments';

/** Asks the chain about undecided payments in half a minute, the least an alarm may wait; it survives a restart. */
export async function resolveLater(): Promise<void> {
  await browser.alarms.create(ALARM, { delayInMinutes: 0.5 });
}

/** For every start of the background: goes on where an earlier life stopped, and lets it rest when there is nothing. */
export async function resolveLeftovers(): Promise<void> {
  if ((await undecidedIntents()).length > 0) await resolveLater();
}

/** Asks now, and again later while any stays open. */
export async function resolveNow(): Promise<void> {
  if ((await resolveUndecided()) > 0) await resolveLater();
}
