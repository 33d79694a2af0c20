import { Hono, type MiddlewareHandler } from 'hono';
import { articles, bridgeReport, pennyPost, tideMachine } from '../pages/articles/index.ts';
import { frontPage } from '../pages/front-page.ts';
import { gatedPage, paidFragment } from '../pages/gated-page.ts';
import { notFoundPage } from '../pages/not-found-page.ts';
import { paidPage } from '../pages/paid-page.ts';
import type { World } from '../world/index.ts';
import { docsApp, soldInDocs } from './docs-app.ts';
import { explorerApp } from './explorer-app.ts';
import { freeCacheControl, paidCacheControl } from './headers.ts';
import { kindsApp } from './kinds-app.ts';
import { paymentMiddleware } from './payment-middleware.ts';
import { centRoutes, paymentRoutes } from './payment-routes.ts';
import { staticFiles } from './static-files.ts';

const paid = [tideMachine, bridgeReport, pennyPost];

/**
 * Everything but the archive: free pages, files, and articles sold by x402 v2.
 *
 * @throws Error when the facilitator cannot be reached or does not support the terms
 */
export async function currentApp(world: World): Promise<Hono> {
  const app = new Hono();
  for (const path of [...paid.map(({ paidPath }) => paidPath), ...soldInDocs]) app.use(path, getOnly);
  const routes = { ...paymentRoutes(paid, world), ...centRoutes(soldInDocs, world) };
  app.use(await paymentMiddleware(world, routes));
  app.get('/', (c) => c.html(frontPage(articles), 200, { 'Cache-Control': freeCacheControl }));
  app.get(pennyPost.path, (c) => c.html(gatedPage(pennyPost), 200, { 'Cache-Control': freeCacheControl }));
  for (const article of [tideMachine, bridgeReport]) {
    app.get(article.paidPath, (c) => c.html(paidPage(article), 200, { 'Cache-Control': paidCacheControl }));
  }
  app.get(pennyPost.paidPath, (c) =>
    c.html(paidFragment(pennyPost), 200, { 'Cache-Control': paidCacheControl }),
  );
  app.route('/docs', docsApp(pennyPost));
  app.route('/', explorerApp(world));
  app.route('/', await kindsApp(world));
  app.route('/', staticFiles());
  app.notFound((c) => c.html(notFoundPage(), 404, { 'Cache-Control': 'no-cache' }));
  app.onError((error, c) => {
    console.error(error);
    return c.text('Something went wrong here. Nothing was charged for this page.', 500);
  });
  return app;
}

/** Hono would answer HEAD by running the GET handler, past a payment rule that says GET. */
const getOnly: MiddlewareHandler = async (c, next) => {
  if (c.req.method === 'GET') return next();
  return c.text('Only GET is sold here.', 405, { Allow: 'GET' });
};
