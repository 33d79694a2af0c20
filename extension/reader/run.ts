import { ALL_NETWORKS, formatDecimal, knownNetwork, sentenceOf } from 'tuppence/core';
import type { PaymentSummary } from '../messaging/own-messages.ts';
import { onSignals } from './on-signals.ts';
import type { ReaderOptions } from './options.ts';
import { EXIT, exitCodeOf } from './outcome.ts';
import type { ReaderKey } from './private-key.ts';
import { type Findings, readPages } from './read-pages.ts';
import { type PageReport, type Report, spentOf } from './report.ts';
import { type Session, startSession } from './session.ts';
import { UsageError } from './usage.ts';
import { InterruptedError, orElse, TimedOutError } from './waiting.ts';

type Say = (sentence: string) => void;

/** Milliseconds for questions at the very end, and for the browser to close. */
const PATIENCE = 10_000;

/**
 * Reads the pages, prints the report on stdout, and closes the browser.
 *
 * @returns the exit code
 * @throws {UsageError} for what only the browser can tell to be wrong; nothing is printed then
 */
export async function run(options: ReaderOptions, key: ReaderKey, say: Say): Promise<number> {
  const controller = new AbortController();
  const release = onSignals((signal) => controller.abort(new InterruptedError(signal)));
  const notes = takeNotes(say);
  let session: Session | null = null;
  try {
    session = await startReader(options, key, say);
    await assertSelector(session, options.waitFor);
    await readInTime(session, options, notes, controller);
  } catch (error) {
    if (error instanceof UsageError) {
      await close(session);
      throw error;
    }
    notes.problem(`${sentenceOf(error).split('\n')[0]?.replace(/\.$/, '')}.`);
  }
  const spent = spentOf([...notes.payments, ...(await newestPayments(session))]);
  await print({ payer: session?.payer ?? null, spent, pages: notes.pages });
  await close(session);
  release();
  return codeOf(controller.signal, notes);
}

/** What was found out, kept where no error can take it away. */
type Notes = Findings & {
  readonly pages: readonly PageReport[];
  readonly payments: readonly PaymentSummary[];
  readonly problems: readonly string[];
};

function takeNotes(say: Say): Notes {
  const pages: PageReport[] = [];
  const payments: PaymentSummary[] = [];
  const problems: string[] = [];
  return {
    pages,
    payments,
    problems,
    page(report, paid) {
      pages.push(report);
      payments.push(...paid);
    },
    problem(sentence) {
      problems.push(sentence);
      say(sentence);
    },
    remark: say,
  };
}

/** @throws {TimedOutError} and what reading throws. */
async function readInTime(
  session: Session,
  options: ReaderOptions,
  notes: Notes,
  controller: AbortController,
): Promise<void> {
  const stop = () => controller.abort(new TimedOutError(options.timeoutSeconds));
  const limit = setTimeout(stop, options.timeoutSeconds * 1000);
  try {
    await readPages(session, options, notes, controller.signal);
  } finally {
    clearTimeout(limit);
  }
}

async function startReader(options: ReaderOptions, key: ReaderKey, say: Say): Promise<Session> {
  const { policy, rpcs } = options;
  const session = await startSession(
    { privateKey: key.key, policy, rpcs, unattended: true },
    { endOnSignals: false },
  );
  say(
    `${key.isThrowaway ? 'No key was given: paying from a throwaway key' : 'Paying from'} ${session.payer}`,
  );
  for (const { network } of rpcs) say(await balanceLine(session, network));
  return session;
}

/** @throws {UsageError} when the browser can't parse it. */
async function assertSelector({ browser }: Session, selector: string | null): Promise<void> {
  if (selector === null) return;
  const parse = (text: string) => void document.createDocumentFragment().querySelector(text);
  const isValid = await browser.context
    .pages()[0]
    ?.evaluate(parse, selector)
    .then(
      () => true,
      () => false,
    );
  if (isValid !== true) throw new UsageError(`--wait-for takes a CSS selector, not “${selector}”.`);
}

async function balanceLine({ browser }: Session, network: string): Promise<string> {
  const known = knownNetwork(network, ALL_NETWORKS);
  const name = known?.name ?? network;
  const token = known?.assets[0];
  const { balance } = await browser.ask('balance', { network, asset: null });
  if (balance === null || token === undefined) return `${name}: the balance could not be read.`;
  return `${name}: ${formatDecimal(BigInt(balance), token.decimals)} ${token.symbol}`;
}

/** From the ledger itself: it also knows of payments that no page can be blamed for any more. */
async function newestPayments(session: Session | null): Promise<readonly PaymentSummary[]> {
  if (session === null) return [];
  const overview = session.browser.ask('overview', { tabId: null });
  return (await orElse(overview, null, PATIENCE))?.payments ?? [];
}

function print(report: Report): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`, () => resolve());
  });
}

async function close(session: Session | null): Promise<void> {
  if (session !== null) await orElse(session.browser.close(), undefined, PATIENCE);
}

function codeOf({ aborted, reason }: AbortSignal, { pages, problems }: Notes): number {
  if (reason instanceof InterruptedError) return EXIT_BY_SIGNAL[reason.signal] ?? EXIT.unreadable;
  return exitCodeOf(aborted, pages, problems);
}

/** What shells expect of a process that a signal ended. */
const EXIT_BY_SIGNAL: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };
