import { Hono, type MiddlewareHandler } from 'hono';
import { articles, bridgeReport, pennyPost, tideMachine } from '../pages/articles/index.ts';
import { checkerPage, docsIndex, docsPage, lookPage } from '../pages/docs/docs-pages.ts';
import { frontPage } from '../pages/front-page.ts';
import { gatedPage, paidFragment } from '../pages/gated-page.ts';
import { notFoundPage } from '../pages/not-found-page.ts';
import { paidPage } from '../pages/paid-page.ts';
import type { World } from '../world/index.ts';
import { freeCacheControl, paidCacheControl } from './headers.ts';
import { kindsApp } from './kinds-app.ts';
import { paymentMiddleware } from './payment-middleware.ts';
import { paymentRoutes } from './payment-routes.ts';
import { staticFiles } from './static-files.ts';

const paid = [tideMachine, bridgeReport, pennyPost];

/**
 * Everything but the archive: free pages, files, and articles sold by x402 v2.
 *
 * @throws Error when the facilitator cannot be reached or does not support the terms
 */
export async function currentApp(world: World): Promise<Hono> {
  const app = new Hono();
  for (const { paidPath } of paid) app.use(paidPath, getOnly);
  app.use(await paymentMiddleware(world, paymentRoutes(paid, world)));
  app.get('/', (c) => c.html(frontPage(articles), 200, { 'Cache-Control': freeCacheControl }));
  app.get(pennyPost.path, (c) => c.html(gatedPage(pennyPost), 200, { 'Cache-Control': freeCacheControl }));
  for (const article of [tideMachine, bridgeReport]) {
    app.get(article.paidPath, (c) => c.html(paidPage(article), 200, { 'Cache-Control': paidCacheControl }));
  }
  app.get(pennyPost.paidPath, (c) =>
    c.html(paidFragment(pennyPost), 200, { 'Cache-Control': paidCacheControl }),
  );
  app.route('/docs', docs());
  app.route('/', await kindsApp(world));
  app.route('/', staticFiles());
  app.notFound((c) => c.html(notFoundPage(), 404, { 'Cache-Control': 'no-cache' }));
  app.onError((error, c) => {
    console.error(error);
    return c.text('Something went wrong here. Nothing was charged for this page.', 500);
  });
  return app;
}

/** For publishers: one page per feature, each running what it shows. */
function docs(): Hono {
  const app = new Hono();
  const headers = { 'Cache-Control': freeCacheControl };
  app.get('/', (c) => c.html(docsIndex(pennyPost), 200, headers));
  app.get('/look', (c) => c.html(lookPage(pennyPost), 200, headers));
  app.get('/checker', (c) => c.html(checkerPage(pennyPost), 200, headers));
  app.get('/:slug', (c) => {
    const page = docsPage(pennyPost, c.req.param('slug'));
    return page === null ? c.notFound() : c.html(page, 200, headers);
  });
  return app;
}

/** Hono would answer HEAD by running the GET handler, past a payment rule that says GET. */
const getOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET') return next();
  return c.text('Only GET is sold here.', 405, { Allow: 'GET' });
};
