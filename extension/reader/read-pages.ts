import { sentenceOf } from 'tuppence/core';
import type { Activity, PaymentSummary } from '../messaging/own-messages.ts';
import type { ReaderOptions } from './options.ts';
import { complaintsAbout } from './outcome.ts';
import { visibleText } from './page-text.ts';
import { type PageReport, paymentReport } from './report.ts';
import type { Session } from './session.ts';
import { NotLoadedError, openVisit, type Visit } from './visit.ts';
import { orElse } from './waiting.ts';

/** What is found out on the way, so that nothing is lost when the run is cut short. */
export type Findings = {
  readonly page: (report: PageReport, payments: readonly PaymentSummary[]) => void;
  /** A sentence about a page that could not be read. */
  readonly problem: (sentence: string) => void;
  /** A sentence that changes nothing about how the run ends. */
  readonly remark: (sentence: string) => void;
};

/** Milliseconds for the last look at a page that may hang, and for what is known, or under way, of payments. */
const LAST_LOOK = 2_000;
const LAST_RECEIPT = 10_000;

/**
 * Reads one page after the other, each in a tab of its own, and tells `findings` about each.
 *
 * @throws the signal's reason, after `findings` have what is known of the page that was being read
 */
export async function readPages(
  session: Session,
  { urls, waitFor, screenshot }: Pick<ReaderOptions, 'urls' | 'waitFor' | 'screenshot'>,
  findings: Findings,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, url] of urls.entries()) {
    signal.throwIfAborted();
    const visit = await openVisit(session.browser);
    try {
      await read(visit, url, waitFor, findings, signal);
    } finally {
      await report(visit, url, session, findings);
      if (index === urls.length - 1 && screenshot !== null) await photograph(visit, screenshot, findings);
    }
    await visit.tab.page.close();
  }
}

async function read(
  visit: Visit,
  url: string,
  waitFor: string | null,
  findings: Findings,
  signal: AbortSignal,
): Promise<void> {
  try {
    await visit.read(url, waitFor, signal);
  } catch (error) {
    if (error instanceof NotLoadedError) return findings.problem(`${url}: ${error.message}`);
    if (!signal.aborted) throw error;
    findings.remark(`${url} was still waiting for ${visit.awaits() ?? 'its turn'}.`);
    // A receipt that is about to come is worth a moment more.
    await orElse(visit.paymentsEnd(), undefined, LAST_RECEIPT);
    throw error;
  }
}

async function report(visit: Visit, url: string, session: Session, findings: Findings): Promise<void> {
  const items = await orElse(visit.activity(), [], LAST_RECEIPT);
  const page = await lookAt(visit, url, items, session);
  findings.page(
    page,
    items.flatMap(({ payment }) => payment ?? []),
  );
  for (const complaint of complaintsAbout(page)) findings.remark(complaint);
}

/** The page as it stands. What does not answer is left empty; the payments are the extension's to tell. */
async function lookAt(
  visit: Visit,
  url: string,
  items: Activity['items'],
  { policy }: Session,
): Promise<PageReport> {
  const { page } = visit.tab;
  const isDocument = /^https?:/.test(page.url()); // And not the browser's own error page.
  const [title, text] = await Promise.all([
    isDocument ? orElse(page.title(), '', LAST_LOOK) : '',
    isDocument ? orElse(visibleText(page), '', LAST_LOOK) : '',
  ]);
  return {
    url: isDocument ? page.url() : url,
    status: visit.watch.loads().at(-1)?.status ?? null,
    title,
    text,
    payments: items.map((item) => paymentReport(item, policy)),
  };
}

async function photograph({ tab }: Visit, path: string, { problem }: Findings): Promise<void> {
  try {
    await tab.show();
    await tab.page.screenshot({ path, timeout: 10_000, animations: 'disabled' });
  } catch (error) {
    problem(`No screenshot could be saved: ${sentenceOf(error).split('\n')[0]}`);
  }
}
