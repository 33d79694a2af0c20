import type { Browser } from 'wxt/browser';
import { putNewest } from './newest.ts';
import { withoutFragment } from './request-url.ts';

/*
 * A 402 behind a redirect is one of the last address. It is paid where nothing but the address has changed: the method
 * and what was sent stay (307, 308, and 301 of a GET), and so does the site, as with a slash at the end, https for http,
 * or www. (https://github.com/x402-foundation/x402/issues/605). Any other redirect has led elsewhere.
 */

/** Where a request began that was redirected. */
export type Redirect = {
  /** Without a fragment: the address that the document names. */
  readonly from: string;
  /** Some step has led to another site, or did not keep the request as it was. */
  readonly isElsewhere: boolean;
};

const KEEPING = [301, 307, 308];
/** Requests under way that are remembered: of those that end otherwise nothing is told. */
const MOST = 1_000;

const redirects = new Map<string, Redirect>();

/** Notes one step of a request. */
export function noteRedirect({
  requestId,
  url,
  redirectUrl,
  statusCode,
}: Browser.webRequest.OnBeforeRedirectDetails): void {
  const earlier = redirects.get(requestId);
  const stays = KEEPING.includes(statusCode) && isSameSite(url, redirectUrl);
  const from = earlier?.from ?? withoutFragment(url);
  putNewest(redirects, requestId, { from, isElsewhere: earlier?.isElsewhere === true || !stays }, MOST);
}

/** The redirect of a request that has been answered; null when there was none. Told once. */
export function takeRedirect(requestId: string): Redirect | null {
  const redirect = redirects.get(requestId) ?? null;
  redirects.delete(requestId);
  return redirect;
}

/** The same origin; or the same host but for `www.`, on the usual ports, and never from https to http. */
function isSameSite(from: string, to: string): boolean {
  if (!URL.canParse(from) || !URL.canParse(to)) return false;
  const [one, other] = [new URL(from), new URL(to)];
  if (one.origin === other.origin) return true;
  const isDowngrade = one.protocol === 'https:' && other.protocol !== 'https:';
  return one.port + other.port === '' && nameOf(one) === nameOf(other) && !isDowngrade;
}

function nameOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, '');
}
