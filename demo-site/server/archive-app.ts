import express, { type ErrorRequestHandler, type Express } from 'express';
import { paymentMiddleware } from 'x402-express';
import { soldTheTime } from '../pages/articles/index.ts';
import { notFoundPage } from '../pages/not-found-page.ts';
import { paidPage } from '../pages/paid-page.ts';
import { teaserPage } from '../pages/teaser-page.ts';
import type { World } from '../world/index.ts';
import { paidCacheControl } from './headers.ts';

/** The back catalogue, sold by x402 v1: its terms are only in the JSON form of the 402. */
export function archiveApp(world: World): Express {
  const app = express();
  app.disable('x-powered-by');
  // A conditional request would settle and then be answered 304: paid, with nothing to read.
  app.disable('etag');
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use(soldTheTime.path, getOnly);
  app.use(payment(world));
  app.get(soldTheTime.path, (_request, response) => {
    response.set('Cache-Control', paidCacheControl).send(paidPage(soldTheTime));
  });
  app.use((_request, response) => {
    response.status(404).set('Cache-Control', 'no-cache').send(notFoundPage());
  });
  app.use(reportError);
  return app;
}

function payment({ payee, networkV1, facilitatorUrl }: World): express.RequestHandler {
  const { path, price, title } = soldTheTime;
  const config = {
    description: title,
    mimeType: 'text/html',
    customPaywallHtml: teaserPage(soldTheTime),
  };
  const routes = {
    [`GET ${path}`]: { price: price.terms, network: networkV1, config },
  };
  const sell = paymentMiddleware(payee, routes, {
    url: facilitatorUrl as `http://${string}`,
  });
  return (request, response, next) => {
    // The middleware forgets to keep its 402 out of caches; the paid answer sets its own rule.
    response.set('Cache-Control', 'no-store');
    return sell(request, response, next);
  };
}

/** The payment rule is for GET; Express would answer HEAD with the same handler, past the rule. */
const getOnly: express.RequestHandler = (request, response, next) => {
  if (request.method === 'GET') return next();
  response.status(405).set('Allow', 'GET').type('text').send('Only GET is sold here.');
};

/** Express knows an error handler by its four parameters. */
const reportError: ErrorRequestHandler = (error, _request, response, next) => {
  console.error(error);
  if (response.headersSent) return next(error);
  response.status(500).type('text').send('Something went wrong here. Nothing was charged for this page.');
};
