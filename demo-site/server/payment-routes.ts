import type { RouteConfig } from '@x402/core/server';
import type { Article } from '../pages/article.ts';
import { teaserPage } from '../pages/teaser-page.ts';
import type { World } from '../world/index.ts';

/** v2 terms for the paid addresses of `articles`, paid to the world's payee. The verb keeps other methods out. */
export function paymentRoutes(articles: readonly Article[], world: World): Record<string, RouteConfig> {
  return Object.fromEntries(articles.map((article) => [`GET ${article.paidPath}`, terms(article, world)]));
}

/** v2 terms for addresses that cost a cent each. */
export function centRoutes(paths: readonly string[], { network, payee }: World): Record<string, RouteConfig> {
  const accepts = { scheme: 'exact', network, payTo: payee, price: '$0.01' };
  return Object.fromEntries(paths.map((path) => [`GET ${path}`, { accepts, serviceName: 'Common Measure' }]));
}

function terms(article: Article, { network, payee }: World): RouteConfig {
  return {
    accepts: {
      scheme: 'exact',
      network,
      payTo: payee,
      price: article.price.terms,
    },
    description: article.title,
    mimeType: 'text/html',
    serviceName: 'Common Measure',
    customPaywallHtml: teaserPage(article),
  };
}
