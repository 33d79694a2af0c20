import { formatUsd, parseDecimal, USD_DECIMALS } from 'tuppence/core';
import { visibleText } from '../../extension/reader/page-text.ts';
import { type PaymentReport, paymentReport } from '../../extension/reader/report.ts';
import { openVisit, type Visit } from '../../extension/reader/visit.ts';
import type { Stage } from './stage.ts';
import type { Terminal } from './terminal.ts';

type Page = Visit['tab']['page'];

/** Milliseconds in which a paywall has to show what was paid for. */
const PATIENCE = 30_000;
/** Characters of the page's text that are shown. */
const BEGINNING = 240;

/**
 * Reads a site without anybody at the screen, presses its paywalls, and tells what happened.
 *
 * @returns the exit code: 0 when something was paid, all of it was settled, and nothing stayed closed
 */
export async function readSite(
  terminal: Terminal,
  { session, world, publication }: Stage,
  site: string,
  signal: AbortSignal,
): Promise<number> {
  const visit = await openVisit(session.browser);
  await terminal.step('Reading it', () => visit.read(site, null, signal));
  const { page } = visit.tab;
  const closed = await terminal.step('Pressing what is for sale', () => pressAll(page));
  await visit.paymentsEnd();
  const payments = (await visit.activity()).map((item) => paymentReport(item, session.policy));
  terminal.title(await page.title());
  for (const payment of payments) showPayment(terminal, payment, publication.origin);
  terminal.fact('Text', `${(await visibleText(page)).replace(/\s+/g, ' ').slice(0, BEGINNING)} …`);
  terminal.fact(
    'Settled',
    `${world.settlements().filter(({ success }) => success).length} by the facilitator here`,
  );
  terminal.line();
  const problems = [...closed, ...problemsOf(payments, closed.length > 0, world)];
  for (const problem of problems) terminal.fail(problem);
  if (problems.length > 0) return 1;
  // What was sent again is in two of them, and was paid once.
  const once = new Map(payments.map((one) => [one.transaction ?? one.url, one]));
  const cost = [...once.values()].reduce((sum, { usd }) => sum + parseDecimal(usd ?? '0', USD_DECIMALS), 0n);
  terminal.pass(`Paid ${formatUsd(cost)}, and what was paid for can be read.`);
  return 0;
}

/** Presses the button of every paywall. @returns a sentence about each that did not open. */
async function pressAll(page: Page): Promise<readonly string[]> {
  const closed: string[] = [];
  for (const paywall of await page.locator('x402-paywall').all()) {
    const outcome = paywall.evaluate(outcomeOf, PATIENCE);
    if ((await paywall.getAttribute('state')) === 'locked') await paywall.getByRole('button').first().click();
    const trouble = await outcome;
    const src = await paywall.getAttribute('src');
    if (trouble !== null) closed.push(`<x402-paywall src="${src ?? ''}">: ${trouble}`);
  }
  return closed;
}

/** Runs in the page: null once all content is there, else what its reader is told, or the state that it stays in. */
function outcomeOf(paywall: Element, patience: number): Promise<string | null> {
  const state = () => paywall.getAttribute('state') ?? 'it is not defined; was its script loaded?';
  const isFinal = (one: string) => ['unlocked', 'refused', 'unsupported', 'error'].includes(one);
  const now = () => (state() === 'unlocked' ? null : state());
  return new Promise((resolve) => {
    const look = () => isFinal(state()) && paywall.ariaBusy !== 'true' && resolve(now());
    new MutationObserver(look).observe(paywall, { attributes: true });
    look();
    paywall.addEventListener('x402-error', (event) => 'message' in event && resolve(String(event.message)));
    setTimeout(() => resolve(now()), patience);
  });
}

function showPayment(terminal: Terminal, payment: PaymentReport, explorer: string): void {
  const { url, usd, network, payTo, state, transaction, decision, note } = payment;
  terminal.fact('402', url);
  if (usd !== null)
    terminal.fact('Price', `${formatUsd(parseDecimal(usd, USD_DECIMALS))} on ${network} to ${payTo}`);
  if (decision !== null) terminal.fact('Decision', decision.sentence);
  terminal.fact('State', note === null ? state : `${state}: ${note}`);
  if (transaction !== null) terminal.fact('Transaction', `${explorer}/tx/${transaction}`);
}

function problemsOf(
  payments: readonly PaymentReport[],
  isExplained: boolean,
  world: Stage['world'],
): readonly string[] {
  if (payments.length === 0 && isExplained) return [];
  if (payments.length === 0)
    return ['No 402 was seen. Open an address that answers 402, or a page with <x402-paywall src="…">.'];
  const open = payments.filter(({ state }) => state !== 'settled');
  if (open.length > 0 && world.settlements().length === 0)
    return [
      `Your server did not ask the facilitator here. Start it with FACILITATOR_URL=${world.facilitatorUrl}`,
    ];
  return open.map(({ url, state, note }) => `${url} is ${state}${note === null ? '' : `: ${note}`}.`);
}
