import type { Page, Request } from 'playwright';

/** An answer to a request for the tab's main document; redirects are followed, not listed. */
export type Load = {
  /** Without a fragment. */
  readonly url: string;
  /** HTTP status, or null when no answer came. */
  readonly status: number | null;
};

/** What a tab has done on the network since it was watched. */
export type PageWatch = {
  /** In order. */
  readonly loads: () => readonly Load[];
  /** Milliseconds since anything was under way; 0 while something is. */
  readonly quietFor: () => number;
};

/** Kinds of request that stay open by their nature. */
const ENDLESS = new Set(['eventsource', 'websocket', 'media', 'ping']);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Watches a tab from before its first navigation. */
export function watchPage(page: Page): PageWatch {
  const loads: Load[] = [];
  const answered = new Set<Request>();
  const underWay = new Set<Request>();
  let changedAt = Date.now();
  const end = (request: Request) => {
    if (underWay.delete(request)) changedAt = Date.now();
  };

  page.on('request', (request) => {
    if (!ENDLESS.has(request.resourceType())) underWay.add(request);
  });
  page.on('response', (response) => {
    const request = response.request();
    if (response.status() === 402) end(request); // A page that repeats the request never reads this answer's body.
    if (!isForMainDocument(request, page) || REDIRECTS.has(response.status())) return;
    answered.add(request);
    loads.push({ url: withoutFragment(response.url()), status: response.status() });
  });
  page.on('requestfinished', end);
  page.on('requestfailed', (request) => {
    end(request);
    // An answer without a body fails as well, in favour of the browser's own error page.
    if (isForMainDocument(request, page) && !answered.has(request))
      loads.push({ url: withoutFragment(request.url()), status: null });
  });
  return {
    loads: () => loads,
    quietFor: () => (underWay.size > 0 ? 0 : Date.now() - changedAt),
  };
}

/** An address as the server gets it. */
export function withoutFragment(url: string): string {
  return url.split('#')[0] ?? url;
}

function isForMainDocument(request: Request, page: Page): boolean {
  return request.isNavigationRequest() && request.frame() === page.mainFrame();
}
